import gate from '../../src/gates/spine/infra-hygiene/site-parity-maintenance-order.ts';
import { nearMisses } from './near-misses.ts';

const STARTUP = 'ops/bindings/startup.sequencing.yaml';

export default nearMisses(gate, {
  pass: [
    {
      title: 'a quoted version and a fraction are accepted',
      files: { [STARTUP]: 'version: "1.9"\nphases: [{ site: "shop" }, { site: home }]\n' },
    },
  ],
  fail: [
    {
      title: 'a version in words stops the script',
      files: { [STARTUP]: 'version: two\n' },
      finds: ['unreadable version'],
    },
  ],
});
