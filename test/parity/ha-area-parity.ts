import gate from '../../src/gates/spine/home-automation/ha-area-parity.ts';
import { nearMisses } from './near-misses.ts';

const AREAS = 'ops/bindings/ha.areas.yaml';
const HELPER = 'ops/tools/infisical-agent.sh';

export default nearMisses(gate, {
  pass: [
    { title: 'areas that are not YAML', files: { [AREAS]: 'areas: [' } },
    { title: 'a helper that cannot be run', files: { [AREAS]: '', [HELPER]: '' } },
  ],
  fail: [
    { title: 'another ending', files: { 'ops/bindings/ha.areas.yml': '' }, finds: [`file-exists ${AREAS}`] },
    {
      title: 'the list comes before the helper',
      files: { [HELPER]: '' },
      executable: [HELPER],
      finds: [`file-exists ${AREAS}`],
    },
  ],
});
