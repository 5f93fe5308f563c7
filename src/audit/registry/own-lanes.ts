import type { Gate, OwnGate } from '../../core/gate.ts';
import { globTest } from '../../core/text/glob.ts';
import { byNaturalOrder, type Lane } from './lanes.ts';
import type { Task } from './standing.ts';

type Ours = Gate & { readonly own: OwnGate };

/** The gates that mirror no script of the audited repo, in natural order. */
function ownGates(gates: readonly Gate[]): readonly Ours[] {
  const ours = gates.filter((gate): gate is Ours => gate.own !== undefined);
  return ours.sort((one, other) => byNaturalOrder(one.own.number, other.own.number));
}

/** The lanes that we bring along, each with its gates. One whose name the repo has taken for a lane of its own is told apart. */
export function ownLanes(gates: readonly Gate[], theirs: readonly Lane[]): readonly Lane[] {
  const taken = new Set(theirs.map(({ id }) => id));
  const byLane = Map.groupBy(ownGates(gates), ({ own }) => own.lane);
  return [...byLane].map(([name, members]) => ({
    id: taken.has(name) ? `our-${name}` : name,
    gates: members.map(({ own }) => own.number),
    isOurs: true,
  }));
}

/** A gate of ours runs as it is: no registry knows it, and no script has to be there. */
export function ownTasks(gates: readonly Gate[]): readonly Task[] {
  return ownGates(gates).map((gate) => {
    const { number, lane, severity } = gate.own;
    const entry = { id: number, name: gate.name, category: lane, severity, fixHint: '', script: '' };
    return { entry: { ...entry, isRetired: false, isInline: false }, gate, isOurs: true };
  });
}

/** Ids of our lanes that read one of these paths. */
export function ownLanesTouched(
  lanes: readonly Lane[],
  gates: readonly Gate[],
  paths: readonly string[],
): readonly string[] {
  const touched = ownGates(gates).filter(({ reads }) =>
    reads.map(globTest).some((pattern) => paths.some((path) => pattern.test(path))),
  );
  const numbers = touched.map(({ own }) => own.number);
  return lanes.filter(({ isOurs, gates: ids }) => isOurs && ids.some((id) => numbers.includes(id))).map(({ id }) => id);
}
