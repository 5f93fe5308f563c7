import { ageFault, archivesOf, budgetOf, madeAt, percentOfLast } from '../lib/resilience/archives.ts';
import { coveragesOf } from '../lib/resilience/backups.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';
import { postedTable, toldOf } from '../lib/resilience/posted.ts';
import { postedVariation } from '../lib/resilience/posted-examples.ts';

export default defineResilienceGate({
  name: 'backups-are-fresh',
  number: 'R11',
  severity: 'critical',
  why: 'A backup that is configured and did not run is found out on the day it is needed. Only the machine that holds the archives knows whether last night happened.',
  fix: 'Look at the backup job on the named host and at the space it writes to. If the archive is there, check that scripts/facts/backups-*.sh still runs and posts.',
  limits: 'Only archives that a host posts are known; whether they can be restored is not.',
  needs: ['vms', 'backups'],

  rules: {
    'vm-has-an-archive': '{machine} has no archive on `{host}`, where `{backup}` should put one.',
    'newest-archive-is-fresh':
      'The newest archive of {machine} on `{host}` is from {time}; `{backup}` allows {hours} hours.',
    'newest-archive-has-a-past':
      'The newest archive of {machine} on `{host}` is dated {time}, which is yet to come: a clock or a time zone is wrong there.',
    'archive-did-not-shrink':
      'The newest archive of {machine} on `{host}` is {percent} % of the one before it; something may be missing from it.',
  },

  *check(facts, report, context) {
    const posted = yield* postedTable(context, 'backups');
    if (!posted) return;
    const local = coveragesOf(facts, machinesOf(facts)).filter(
      ({ backup, machine }) => machine.hypervisor === backup.host,
    );
    const told = yield* toldOf(local, ({ backup: { name, host } }) => posted.silence(`\`${name}\``, host));
    for (const { backup, machine } of told) {
      const { at, host, name } = backup;
      const hours = budgetOf(backup);
      const archives = archivesOf(machine, backup, posted.rows);
      const [newest] = archives;
      const values = { machine: machine.label, host, backup: name, time: madeAt(newest), hours: hours ?? 0 };
      const fault = newest ? ageFault(newest, hours, context.clock) : 'absent';
      if (fault === 'absent') yield report('vm-has-an-archive', machine.subject, at, values);
      if (fault === 'early') yield report('newest-archive-has-a-past', machine.subject, at, values);
      if (fault === 'late') yield report('newest-archive-is-fresh', machine.subject, at, values);
      const percent = percentOfLast(archives);
      if (percent !== undefined && percent < 50)
        yield report('archive-did-not-shrink', machine.subject, at, { ...values, percent: Math.round(percent) });
    }
  },

  examples: {
    pass: [
      postedVariation('last night ran on both hypervisors', {}),
      postedVariation('half the size is still believed', { newestBytes: 500 }),
      postedVariation('a size that is not known is compared with nothing', { newestBytes: null }),
      postedVariation('an archive that is being written is none yet', { writing: 0 }),
    ],
    fail: [
      postedVariation('no archive at all', { omit: 'pve' }, 'vm-has-an-archive vm:200'),
      postedVariation('all that is there is empty', { newestAge: 27, writing: 0 }, 'newest-archive-is-fresh vm:200'),
      postedVariation('a container of that number elsewhere', { fileOf: 'lxc' }, 'vm-has-an-archive vm:200'),
      postedVariation('the job has not run for two nights', { newestAge: 27 }, 'newest-archive-is-fresh vm:200'),
      postedVariation('an archive of tomorrow', { newestAge: -20 }, 'newest-archive-has-a-past vm:200'),
      postedVariation(
        'the newest is much smaller than the one before',
        { newestBytes: 499 },
        'archive-did-not-shrink vm:200',
      ),
    ],
    blind: [
      postedVariation('facts that tell of no host of the repo', { onlyStrangers: true }),
      postedVariation('facts that are too old', { tableAge: 36 }),
      postedVariation('one host that fell silent', { silent: 'pve' }),
    ],
    skip: [postedVariation('nobody posts facts', { tables: false })],
  },
});
