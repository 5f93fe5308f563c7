import { expect, test } from 'vitest';
import { answer } from './ask.ts';

const FLEET = `hosts:
  - {id: core, ip: 10.0.0.1, roles: [dns, ntp], port: 53}
  - {id: edge, ip: 10.0.0.2, roles: [], enabled: false}
  - id: lab
    ip: ~
owner: "ops"
empty:
count: 0x10
on: yes
`;

/** An expression, what it prints for the fleet. */
const ANSWERS: readonly (readonly [expression: string, printed: string])[] = [
  ['.owner', 'ops\n'],
  ['.', `${FLEET.replace('owner: "ops"', 'owner: "ops"')}`],
  ['.missing', 'null\n'],
  ['.missing.deeper[3].still', 'null\n'],
  ['.empty', '\n'],
  ['.hosts[2].ip', '~\n'],
  ['.owner.below', ''],
  ['.hosts[-1].id', 'lab\n'],
  ['.hosts[7]', 'null\n'],
  ['.["owner"]', 'ops\n'],
  ['."owner"', 'ops\n'],
  ['.o*', 'ops\nyes\n'],
  ['.hosts[].id', 'core\nedge\nlab\n'],
  ['.hosts.[0].id', 'core\n'],
  ['.missing[]', ''],
  ['.owner[]', ''],
  ['.owner[]?', ''],
  ['.hosts | length', '3\n'],
  ['.owner | length', '3\n'],
  ['.empty | length', '0\n'],
  ['.hosts[1].roles | length', '0\n'],
  ['.hosts[0].roles', '[dns, ntp]\n'],
  ['.hosts[0]', '{id: core, ip: 10.0.0.1, roles: [dns, ntp], port: 53}\n'],
  ['.hosts[2]', 'id: lab\nip: ~\n'],
  // `//` takes its right side for null, false and nothing at all.
  ['.missing // "none"', 'none\n'],
  ['.empty // "none"', 'none\n'],
  ['.hosts[1].enabled // "none"', 'none\n'],
  ['.hosts[1].enabled // true', 'true\n'],
  ['.count // 1', '0x10\n'],
  ['.missing // .absent // "third"', 'third\n'],
  ['.missing[] // "none"', 'none\n'],
  ['.hosts[] | select(.id == "nobody") | .ip // "no such host"', 'no such host\n'],
  ['.hosts[].port // "-"', '53\n-\n-\n'],
  ['.hosts[2].ip // .owner', 'ops\n'],
  // Equality is by text, with wildcards on the right.
  ['.hosts[] | select(.id == "edge") | .ip', '10.0.0.2\n'],
  ['.hosts[] | select(.ip == "10.0.0.?") | .id', 'core\nedge\n'],
  ['.hosts[] | select(.id == "*") | .id', 'core\nedge\nlab\n'],
  ['.hosts[] | select(.id != "core") | .id', 'edge\nlab\n'],
  ['.hosts[] | select(.port == "53") | .id', 'core\n'],
  ['.hosts[] | select(.ip == null) | .id', 'lab\n'],
  ['.hosts[] | select(.port == null) | .id', 'edge\nlab\n'],
  ['.hosts[] | select(.missing.deeper == null) | .id', 'core\nedge\nlab\n'],
  ['.hosts[] | select(.id == "core" and .port == 53) | .id', 'core\n'],
  ['.hosts[] | select(.port == 53 or .enabled == false) | .id', 'core\nedge\n'],
  ['.hosts[] | select((.port // .id) == "lab") | .id', 'lab\n'],
  ['.hosts[] | select(has("enabled")) | .id', 'edge\n'],
  ['.hosts[] | select(has("enabled") | not) | .id', 'core\nlab\n'],
  ['.hosts | has(2), (.hosts | has(3))', 'true\nfalse\n'],
  ['.missing[] | .id == "x"', 'false\n'],
  ['.owner == "ops"', 'true\n'],
  ['.on == true', 'false\n'],
  ['.count == 16', 'false\n'],
  ['.hosts[0].port > 52, .hosts[0].port >= 53, .hosts[0].port < 53', 'true\ntrue\nfalse\n'],
  ['keys', '- hosts\n- owner\n- empty\n- count\n- on\n'],
  ['keys | .[]', 'hosts\nowner\nempty\ncount\non\n'],
  ['.hosts | keys', '- 0\n- 1\n- 2\n'],
  ['.hosts[0] | to_entries[] | .key', 'id\nip\nroles\nport\n'],
  ['.hosts[0] | to_entries[] | select(.value == "core") | .key', 'id\n'],
  ['.hosts[0] | with_entries(select(.key == "i*"))', 'id: core\nip: 10.0.0.1\n'],
  ['[.hosts[] | {"k": .id, "v": .port}] | map(select(.v)) | .[0].k', 'core\n'],
  ['.hosts[0] | .id as $name | .roles[] | $name + "/" + .', 'core/dns\ncore/ntp\n'],
  ['.hosts[] as $h ireduce (0; . + ($h.port // 1))', '55\n'],
  ['[.hosts[].id] | join(",")', 'core,edge,lab\n'],
  ['[.hosts[].id, .owner] | length', '4\n'],
  ['.hosts[] | [.id, .ip, .port // "-"] | @tsv', 'core\t10.0.0.1\t53\nedge\t10.0.0.2\t-\nlab\t~\t-\n'],
  ['[.owner, "a b", "x,y", "q\\"q"] | @csv', 'ops,a b,"x,y","q""q"\n'],
  ['.hosts[0] | @json', '{"id":"core","ip":"10.0.0.1","roles":["dns","ntp"],"port":53}\n'],
  // A sum with a key that is not there gives nothing at all.
  ['.hosts[] | .id + ":" + (.port | tostring)', 'core:53\n'],
  ['"\\(.owner) has \\(.hosts | length)"', 'ops has 3\n'],
  ['.missing[] | "\\(.id)"', '\n'],
  ['.hosts[0].ip | split(".") | .[3]', '1\n'],
  ['.hosts[0].ip | test("^10\\.")', 'true\n'],
  ['.hosts[0].ip | test("(?i)^X")', 'false\n'],
  ['.hosts[0].ip | sub("[.](\\d)$", "-$1")', '10.0.0-1\n'],
  ['.hosts[0].ip | sub("[.]", "-")', '10-0-0-1\n'],
  ['.hosts[0].ip | capture("(?P<net>\\d+)[.]").net', '10\n'],
  ['.owner | upcase', 'OPS\n'],
  ['.hosts[0].port + 1, .hosts[0].port - 3, .hosts[0].port * 2, .hosts[0].port % 10', '54\n50\n106\n3\n'],
  ['.hosts[0].port / 2', '26.5\n'],
  ['999999 * 1.0, 1000000 * 1.5, 0.0001 * 1.0, 0.00001 * 1.0', '999999\n1.5e+06\n0.0001\n1e-05\n'],
  // Operators of equal strength bind to the right.
  ['10 - 3 - 2', '9\n'],
  ['.count + 1', '0x11\n'],
  ['[3, 1, 2] | sort | .[0]', '1\n'],
  ['["b", "a", "b"] | unique | .[]', 'b\na\n'],
  ['[.hosts[] | .id] | sort | reverse | .[0]', 'lab\n'],
  ['.hosts | sort_by(.id) | .[-1].id', 'lab\n'],
  ['.hosts | group_by(.enabled) | length', '2\n'],
  ['.hosts | map(.id)', '- core\n- edge\n- lab\n'],
  ['[[1, [2]], 3] | flatten | length', '3\n'],
  ['[false, true] | any, ([false, true] | all)', 'true\nfalse\n'],
  ['.hosts | tag', '!!seq\n'],
  ['.count | tag', '!!int\n'],
  ['.on | type', '!!str\n'],
  ['.hosts | kind', 'seq\n'],
  ['.. | select(tag == "!!map" and has("enabled")) | .id', 'edge\n'],
  ['.hosts[] | select(.id == "lab") | path', '- hosts\n- 2\n'],
  ['.hosts[] | select(.id == "lab") | path | join(".")', 'hosts.2\n'],
  ['[.. | select(tag == "!!int") | path | join(".")] | .[]', 'hosts.0.port\ncount\n'],
  ['.hosts[0] | .[] | key', 'id\nip\nroles\nport\n'],
  ['.hosts | .[1:] | .[].id', 'edge\nlab\n'],
  ['.hosts[0].roles | contains(["dns"])', 'true\n'],
  ['.owner = "me" | .owner', 'me\n'],
  ['del(.hosts, .empty, .count, .on)', 'owner: "ops"\n'],
  ['.hosts[2].ip |= "10.0.0.3" | .hosts[2]', 'id: lab\nip: 10.0.0.3\n'],
  ['(.hosts[] | select(.id == "lab")).ip = "x" | .hosts[2].ip', 'x\n'],
  ['.hosts[1].roles += ["a"] | .hosts[1].roles', '- a\n'],
  // What a query creates on its way shows where it is looked at afterwards.
  ['(.new.key | select(. != null)), (keys | length)', '6\n'],
  ['.hosts[2].new, .hosts[2]', 'null\nid: lab\nip: ~\nnew: null\n'],
];

test.each(ANSWERS)('%s', async (expression, printed) => {
  expect(await answer(expression, FLEET)).toBe(printed);
});
