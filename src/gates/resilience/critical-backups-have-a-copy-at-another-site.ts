import { backupsOf, covers } from '../lib/resilience/backups.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';
import { sitesOf } from '../lib/resilience/sites.ts';

const RULE = 'critical-backup-has-a-copy-elsewhere';

export default defineResilienceGate({
  name: 'critical-backups-have-a-copy-at-another-site',
  number: 'R3',
  severity: 'high',
  why: 'Fire, water or theft takes machine and backup together when both are under one roof.',
  fix: 'Add a target in backup.inventory.yaml with `enabled: true`, a `host:` at another site and a `glob:` that fits the archives of the VM.',
  needs: ['vms', 'backups', 'hosts'],

  rules: {
    'backup-host-has-a-site':
      'The critical backup `{backup}` is on `{host}`; {policy} must give that host exactly one site.',
    'critical-backup-has-a-copy-elsewhere':
      'The critical backup of {machine}, `{backup}`, has no copy outside `{site}`.',
  },

  *check(facts, report) {
    const machines = machinesOf(facts);
    const active = machines.filter(({ isActive }) => isActive);
    const enabled = backupsOf(facts).filter(({ isEnabled }) => isEnabled);
    const { siteOf } = sitesOf(facts, machines);
    const reported = new Set<string>();
    for (const backup of enabled.filter((candidate) => candidate.class === 'critical')) {
      const { name, host, subject, at } = backup;
      const covered = active.filter((machine) => covers(backup, machine));
      if (covered.length === 0) continue;
      const site = siteOf(host);
      if (site === undefined) {
        const policy = facts.path('hosts');
        yield report('backup-host-has-a-site', subject, facts.value(at, 'backup.host'), { backup: name, host, policy });
        continue;
      }
      for (const machine of covered.filter((candidate) => !reported.has(candidate.subject))) {
        const copies = enabled.filter((copy) => covers(copy, machine)).map((copy) => siteOf(copy.host));
        if (copies.some((other) => other !== undefined && other !== site)) continue;
        reported.add(machine.subject);
        const values = { machine: machine.label, backup: name, site };
        yield report('critical-backup-has-a-copy-elsewhere', machine.subject, at, values);
      }
    }
  },

  examples: {
    pass: [variation('a copy at another site', {})],
    fail: [
      variation(
        'the copy is disabled',
        { 'shelf-away, enabled: true': 'shelf-away, enabled: false' },
        `${RULE} vm:200`,
      ),
      variation(
        'the only other host has no site',
        { 'kind: storage, site: home': 'kind: storage' },
        `${RULE} vm:200`,
        'backup-host-has-a-site target:shelf-away',
      ),
    ],
    skip: [without('no naming policy, so no sites', 'hosts')],
  },
});
