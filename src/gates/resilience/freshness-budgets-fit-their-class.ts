import { problem } from '../../core/finding.ts';
import { backupsOf } from '../lib/resilience/backups.ts';
import { hoursByClass } from '../lib/resilience/classes.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';

export default defineResilienceGate({
  name: 'freshness-budgets-fit-their-class',
  number: 'R9',
  severity: 'medium',
  why: 'A budget that is too loose lets a broken backup go unnoticed for days, and those are the days that are lost in the restore.',
  fix: 'Lower `stale_after_hours:` of the target in backup.inventory.yaml to what its class allows, or give it the `classification:` that it really has.',
  needs: ['backups'],

  *check(facts) {
    const allowed = hoursByClass(facts);
    for (const { at, name, subject, class: given, budget, isEnabled } of backupsOf(facts)) {
      const limit = allowed.get(given);
      if (limit === undefined) {
        const what = given === '' ? 'no class' : `the class \`${given}\``;
        const message = `\`${name}\` has ${what}, not one of ${[...allowed.keys()].join(', ')}.`;
        yield problem('target-has-a-class', subject, facts.value(at, 'backup.class'), message);
      }
      const own = facts.value(at, 'backup.budget');
      const hours = budget.or('');
      if (!/^\d+(?:\.\d+)?$/.test(hours) || Number(hours) === 0) {
        const what =
          hours === '' ? 'no freshness budget' : `the freshness budget \`${hours}\`, which is no number of hours`;
        yield problem('target-has-a-budget', subject, own, `\`${name}\` has ${what}.`);
      } else if (limit !== undefined && Number(hours) > limit) {
        const note = isEnabled ? '' : ' (it is disabled now)';
        const message = `\`${name}\` may become ${hours} h old, while ${given} allows ${limit} h${note}.`;
        yield problem('budget-fits-its-class', subject, own, message);
      }
    }
  },

  examples: {
    pass: [
      variation('as much as the class allows, and less', {}),
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
        'an hour too much',
        { 'critical, stale_after_hours: 26': 'critical, stale_after_hours: 27' },
        'budget-fits-its-class target:shelf',
      ),
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
      variation(
        'no class, an unknown one',
        { 'classification: critical, stale': 'stale', 'classification: important': 'classification: Important' },
        'target-has-a-class target:shelf',
        'target-has-a-class target:names',
      ),
      variation(
        'no budget, no number, zero',
        {
          'defaults: { stale_after_hours: 26 }': 'defaults: {}',
          'stale_after_hours: 48': 'stale_after_hours: 2d',
          'stale_after_hours: 24': 'stale_after_hours: 0',
        },
        'target-has-a-budget target:shelf-away',
        'target-has-a-budget target:names',
        'target-has-a-budget target:notes',
      ),
    ],
    skip: [without('no inventory', 'backups')],
  },
});
