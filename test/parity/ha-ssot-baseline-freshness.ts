import gate from '../../src/gates/spine/ssot-hygiene/ha-ssot-baseline-freshness.ts';
import { nearMisses, soundFiles } from './near-misses.ts';

const BASELINE = 'ops/bindings/ha.ssot.baseline.yaml';

function home(baseline: string): Record<string, string> {
  return { ...soundFiles(gate), [BASELINE]: baseline };
}

export default nearMisses(gate, {
  pass: [
    {
      title: 'a second less than 15 days',
      now: '2026-03-04T23:48:28Z',
      files: home('generated: 2026-02-17T23:48:29Z\nhealth: { entities_unavailable: 8900 }\n'),
    },
    {
      title: 'octal 060 is 48',
      files: home('generated: 2026-02-17T00:00:00Z\nhealth: { entities_unexpected_unavailable: 060 }\n'),
    },
    {
      title: 'a fraction cannot be compared',
      files: home('generated: 2026-02-17T00:00:00Z\nhealth: { entities_unexpected_unavailable: 75.5 }\n'),
    },
  ],
  fail: [
    { title: 'no baseline', files: {}, finds: [`file-is-filled ${BASELINE}`] },
    { title: 'an empty baseline', files: home(''), finds: [`file-is-filled ${BASELINE}`] },
    { title: 'not YAML', files: home('generated: [\n'), finds: [`unreadable ${BASELINE}`] },
    { title: 'a bare date', files: home('generated: 2026-02-17\n'), finds: ['stamp-is-utc generated'] },
    {
      title: 'a count with its unit stops the script',
      files: home('generated: 2026-02-17T00:00:00Z\nhealth: { entities_unexpected_unavailable: 60 entities }\n'),
      finds: ['unreadable health.entities_unexpected_unavailable'],
    },
  ],
});
