import { quote } from '../lib/message.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';
import { postedTable, text, toldOf } from '../lib/resilience/posted.ts';
import { postedVariation } from '../lib/resilience/posted-examples.ts';

export default defineResilienceGate({
  name: 'what-runs-is-registered',
  number: 'R13',
  severity: 'high',
  why: 'A machine that runs and is not in the registry has no backup, no phase and no owner. One that is registered as active and does not run is an outage, or a lie.',
  fix: 'Register the machine in vm.lifecycle.yaml or switch it off; start the one that should run, or correct its `status:`.',
  limits: 'Only hypervisors that post the facts `guests` are compared.',
  needs: ['vms'],

  rules: {
    'running-guest-is-registered': '{guest} runs on `{host}` and is not in {registry}.',
    'running-guest-is-active': '{guest} runs on `{host}` but is registered as `{status}`.',
    'active-vm-runs': '{machine} is registered as active and does not run on `{host}`.',
  },

  *check(facts, report, context) {
    const posted = yield* postedTable(context, 'guests');
    if (!posted) return;
    const machines = machinesOf(facts);
    // A machine that is gone may have left its number to another: the active one counts.
    const activeLast = machines.toSorted((one, other) => Number(one.isActive) - Number(other.isActive));
    const registered = new Map(activeLast.map((machine) => [placeOf(machine.id, machine.hypervisor), machine]));
    const running = new Set<string>();
    for (const row of posted.newest.filter((each) => text(each, 'status') === 'running')) {
      const [id, host, name] = [text(row, 'vmid'), text(row, 'host'), text(row, 'name')];
      if (!id || !host) {
        yield { blind: 'the facts `guests` tell of a running guest without number or host' };
        continue;
      }
      running.add(placeOf(id, host));
      const guest = `${text(row, 'kind') === 'ct' ? 'LXC' : 'VM'} ${id}${name && ` ${quote(name)}`}`;
      const machine = registered.get(placeOf(id, host));
      if (!machine) {
        const values = { guest, host, registry: facts.path('vms') };
        yield report('running-guest-is-registered', `guest:${id}@${host}`, facts.root('vms'), values);
      } else if (!machine.isActive) {
        const { subject, at, status } = machine;
        yield report('running-guest-is-active', subject, facts.value(at, 'vm.status'), { guest, host, status });
      }
    }
    const active = machines.filter(({ isActive }) => isActive);
    const told = yield* toldOf(active, ({ hypervisor, id, label }) =>
      id === '' ? `${label}: it has no number that tells whether it runs` : posted.silence(label, hypervisor),
    );
    for (const { hypervisor: host, id, label, subject, at } of told)
      if (!running.has(placeOf(id, host))) yield report('active-vm-runs', subject, at, { machine: label, host });
  },

  examples: {
    pass: [
      postedVariation('what is active runs, what is stopped does not', {}),
      postedVariation('what a runner of another name said before no longer counts', { former: 666 }),
    ],
    fail: [
      postedVariation('a guest that nobody registered', { guest: 666 }, 'running-guest-is-registered guest:666@pve'),
      postedVariation('a guest that should be off', { guest: 209 }, 'running-guest-is-active vm:209'),
      postedVariation('an active machine that does not run', { stopped: 200 }, 'active-vm-runs vm:200'),
    ],
    blind: [
      postedVariation('facts that tell of no host of the repo', { onlyStrangers: true }),
      postedVariation('a guest without a number', { guest: null }),
      postedVariation('facts that are too old', { tableAge: 36 }),
      postedVariation('one host that fell silent', { silent: 'pve' }),
    ],
    skip: [postedVariation('nobody posts facts', { tables: false })],
  },
});

function placeOf(id: string, host: string): string {
  return JSON.stringify([id, host]);
}
