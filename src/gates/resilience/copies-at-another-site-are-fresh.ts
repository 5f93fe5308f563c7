import { ageFault, archivesOf, budgetOf, madeAt } from '../lib/resilience/archives.ts';
import { coveragesOf, covers } from '../lib/resilience/backups.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { isNamesake, machinesOf } from '../lib/resilience/machines.ts';
import { postedTable, toldOf } from '../lib/resilience/posted.ts';
import { postedVariation } from '../lib/resilience/posted-examples.ts';
import { sitesOf } from '../lib/resilience/sites.ts';

export default defineResilienceGate({
  name: 'copies-at-another-site-are-fresh',
  number: 'R12',
  severity: 'high',
  why: 'A copy at the other site that stopped weeks ago still looks like a copy, until the first site is gone.',
  fix: 'Look at the job that carries archives to the named host, and at the link between the sites.',
  limits: 'Only archives that a host posts are known.',
  needs: ['vms', 'backups', 'hosts'],

  rules: {
    'copy-exists': '{machine} has no archive on `{host}`, where `{backup}` should keep its copy.',
    'copy-has-a-past':
      'The newest copy of {machine} on `{host}` is dated {time}, which is yet to come: a clock or a time zone is wrong there.',
    'copy-is-fresh': 'The newest copy of {machine} on `{host}` is from {time}; `{backup}` allows {hours} hours.',
  },

  *check(facts, report, context) {
    const posted = yield* postedTable(context, 'backups');
    if (!posted) return;
    const machines = machinesOf(facts);
    const { siteOf } = sitesOf(facts, machines);
    const all = coveragesOf(facts, machines);
    const elsewhere = all.filter(({ backup, machine }) => siteOf(machine.hypervisor) !== siteOf(backup.host));
    const told = yield* toldOf(elsewhere, ({ backup, machine }) => {
      const { name, host } = backup;
      const isShared = machines.some((other) => isNamesake(other, machine) && covers(backup, other));
      const namesake = isShared ? `${machine.label}: archives on \`${host}\` may be those of its namesake` : undefined;
      return posted.silence(`\`${name}\``, host) ?? namesake;
    });
    for (const { backup, machine } of told) {
      const { at, host, name } = backup;
      const hours = budgetOf(backup);
      const [newest] = archivesOf(machine, backup, posted.rows);
      const values = { machine: machine.label, host, backup: name, time: madeAt(newest), hours: hours ?? 0 };
      const fault = newest ? ageFault(newest, hours, context.clock) : 'absent';
      if (fault === 'absent') yield report('copy-exists', machine.subject, at, values);
      if (fault === 'early') yield report('copy-has-a-past', machine.subject, at, values);
      if (fault === 'late') yield report('copy-is-fresh', machine.subject, at, values);
    }
  },

  examples: {
    pass: [postedVariation('the copy of last night is there', {})],
    fail: [
      postedVariation('the copy is not there', { omit: 'nas' }, 'copy-exists vm:200'),
      postedVariation('a copy of tomorrow', { copyAge: -20 }, 'copy-has-a-past vm:200'),
      postedVariation('the copy is two nights old', { copyAge: 27 }, 'copy-is-fresh vm:200'),
    ],
    blind: [
      postedVariation('facts that tell of no host of the repo', { onlyStrangers: true }),
      postedVariation('facts that are too old', { tableAge: 36 }),
      postedVariation('the NAS fell silent', { silent: 'nas' }),
      postedVariation('the copy may be that of another machine of the same number', { namesake: true }),
    ],
    skip: [postedVariation('nobody posts facts', { tables: false })],
  },
});
