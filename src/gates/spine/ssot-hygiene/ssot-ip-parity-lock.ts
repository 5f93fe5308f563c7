import type { Located } from '../../../core/finding.ts';
import type { TextLine } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { defineGate } from '../../lib/define.ts';
import { quote } from '../../lib/message.ts';
import { file, lines, program, yamlOrDie } from '../../lib/needs.ts';
import { DEVICES, SSH_TARGETS } from '../../lib/spine/known-files.ts';

const AUDIT = 'ops/plugins/network/bin/network-shop-audit-status';
const SHOP_SERVERS = 'docs/governance/SHOP_SERVER_SSOT.md';
const IPV4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;

interface Endpoint {
  readonly id: string;
  readonly address: string;
  readonly at: Located;
}

function boundEndpoint(target: YamlValue): readonly Endpoint[] {
  const id = target.get('id').raw;
  const host = target.get('host');
  const address = host.or('');
  return id !== 'null' && IPV4.test(address) ? [{ id, address, at: host }] : [];
}

/** A row like `| Shop | id | address |`; what follows its last bar is not a cell. */
function shopDevice(line: TextLine): readonly Endpoint[] {
  if (!line.text.startsWith('|')) return [];
  const cells = line.text.trim().split('|').slice(1, -1);
  const [site, name = '', address = ''] = cells.map((cell) => cell.trim());
  const id = name.replace(/^`+|`+$/g, '').trim();
  return site === 'Shop' && id !== '' && IPV4.test(address) ? [{ id, address, at: line }] : [];
}

/** Of several entries for one id the last one counts. */
function byId(endpoints: readonly Endpoint[]): ReadonlyMap<string, Endpoint> {
  return new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
}

function world(targets: string, ...rows: readonly string[]) {
  const files = {
    [AUDIT]: '',
    [SSH_TARGETS]: `ssh: { targets: [${targets}] }\n`,
    [DEVICES]: rows.join('\n'),
    [SHOP_SERVERS]: '',
  };
  return { files, executable: [AUDIT] };
}

export default defineGate({
  name: 'ssot-ip-parity-lock',
  mirrors: ['d0de6ff448b9e66b5614fca2c81927b7ea0db0ff'],
  why: 'When the SSH targets and the device document disagree about an address in the shop, a check or a login reaches the wrong device.',
  fix: 'Find out which address is right, then make ssh.targets.yaml and the `Shop` rows of DEVICE_IDENTITY_SSOT.md agree.',
  limits:
    'The shop server document has to exist, but its addresses are never compared: the pattern in the script that should find them matches none.',
  needs: {
    audit: program(AUDIT),
    ssh: yamlOrDie(SSH_TARGETS),
    devices: lines(DEVICES),
    shopServers: file(SHOP_SERVERS),
  },

  rules: {
    'address-is-used-once': '{address} is used by more than one SSH target: {ids}.',
    'shop-device-has-ssh-target': '`{id}` ({address}) has no entry with an address in {targets}.',
    'addresses-agree': '`{id}` is at `{bound}` here, but at `{address}` in {document}.',
  },

  *check({ ssh, devices }, report) {
    const bindings = ssh.get('ssh', 'targets').items.flatMap(boundEndpoint);
    for (const [address, sharing] of Map.groupBy(bindings, (binding) => binding.address)) {
      const ids = sharing.map(({ id }) => quote(id)).join(', ');
      if (sharing.length < 2) continue;
      yield report('address-is-used-once', `address:${address}`, sharing.at(-1)?.at, { address, ids });
    }
    const bound = byId(bindings);
    for (const { id, address, at } of byId(devices.flatMap(shopDevice)).values()) {
      const binding = bound.get(id);
      if (!binding) {
        yield report('shop-device-has-ssh-target', `device:${id}`, at, { id, address, targets: SSH_TARGETS });
      } else if (binding.address !== address) {
        const values = { id, bound: binding.address, address, document: DEVICES };
        yield report('addresses-agree', `device:${id}`, binding.at, values);
      }
    }
  },

  examples: {
    pass: [
      { title: 'row and binding agree', ...world('{ id: nvr, host: 10.1.0.2 }', '| Shop | `nvr` | 10.1.0.2 | NVR |') },
    ],
    fail: [
      {
        title: 'one address twice',
        ...world('{ id: a, host: 10.0.0.1 }, { id: b, host: 10.0.0.1 }'),
        finds: ['address-is-used-once address:10.0.0.1'],
      },
      {
        title: 'another address, and a host name in place of one',
        ...world(
          '{ id: nvr, host: 10.1.0.1 }, { id: ap, host: ap.lan }',
          '| Shop | `nvr` | 10.1.0.2 | |\n| Shop | `ap` | 10.1.0.3 | |',
        ),
        finds: ['addresses-agree device:nvr', 'shop-device-has-ssh-target device:ap'],
      },
    ],
  },
});
