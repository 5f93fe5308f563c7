import { problem } from '../../core/finding.ts';
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
  why: 'Fire, water or a thief takes machine and backup together when both are under one roof. What is critical must exist under another one.',
  fix: 'Add a target in backup.inventory.yaml with `enabled: true`, a `host:` at another site and a `glob:` that fits the archives of the VM.',
  needs: ['vms', 'backups', 'hosts'],

  *check(facts) {
    const machines = machinesOf(facts);
    const active = machines.filter(({ isActive }) => isActive);
    const enabled = backupsOf(facts).filter(({ isEnabled }) => isEnabled);
    const { siteOf } = sitesOf(facts, machines);
    const reported = new Set<string>();
    for (const backup of enabled.filter((candidate) => candidate.class === 'critical')) {
      const covered = active.filter((machine) => covers(backup, machine));
      const site = siteOf(backup.host);
      if (covered.length > 0 && site === undefined) {
        const place = facts.value(backup.at, 'backup.host');
        const message = `The critical \`${backup.name}\` lies on \`${backup.host}\`, of which ${facts.path('hosts')} gives no one site.`;
        yield problem('backup-host-has-a-site', backup.subject, place, message);
        continue;
      }
      for (const machine of covered.filter(({ subject }) => !reported.has(subject))) {
        const copies = enabled.filter((copy) => covers(copy, machine)).map(({ host }) => siteOf(host));
        if (copies.some((other) => other !== undefined && other !== site)) continue;
        reported.add(machine.subject);
        const message = `The critical backup of ${machine.label}, \`${backup.name}\`, exists at \`${site}\` only.`;
        yield problem(RULE, machine.subject, backup.at, message);
      }
    }
  },

  examples: {
    pass: [
      variation('a copy at another site', {}),
      variation('a wildcard covers', {
        'glob: "vzdump-qemu-200-*.vma.zst", classification: critical }': 'glob: "vzdump-qemu-*.vma.zst" }',
      }),
      variation('what is merely important may stay', {
        'classification: critical, stale': 'classification: important, stale',
        'critical }': 'important, enabled: false }',
      }),
      variation('a machine at rest is not asked for', {
        'status: active': 'status: stopped',
        'name: shelf-away, enabled: true': 'name: shelf-away',
      }),
      variation('a critical backup of something else than a machine', {
        'classification: important, stale_after_hours: 24': 'classification: critical',
      }),
      variation('two critical copies at one site and a third elsewhere', {
        'name: notes, enabled: true, host: nas, base_path: /volume1/notes, glob: "*.tar.gz"':
          'name: again, enabled: true, host: pve, base_path: /tank/dump, glob: "vzdump-qemu-200-*.vma.zst"',
      }),
    ],
    fail: [
      variation(
        'the copy is disabled',
        { 'shelf-away, enabled: true': 'shelf-away, enabled: false' },
        `${RULE} vm:200`,
      ),
      variation('both at one site are one finding', { 'host: nas': 'host: pve' }, `${RULE} vm:200`),
      variation(
        'the copy is one of another number',
        { 'vzdump, glob: "vzdump-qemu-200': 'vzdump, glob: "vzdump-qemu-201' },
        `${RULE} vm:200`,
      ),
      variation(
        'the only other host has no site',
        { 'kind: storage, site: home': 'kind: storage' },
        `${RULE} vm:200`,
        'backup-host-has-a-site target:shelf-away',
      ),
      variation(
        'two hypervisors give one number each: neither archive is a copy of the other',
        {
          'id: 105': 'id: 200',
          ', vm_type: lxc': '',
          'host: nas': 'host: home-pve',
          '"vzdump-lxc-105-*.tar.zst", classification: important':
            '"vzdump-qemu-200-*.vma.zst", classification: critical',
        },
        `${RULE} vm:200@pve`,
        `${RULE} vm:200@home-pve`,
      ),
    ],
    skip: [without('no naming policy, so no sites', 'hosts')],
  },
});
