import { backupsOf } from '../lib/resilience/backups.ts';
import { hoursByClass } from '../lib/resilience/classes.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';

export default defineResilienceGate({
  name: 'freshness-budgets-fit-their-class',
  number: 'R9',
  severity: 'medium',
  why: 'A freshness budget that is too loose lets a broken backup go unnoticed for days, and the restore then lacks those days.',
  fix: 'Lower `stale_after_hours:` of the target in backup.inventory.yaml to what its class allows, or correct its `classification:`.',
  needs: ['backups'],

  rules: {
    'target-has-a-class:none': '`{target}` has no `{field}`; use one of {classes}.',
    'target-has-a-class': '`{target}` has the `{field}` `{class}`; use one of {classes}.',
    'target-has-a-budget:none': '`{target}` has no `{field}`, and there is no default for it.',
    'target-has-a-budget': '`{target}` has the `{field}` `{hours}`; it must be a number of hours above 0.',
    'budget-fits-its-class':
      'A backup of `{target}` may become {hours} h old, but {class} backups must be no older than {limit} h.',
    'budget-fits-its-class:disabled':
      'Once `{target}` is enabled again, its backup may become {hours} h old, but {class} backups must be no older than {limit} h.',
  },

  *check(facts, report) {
    const allowed = hoursByClass(facts);
    const classes = [...allowed.keys()].join(', ');
    for (const { at, name: target, subject, class: given, budget, isEnabled } of backupsOf(facts)) {
      const limit = allowed.get(given);
      if (limit === undefined) {
        const rule = given === '' ? 'target-has-a-class:none' : 'target-has-a-class';
        const values = { target, field: facts.field('backup.class'), class: given, classes };
        yield report(rule, subject, facts.value(at, 'backup.class'), values);
      }
      const own = facts.value(at, 'backup.budget');
      const hours = budget.or('');
      if (!/^\d+(?:\.\d+)?$/.test(hours) || Number(hours) === 0) {
        const rule = hours === '' ? 'target-has-a-budget:none' : 'target-has-a-budget';
        yield report(rule, subject, own, { target, field: facts.field('backup.budget'), hours });
      } else if (limit !== undefined && Number(hours) > limit) {
        const rule = isEnabled ? 'budget-fits-its-class' : 'budget-fits-its-class:disabled';
        yield report(rule, subject, own, { target, hours, class: given, limit });
      }
    }
  },

  examples: {
    pass: [variation('as much as the class allows, and less', {})],
    fail: [
      variation(
        'an hour too much',
        { 'critical, stale_after_hours: 26': 'critical, stale_after_hours: 27' },
        'budget-fits-its-class target:shelf',
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
