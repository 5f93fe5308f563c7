import { type Located, type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { filesExist, isProgram, notRunnable } from '../../lib/files/files.ts';
import { DEVICES, SSH_TARGETS } from '../../lib/spine/known-files.ts';

const AUDIT = 'ops/plugins/network/bin/network-shop-audit-status';
const SHOP_SERVERS = 'docs/governance/SHOP_SERVER_SSOT.md';

const IPV4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;

interface Endpoint {
  readonly id: string;
  readonly address: string;
  readonly at: Located;
}

export default defineGate({
  name: 'ssot-ip-parity-lock',
  mirrors: ['d0de6ff448b9e66b5614fca2c81927b7ea0db0ff'],
  why: 'When the SSH address book and the device document disagree about an address in the shop, a check or a login reaches the wrong device. The shop server document has to exist, but its addresses are never compared: the pattern that should find them matches none.',
  fix: 'Find out which address is right, then make ssh.targets.yaml and the `Shop` rows of DEVICE_IDENTITY_SSOT.md agree.',
  reads: [SSH_TARGETS, DEVICES],

  *check({ repo }) {
    if (!isProgram(repo, AUDIT)) return yield notRunnable(repo, AUDIT);
    const [missing] = filesExist(repo, SSH_TARGETS, DEVICES, SHOP_SERVERS);
    if (missing) return yield missing;

    const bindings = repo.yaml(SSH_TARGETS).get('ssh', 'targets').items.flatMap(boundEndpoint);
    yield* sharedAddresses(bindings);

    const bound = new Map(bindings.map((binding) => [binding.id, binding]));
    const devices = new Map(
      repo
        .lines(DEVICES)
        .flatMap(shopDevice)
        .map((device) => [device.id, device]),
    );
    for (const { id, address, at } of devices.values()) {
      const binding = bound.get(id);
      if (!binding) {
        const message = `\`${id}\` (${address}) has no entry with an address in ${SSH_TARGETS}.`;
        yield problem('shop-device-has-ssh-target', `device:${id}`, at, message);
      } else if (binding.address !== address) {
        const message = `\`${id}\` is at ${binding.address} here and at ${address} in ${DEVICES}.`;
        yield problem('addresses-agree', `device:${id}`, binding.at, message);
      }
    }
  },

  examples: {
    pass: [
      { title: 'row and binding agree', ...world('{ id: nvr, host: 10.1.0.2 }', '| Shop | `nvr` | 10.1.0.2 | NVR |') },
      {
        title: 'rows that do not count: lower case, another site, indented, with a note, without a closing bar',
        ...world(
          '',
          '| shop | `a` | 10.1.0.3 | |',
          '| Home | `b` | 10.0.0.1 | |',
          '  | Shop | `c` | 10.1.0.4 | |',
          '| Shop | `d` | 10.1.0.5 (old) | |',
          '| Shop | `e` | 10.1.0.6',
        ),
      },
      {
        title: 'the shop server document may say anything',
        files: { ...world('').files, [SHOP_SERVERS]: '| NVR | `nvr` | 10.1.0.99 |\n' },
        executable: [AUDIT],
      },
      {
        title: 'of two rows for one device the last one counts',
        ...world('{ id: nvr, host: 10.1.0.2 }', '| Shop | nvr | 10.1.0.1 | |', '| Shop | nvr | 10.1.0.2 | |'),
      },
    ],
    fail: [
      { title: 'the audit program cannot be run', files: world('').files, finds: [`program-can-run ${AUDIT}`] },
      {
        title: 'documents missing: the first is named',
        files: { [AUDIT]: '', [SSH_TARGETS]: '' },
        executable: [AUDIT],
        finds: [`file-exists ${DEVICES}`],
      },
      { title: 'an address book that is not YAML', ...world('{ id'), finds: [`unreadable ${SSH_TARGETS}`] },
      {
        title: 'one address twice, even for the same id',
        ...world('{ id: a, host: 10.0.0.1 }, { id: a, host: 10.0.0.1 }'),
        finds: ['address-is-used-once address:10.0.0.1'],
      },
      {
        title: 'another address, and a host name in place of one',
        ...world(
          '{ id: nvr, host: 10.1.0.1 }, { id: ap, host: ap.lan }',
          '| Shop | `nvr` | 10.1.0.2 | |',
          '| Shop | `ap` | 10.1.0.3 | |',
          '| Shop | `ap` | 10.1.0.3 | |',
        ),
        finds: ['addresses-agree device:nvr', 'shop-device-has-ssh-target device:ap'],
      },
    ],
  },
});

function boundEndpoint(target: YamlValue): readonly Endpoint[] {
  const id = target.get('id').raw;
  const host = target.get('host');
  const address = host.or('');
  return id !== 'null' && IPV4.test(address) ? [{ id, address, at: host }] : [];
}

/** A row like `| Shop | id | address |`; what follows its last bar is no cell. */
function shopDevice(line: TextLine): readonly Endpoint[] {
  if (!line.text.startsWith('|')) return [];
  const cells = line.text.trim().split('|').slice(1, -1);
  const [site, name = '', address = ''] = cells.map((cell) => cell.trim());
  const id = name.replace(/^`+|`+$/g, '').trim();
  return site === 'Shop' && id !== '' && IPV4.test(address) ? [{ id, address, at: line }] : [];
}

function* sharedAddresses(bindings: readonly Endpoint[]): Generator<Problem> {
  for (const [address, sharing] of Map.groupBy(bindings, (binding) => binding.address)) {
    if (sharing.length < 2) continue;
    const ids = sharing.map(({ id }) => `\`${id}\``).join(', ');
    const message = `${address} belongs to more than one target: ${ids}.`;
    yield problem('address-is-used-once', `address:${address}`, sharing.at(-1)?.at, message);
  }
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
