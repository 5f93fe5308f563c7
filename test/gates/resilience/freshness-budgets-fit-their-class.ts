import { variation } from '../../../src/gates/lib/resilience/examples.ts';
import gate from '../../../src/gates/resilience/freshness-budgets-fit-their-class.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    variation('rebuildable: a week', { 'important, stale_after_hours: 48': 'rebuildable, stale_after_hours: 168' }),
    variation('the head of the inventory decides', {
      'critical (26h)': 'critical (72h)',
      'stale_after_hours: 26 }\n  - ': 'stale_after_hours: 72 }\n  - ',
    }),
    variation('a head without hours leaves the usual ones', {
      '# Classes: critical (26h), important (48h), rebuildable (168h)': '# critical 3 times a day',
    }),
  ],
  fail: [
    variation(
      'disabled targets, too: they are enabled as they stand',
      {
        'shelf, enabled: true': 'shelf, enabled: false',
        'critical, stale_after_hours: 26': 'critical, stale_after_hours: 192',
      },
      'budget-fits-its-class target:shelf',
    ),
    variation(
      'the budget of the defaults',
      { 'defaults: { stale_after_hours: 26': 'defaults: { stale_after_hours: 30' },
      'budget-fits-its-class target:shelf-away',
    ),
    variation(
      'the head of the inventory is stricter',
      { 'important (48h)': 'important (24h)' },
      'budget-fits-its-class target:names',
    ),
  ],
});
