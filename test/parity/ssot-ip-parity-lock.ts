import { DEVICES, SSH_TARGETS } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/ssot-hygiene/ssot-ip-parity-lock.ts';
import { nearMisses } from './near-misses.ts';

const AUDIT = 'ops/plugins/network/bin/network-shop-audit-status';
const SHOP_SERVERS = 'docs/governance/SHOP_SERVER_SSOT.md';

function world(targets: string, ...rows: readonly string[]) {
  const files = {
    [AUDIT]: '',
    [SSH_TARGETS]: `ssh: { targets: [${targets}] }\n`,
    [DEVICES]: rows.join('\n'),
    [SHOP_SERVERS]: '',
  };
  return { files, executable: [AUDIT] };
}

export default nearMisses(gate, {
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
});
