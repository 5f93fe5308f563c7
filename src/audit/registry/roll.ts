import type { Clock } from '../../core/clock.ts';
import type { Gate } from '../../core/gate.ts';
import type { Repo } from '../../core/repo.ts';
import type { TreeEntry } from '../../core/snapshot.ts';
import type { DefaultRegistry } from './defaults.ts';
import { CouldNotAudit, type RegisteredGate, readGovernance } from './governance.ts';
import { byNaturalOrder, type Lane, lanesTouched, normalizeDomain, resolveLanes } from './lanes.ts';
import { ownLanes, ownLanesTouched, ownTasks } from './own-lanes.ts';
import { NOT_IMPLEMENTED, standing, type Task } from './standing.ts';

/** Which gates an audit judges, in which lanes, and what is known of them before they run. */
export interface Roll {
  readonly lanes: readonly Lane[];
  readonly tasks: readonly Task[];
  /** Names of the gates that are registered and not retired, ours included. */
  readonly registered: readonly string[];
  readonly bypass?: string | undefined;
  /** Lanes that a push touched, where one is known. */
  readonly touched?: readonly string[];
}

export interface RollRequest {
  readonly gates: readonly Gate[];
  /** Lane ids; every lane when absent. */
  readonly lanes?: readonly string[];
  readonly changedPaths?: readonly string[];
}

/** The roll as the audited repo's own governance files call it. Reading may suspend; throws `CouldNotAudit`. */
export function rollOfRepo(
  { gates: all, lanes: wanted, changedPaths }: RollRequest,
  repo: Repo,
  entries: ReadonlyMap<string, TreeEntry>,
  clock: Clock,
): Roll {
  const governance = readGovernance(repo, clock);
  const gates = all.filter(({ own }) => !own?.isGeneral || (wanted?.includes(own.lane) ?? false));
  const roster = { registered: governance.gates, gates: byName(gates), entries };
  const theirs = resolveLanes(governance);
  const lanes = selectLanes([...theirs, ...ownLanes(gates, theirs)], wanted);
  const tasks = idsOf(lanes).map((id) => standing(id, roster, repo));
  const touched = changedPaths && [
    ...lanesTouched(governance, changedPaths),
    ...ownLanesTouched(lanes, gates, changedPaths),
  ];
  const { bypass } = governance;
  return { ...callOut(lanes, tasks, [...governance.gates.values()], gates), bypass, ...(touched ? { touched } : {}) };
}

/** The roll of a repo without governance files: what it declares, and our own gates. The mirrors of another repo's scripts have no business here. */
export function rollOfUngoverned({ gates, lanes: wanted, changedPaths }: RollRequest, repo: Repo): Roll {
  const present = gates.filter(
    ({ own, reads }) => !own?.isOptional || reads.some((path) => repo.glob(path).length > 0),
  );
  const lanes = selectLanes(ownLanes(present, []), wanted);
  const touched = changedPaths && ownLanesTouched(lanes, present, changedPaths);
  return { ...callOut(lanes, [], [], gates), ...(touched ? { touched } : {}) };
}

/** Gates by themselves, named by number or name, whatever the repo's governance files say. Throws `CouldNotAudit` for one that nobody knows. */
export function rollOfGates(wanted: readonly string[], gates: readonly Gate[], registry: DefaultRegistry): Roll {
  const own = ownTasks(gates);
  const implemented = byName(gates);
  const tasks = wanted.map((nameOrNumber) => {
    const isMeant = ({ id, name }: RegisteredGate) => id === nameOrNumber || name === nameOrNumber;
    const ours = own.find(({ entry }) => isMeant(entry));
    if (ours) return ours;
    const entry = registry.gates.find(isMeant);
    if (entry) return taskByDefault(entry.id, registry, implemented);
    throw new CouldNotAudit(`there is no gate \`${nameOrNumber}\`.`, 'Name it by number (D138) or by name.');
  });
  return { lanes: [], tasks, registered: [] };
}

function taskByDefault(id: string, registry: DefaultRegistry, gates: ReadonlyMap<string, Gate>): Task {
  const entry = registry.gates.find((candidate) => candidate.id === id);
  if (!entry) throw new Error(`bindings/default-registry.yaml lists ${id} in a lane and registers it nowhere`);
  const gate = gates.get(entry.name);
  return gate ? { entry, gate } : { entry, gate, settled: NOT_IMPLEMENTED };
}

function callOut(
  lanes: readonly Lane[],
  tasks: readonly Task[],
  entries: readonly RegisteredGate[],
  gates: readonly Gate[],
): Roll {
  const own = ownTasks(gates);
  const ours = lanes.flatMap((lane) => (lane.isOurs ? lane.gates : []));
  const all = [...entries, ...own.map(({ entry }) => entry)];
  return {
    lanes,
    tasks: [...tasks, ...own.filter(({ entry }) => ours.includes(entry.id))],
    registered: all.filter(({ isRetired }) => !isRetired).map(({ name }) => name),
  };
}

/** The ids that the repo's lanes list, each once, in natural order. */
function idsOf(lanes: readonly Lane[]): readonly string[] {
  const ids = lanes.flatMap((lane) => (lane.isOurs ? [] : lane.gates));
  return [...new Set(ids)].sort(byNaturalOrder);
}

/** The wanted lanes, by id or by an alias of their domain. */
function selectLanes(all: readonly Lane[], wanted: readonly string[] | undefined): readonly Lane[] {
  if (!wanted) return all;
  const byId = new Map(all.map((lane) => [lane.id, lane]));
  const lanes = wanted.map((id) => {
    const lane = byId.get(id) ?? byId.get(normalizeDomain(id));
    if (lane) return lane;
    throw new CouldNotAudit(`there is no lane \`${id}\` with gates.`, `The lanes are ${[...byId.keys()].join(', ')}.`);
  });
  return [...new Set(lanes)];
}

function byName(gates: readonly Gate[]): ReadonlyMap<string, Gate> {
  return new Map(gates.map((gate) => [gate.name, gate]));
}
