/** A value that is encrypted stands for one that nobody can read here: a gate that asks for it is blind, in every format and for every kind of gate. */
import { describe, expect, test } from 'vitest';
import { auditDeclared, gateInWords } from './declared-repo.ts';

const SOPS = 'ENC[AES256_GCM,data:abc=,iv:def=,tag:ghi=,type:str]';
const EYAML = 'ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCCAWY==]';
const VAULT = '!vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    6162';

async function judged(gate: object, path: string, text: string, table: object = {}): Promise<string> {
  const { report } = await auditDeclared({
    'lanekeeper.yaml': JSON.stringify({
      data: { host: { files: path, ...table }, known: { files: 'known.csv' } },
      gates: [{ id: 'g', ...gate }],
    }),
    'known.csv': 'name\npve\n',
    [path]: text,
  });
  const [first] = report.gates;
  return first ? gateInWords(first) : 'no gate';
}

describe.each([
  ['YAML by sops', 'h.yaml', `name: ${SOPS}\nport: 22\nsops: { mac: x }\n`, 'sops'],
  ['JSON by sops', 'h.json', JSON.stringify({ name: SOPS, port: 22, sops: { mac: SOPS } }), 'sops'],
  ['an environment by sops', 'h.env', `name=${SOPS}\nport=22\nsops_mac=${SOPS}\n`, 'sops'],
  ['TOML', 'h.toml', `name = "${SOPS}"\nport = 22\n`, 'sops'],
  ['YAML by eyaml', 'h.yaml', `name: ${EYAML}\nport: 22\n`, 'eyaml'],
  ['YAML by ansible-vault', 'h.yaml', `name: ${VAULT}\nport: 22\n`, 'ansible-vault'],
])('a value in %s', (_, path, text, by) => {
  test.each<[string, object]>([
    ['a condition', { each: 'host', must: 'row.name != "bad"' }],
    ['a condition on it in brackets', { each: 'host', must: 'row["name"] != "bad"' }],
    ['a choice of rows', { each: 'host', when: 'row.name == "bad"', must: 'false', min: 0 }],
    ['a whole row', { each: 'host', must: 'row != {"a": 1}' }],
    ['uniqueness', { unique: 'host.name', min: 0 }],
    ['membership', { in: 'host.name', of: 'known.name', min: 0 }],
    ['membership in it', { in: 'known.name', of: 'host.name' }],
    ['addresses', { disjoint: 'host.name', min: 0 }],
    ['a schema', { each: 'host', schema: { properties: { name: { type: 'string' } } } }],
  ])('makes %s blind', async (_what, gate) => {
    const said = await judged(gate, path, text);
    expect(said).toMatch(/^g blind/);
    expect(said).toContain(`encrypted with ${by}`);
  });

  test('makes nothing else blind', async () => {
    expect(await judged({ each: 'host', must: 'int(row.port) == 22' }, path, text)).toBe('g pass');
    expect(await judged({ unique: 'host.port' }, path, text)).toBe('g pass');
  });
});

test('whoever asks whether a value is encrypted is answered', async () => {
  const text = `name: ${SOPS}\nsops: { mac: x }\n`;
  expect(await judged({ each: 'host', must: 'row.name.startsWith("ENC[")' }, 'h.yaml', text)).toBe('g pass');
  expect(await judged({ text: 'h.yaml', require: 'ENC\\[AES256_GCM' }, 'h.yaml', text)).toBe('g pass');
  const schema = { properties: { name: { pattern: '^ENC\\[' } } };
  expect(await judged({ each: 'host', schema }, 'h.yaml', text)).toBe('g pass');
  expect(await judged({ each: 'host', schema }, 'h.yaml', 'name: in clear\n')).toMatch(/^g fail/);
});

test('items of a list are looked at one by one', async () => {
  const text = `hosts: [{ name: a, users: [x, "${SOPS}"] }, { name: b, users: [x] }]\n`;
  const rows = { each: 'hosts[]' };
  const gate = { each: 'host', must: 'row.users.all(user, user != "root")' };
  expect(await judged(gate, 'h.yaml', text, rows)).toMatch(/^g blind \| \(a: it asks for a value that is encrypted/);
  const broken = { each: 'host', must: 'row.users.all(user, user != "x")' };
  expect(await judged(broken, 'h.yaml', text, rows)).toMatch(/^g fail .*must b @/);
});

test('a search in the text says what it did not search', async () => {
  const { report } = await auditDeclared({
    'lanekeeper.yaml': JSON.stringify({ gates: [{ id: 'g', text: 'h.yaml', forbid: 'bad' }] }),
    'h.yaml': `name: ${SOPS}\nsops: { mac: x }\n`,
  });
  expect(report.gates[0]).toMatchObject({
    verdict: 'pass',
    unverified: ['h.yaml holds values that are encrypted with sops: only the rest was searched'],
  });
});

test.each([
  ['sops, as a whole', JSON.stringify({ data: SOPS, sops: { mac: SOPS } }, undefined, '\t')],
  ['strongbox', '# STRONGBOX ENCRYPTED RESOURCE ; See https://github.com/uw-labs/strongbox\nabc\n'],
])('a file that is encrypted by %s cannot be read', async (_, text) => {
  for (const gate of [
    { text: 'h.json', forbid: 'bad' },
    { each: 'host', must: 'true' },
  ])
    expect(await judged(gate, 'h.json', text)).toMatch(/^g blind \| \(h\.json could not be read: it is encrypted with/);
});
