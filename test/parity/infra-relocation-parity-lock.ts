import { OPS_ROOT } from '../../src/gates/lib/spine/host-paths.ts';
import { RELOCATION_PLAN as PLAN, SERVICE_REGISTRY, SSH_TARGETS } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/infra-relocation-parity-lock.ts';
import { nearMisses, variationsOn } from './near-misses.ts';

const vary = variationsOn(gate);

export default nearMisses(gate, {
  pass: [
    { title: 'no plan', files: {} },
    vary('idle', { '{ state: cutover }': 'null', 'to_host: media': 'to_host: nowhere' }),
    vary('a list has no state', { '{ state: cutover }': '[cutover]', 'to_host: media': 'to_host: nowhere' }),
    vary('still planned', { 'media, status: applied': 'nowhere, status: planned' }),
    vary('an unknown state looks for the files only', { cutover: 'Cutover', 'to_host: media': 'to_host: nowhere' }),
    vary('the full path of a file', { [`[${SSH_TARGETS}]`]: `[${OPS_ROOT}/${SSH_TARGETS}]` }),
  ],
  fail: [
    { title: 'not YAML', files: { [PLAN]: 'services: [' }, finds: [`file-is-yaml ${PLAN}`] },
    {
      title: 'a missing registry hides a missing file',
      files: { [PLAN]: 'active_relocation: { state: preflight }\nrequired_updates: [a.md]\n' },
      finds: [`file-exists ${SERVICE_REGISTRY}`],
    },
    vary(
      'a folder is no file',
      { [`[${SSH_TARGETS}]`]: '[ops/bindings, ~]' },
      'required-update-exists ops/bindings',
      'required-update-exists ~',
    ),
    vary('an entry without its name', { 'service: sonarr, ': '' }, 'service-has-target service:null'),
    vary('services as a list', { '{ sonarr: { host: media } }': '[sonarr]' }, 'service-is-registered service:sonarr'),
    vary('another host', { '{ host: media }': '{ host: old }' }, 'registry-names-target service:sonarr'),
    vary('not addressable', { 'id: media': 'id: Media' }, 'target-is-addressable service:sonarr'),
    vary(
      'listed twice, even if planned, nothing matches',
      {
        '  - { service: sonarr, to_host: media, status: applied }':
          '  - { service: sonarr, to_host: media, status: planned }\n  - { service: sonarr, to_host: media, status: planned }',
      },
      'registry-names-target service:sonarr',
      'target-is-addressable service:sonarr',
      'registry-names-target service:sonarr',
      'target-is-addressable service:sonarr',
    ),
  ],
});
