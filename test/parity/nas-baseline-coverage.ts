import { BACKUPS } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/nas-baseline-coverage.ts';
import { nearMisses, variationsOn } from './near-misses.ts';

const DEVICES = 'ops/bindings/home.device.registry.yaml';
const vary = variationsOn(gate);

export default nearMisses(gate, {
  pass: [
    vary('a comment is enough', { '  - { name: vm-offsite, host: nas, enabled: false }': '# offsite: dynasty' }),
    vary('an inventory that is no YAML is still searched', { 'targets:': 'targets: [' }),
    vary('every id says offsite', { 'name: vm-offsite, host: nas': 'id: vm-offsite' }),
    vary('any list is a role', { 'role: storage': 'role: []' }),
    vary('a second entry without address hides behind the first', { 'id: tv': 'id: nas' }),
    {
      title: 'devices by name',
      files: { [DEVICES]: 'devices: { a: { id: nas, ip: x, role: y } }', [BACKUPS]: '# nas offsite' },
    },
  ],
  fail: [
    vary('devices that are no YAML', { 'devices:': 'devices: [' }, 'nas-is-registered device:nas'),
    vary('paths alone', { 'name: vm-offsite, host: nas': 'path: /volume2/offsite' }, `backups-reach-nas ${BACKUPS}`),
  ],
});
