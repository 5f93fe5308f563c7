import { SERVICE_REGISTRY as REGISTRY, SSH_TARGETS as SSH } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/ssot-hygiene/cross-registry-completeness-lock.ts';
import { nearMisses, variationsOn } from './near-misses.ts';

const NAMING = 'ops/bindings/naming.policy.yaml';
const vary = variationsOn(gate);
const MEDIA = '  - { canonical_name: media, site: shop, surfaces: { ssh_target: true } }\n';

export default nearMisses(gate, {
  pass: [
    vary('a name with many open ends', { 'name: media': 'name: ".*.*.*.*.*a"' }),
    vary('unknown to the naming policy', { 'id: nas': 'id: mint' }),
    vary('a site in capitals is another site', { 'media, site: shop': 'media, site: Shop', '  media:\n': '  x:\n' }),
    vary('listed twice in the naming policy, so not looked up', { [MEDIA]: MEDIA + MEDIA, '  media:\n': '  x:\n' }),
    vary('decommissioned', { 'media, site: shop': 'media, status: decommissioned', 'id: media': 'id: x' }),
    vary('a name is a pattern', { 'id: media': 'id: m.dia', 'name: media': 'name: m.dia' }),
  ],
  fail: [
    {
      title: 'files in the order of the script',
      files: { [SSH]: '', [NAMING]: '' },
      finds: [`file-exists ${REGISTRY}`],
    },
    vary(
      'reachable from the LAN only',
      { 'id: media': '{ id: media, access_method: lan_only }', '  media:\n': '  x:\n' },
      'named-host-has-target host:media',
    ),
    vary(
      'one finding for each listing',
      { [MEDIA]: MEDIA + MEDIA, 'id: media': 'id: x' },
      'named-host-has-target host:media',
      'named-host-has-target host:media',
    ),
    vary('an empty registry', { '\n  media:\n': ' {}\n' }, 'target-is-registered host:media'),
    vary('a registry without hosts stops the script', { '\n  media:\n': '\n' }, 'unreadable hosts'),
    vary('a file that is no YAML stops it too', { '\n  media:\n': ' [\n' }, `unreadable ${REGISTRY}`),
  ],
});
