import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';
import { phasesOf, startedBy } from '../lib/resilience/phases.ts';

export default defineResilienceGate({
  name: 'every-active-vm-starts-in-a-phase',
  number: 'R5',
  severity: 'high',
  why: 'After a power cut, a machine that no phase starts stays off until somebody misses it, and one that two phases start may come up before what it depends on.',
  fix: 'Name the VM under one phase of startup.sequencing.yaml: its host name as `target:`, or its number in the `vm_ids:` of its hypervisor.',
  needs: ['vms', 'startup'],

  rules: {
    'active-vm-is-started': '{machine} is active, but no phase starts it.',
    'active-vm-is-started-once': '{machine} is started more than once: in {phases}.',
  },

  *check(facts, report) {
    const machines = machinesOf(facts);
    const phases = phasesOf(facts);
    for (const machine of machines.filter(({ isActive }) => isActive)) {
      const starting = phases.flatMap((phase) => {
        const start = phase.starts.find((candidate) => startedBy(candidate, machines).includes(machine));
        return start ? [{ phase, start }] : [];
      });
      const { at, label, subject } = machine;
      const [, second] = starting;
      if (starting.length === 0) yield report('active-vm-is-started', subject, at, { machine: label });
      if (!second) continue;
      const names = starting.map(({ phase }) => phase.name).join(' and ');
      yield report('active-vm-is-started-once', subject, second.start.at, { machine: label, phases: names });
    }
  },

  examples: {
    pass: [variation('one by name, one by number', {})],
    fail: [
      variation('left out', { '{ target: shelf }': '{ target: nas }' }, 'active-vm-is-started vm:200'),
      variation(
        'in two phases',
        {
          'vm_ids: [105] }': 'vm_ids: [105] }, { target: names }',
          '{ target: shelf }': '{ target: shelf }, { target: names }',
        },
        'active-vm-is-started-once vm:105',
      ),
    ],
    skip: [without('no startup sequence', 'startup')],
  },
});
