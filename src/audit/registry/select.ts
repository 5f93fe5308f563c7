import type { Place } from '../../core/finding.ts';
import type { Gate, OwnGate } from '../../core/gate.ts';
import type { Repo } from '../../core/repo.ts';
import { NOT_IMPLEMENTED } from '../../core/report.ts';
import type { TreeEntry } from '../../core/snapshot.ts';
import { globTest } from '../../core/text/glob.ts';
import type { Evaluation } from '../evaluate.ts';
import { CouldNotAudit } from './could-not-audit.ts';
import type { DefaultRegistry } from './defaults.ts';
import { GOVERNANCE_FILES, type Governance, type RegisteredGate } from './governance.ts';
import { byNaturalOrder, inNaturalOrder, type Lane, lanesTouched, resolveLanes, wantedLanes } from './lanes.ts';

/** A gate to report on: what the registry says of it, and our implementation where there is one. */
export interface SelectedGate {
  readonly entry: RegisteredGate;
  readonly gate?: Gate | undefined;
  /** The repo's script is none of the versions that our verdict was verified against. */
  readonly scriptChanged?: boolean;
  /** It is of a lane that we bring along. */
  readonly isOurs?: true;
  /** The repo's own script, where it is to be asked: nobody else judges the gate, or the script has changed since our verdict was verified. */
  readonly script?: { readonly path: string; readonly sha: string | null };
  /** What registry and tree decide before it runs. */
  readonly decided?: Decided;
}

export type Decided = Pick<Evaluation, 'verdict' | 'reason' | 'findings' | 'unverified'>;

/** Which gates an audit judges, in which lanes, and what is decided before they run. */
export interface Selection {
  readonly lanes: readonly Lane[];
  readonly gates: readonly SelectedGate[];
  /** Names of the gates that are registered and not retired, ours included. */
  readonly registered: readonly string[];
  readonly bypass?: string | undefined;
  /** Entries of the governance files that nothing can be made of, as sentences. */
  readonly unusable?: readonly string[];
  /** Lanes that a push touched, where one is known. */
  readonly touched?: readonly string[] | undefined;
}

export interface SelectionRequest {
  readonly gates: readonly Gate[];
  /** Lane ids; every lane when absent. */
  readonly lanes?: readonly string[] | undefined;
  readonly changedPaths?: readonly string[] | undefined;
}

type Ours = Gate & { readonly own: OwnGate };

export const UNIMPLEMENTED: Decided = { verdict: 'skip', reason: NOT_IMPLEMENTED, findings: [], unverified: [] };

/** What the audited repo's governance files select, and our own gates. Reading may suspend; throws `CouldNotAudit`. */
export function selectGoverned(
  { gates: all, lanes: wanted, changedPaths }: SelectionRequest,
  governance: Governance,
  repo: Repo,
  entries: ReadonlyMap<string, TreeEntry>,
): Selection {
  const gates = all.filter(({ own }) => !own?.isGeneral || (wanted?.includes(own.lane) ?? false));
  const ours = ownGates(gates);
  const theirs = resolveLanes(governance);
  const lanes = wantedLanes([...theirs, ...ownLanes(ours, theirs)], wanted);
  const roster = rosterOf(governance, gates, { entries, repo });
  const ids = new Set(lanes.flatMap((lane) => (lane.isOurs ? [] : lane.gates)));
  const listed = inNaturalOrder(ids).map((id) => selectListed(id, roster));
  const registered = [...governance.gates.values()].filter(({ isRetired }) => !isRetired).map(({ name }) => name);
  return {
    lanes,
    gates: [...listed, ...ownIn(lanes, ours)],
    registered: [...registered, ...ours.map(({ name }) => name)],
    bypass: governance.bypass,
    unusable: governance.unusable,
    touched: changedPaths && [...lanesTouched(governance, changedPaths), ...ownTouched(lanes, ours, changedPaths)],
  };
}

/** What is audited in a repo without governance files: what it declares, and our own gates. The mirrors of another repo's scripts have no business here. */
export function selectUngoverned({ gates, lanes: wanted, changedPaths }: SelectionRequest, repo: Repo): Selection {
  const ours = ownGates(gates);
  const present = ours.filter(
    ({ own, reads }) => !own.isOptional || reads.some((pattern) => repo.files(pattern).length > 0),
  );
  const lanes = wantedLanes(ownLanes(present, []), wanted);
  return {
    lanes,
    gates: ownIn(lanes, ours),
    registered: ours.map(({ name }) => name),
    touched: changedPaths && ownTouched(lanes, present, changedPaths),
  };
}

/**
 * Gates by themselves, named by number or name, whatever the repo's governance files say; `registered` are those that have a script of the repo's.
 * Throws `CouldNotAudit` for one that nobody knows.
 */
export function selectNamed(
  names: readonly string[],
  gates: readonly Gate[],
  registry: DefaultRegistry,
  registered: readonly SelectedGate[] = [],
): Selection {
  const implemented = byName(gates);
  const scripts = new Map(registered.map(({ gate, entry, script }) => [gate?.name ?? entry.name, script]));
  const mirrored = registry.gates.flatMap((entry): SelectedGate[] => {
    const gate = implemented.get(entry.name);
    const script = scripts.get(entry.name);
    return gate ? [{ entry, gate, ...(script && { script, scriptChanged: true }) }] : [];
  });
  const byScript = registered.filter(({ gate }) => gate === undefined);
  const unknown = registry.gates.map((entry): SelectedGate => ({ entry, decided: UNIMPLEMENTED }));
  const known = [...ownGates(gates).map(selectOwn), ...mirrored, ...byScript, ...unknown];
  const selected = names.map((wanted) => {
    const found = known.find(({ entry: { id, name } }) => id === wanted || name === wanted);
    if (found) return found;
    throw new CouldNotAudit(`there is no gate \`${wanted}\`.`, 'Name it by number (D138) or by name.');
  });
  return { lanes: [], gates: selected, registered: [] };
}

/** The registered gates whose script is to be asked, whatever lanes say. Reading may suspend. */
export function selectScripts(
  gates: readonly Gate[],
  governance: Governance,
  repo: Repo,
  entries: ReadonlyMap<string, TreeEntry>,
): readonly SelectedGate[] {
  const roster = rosterOf(governance, gates, { entries, repo });
  return [...governance.gates.keys()]
    .map((id) => selectListed(id, roster))
    .filter(({ script }) => script !== undefined);
}

/** What there is to choose from when a lane lists an id. */
interface Roster {
  readonly registered: ReadonlyMap<string, RegisteredGate>;
  readonly gates: ReadonlyMap<string, Gate>;
  /** By the script that they mirror. */
  readonly mirrors: ReadonlyMap<string, Gate>;
  /** The audited tree, for the ids of scripts. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly repo: Repo;
}

function rosterOf(
  { gates: registered }: Governance,
  gates: readonly Gate[],
  tree: Pick<Roster, 'entries' | 'repo'>,
): Roster {
  return { registered, gates: byName(gates), mirrors: byMirrored(gates), ...tree };
}

/** What registry and tree say of an id that a lane lists: of the rows of docs/lanes.md, "Outcomes", the first that matches. Reading may suspend. */
function selectListed(id: string, { registered, gates, mirrors, entries, repo }: Roster): SelectedGate {
  const entry = registered.get(id);
  if (!entry) {
    const message = `A lane lists ${id}, but it is not registered.`;
    return { entry: unregistered(id), decided: failed('has-check-script', id, message) };
  }
  if (entry.script === '') {
    const message = `The registry names no check_script for ${id}.`;
    return { entry, gate: gates.get(entry.name), decided: failed('has-check-script', id, message, entry.place) };
  }
  const sha = entries.get(entry.script)?.sha ?? null;
  const gate = implementationOf(entry, sha, { gates, mirrors });
  if (entry.isRetired) return { entry, gate, decided: skipped('retired') };
  if (entry.isInline) {
    return { entry, gate, decided: skipped('inline (part of the release run, not of lanes)') };
  }
  if (!repo.isExecutable(entry.script) || !repo.isFile(entry.script)) {
    const message = `\`${entry.script.replace('\n', ' ')}\` is missing or not executable, so ${id} cannot run.`;
    return { entry, gate, decided: failed('script-is-executable', id, message, entry.place) };
  }
  const script = { path: entry.script, sha };
  if (!gate) return { entry, script, decided: UNIMPLEMENTED };
  const scriptChanged = !entry.isLeftToUs && sha !== null && !gate.mirrors.includes(sha);
  return { entry, gate, scriptChanged, ...(scriptChanged ? { script } : {}) };
}

/** The gate of that name; but where the registry points the name at a script that another gate mirrors, that other gate. */
function implementationOf(
  { name }: RegisteredGate,
  sha: string | null,
  { gates, mirrors }: Pick<Roster, 'gates' | 'mirrors'>,
): Gate | undefined {
  const named = gates.get(name);
  if (sha === null || named?.mirrors.includes(sha)) return named;
  return mirrors.get(sha) ?? named;
}

/** A gate of ours runs as it is: no registry knows it, and no script has to be there. */
function selectOwn(gate: Ours): SelectedGate {
  const { number: id, lane: category, severity } = gate.own;
  const entry = { ...unregistered(id), name: gate.name, category, severity };
  return { entry, gate, isOurs: true };
}

/** The gates that mirror no script of the audited repo, in natural order. */
function ownGates(gates: readonly Gate[]): readonly Ours[] {
  const ours = gates.filter((gate): gate is Ours => gate.own !== undefined);
  return ours.sort((one, other) => byNaturalOrder(one.own.number, other.own.number));
}

/** The lanes that we bring along, each with its gates. One whose name the repo has taken for a lane of its own is told apart. */
function ownLanes(ours: readonly Ours[], theirs: readonly Lane[]): readonly Lane[] {
  const taken = new Set(theirs.map(({ id }) => id));
  const byLane = Map.groupBy(ours, ({ own }) => own.lane);
  return [...byLane].map(([name, members]) => ({
    id: taken.has(name) ? `our-${name}` : name,
    gates: members.map(({ own }) => own.number),
    isOurs: true,
  }));
}

function ownIn(lanes: readonly Lane[], ours: readonly Ours[]): readonly SelectedGate[] {
  const numbers = new Set(lanes.flatMap((lane) => (lane.isOurs ? lane.gates : [])));
  return ours.filter(({ own }) => numbers.has(own.number)).map(selectOwn);
}

/** Ids of our lanes that read one of these paths. */
function ownTouched(lanes: readonly Lane[], ours: readonly Ours[], paths: readonly string[]): readonly string[] {
  const reads = (gate: Ours) => gate.reads.map(globTest).some((glob) => paths.some((path) => glob.test(path)));
  const numbers = new Set(ours.filter(reads).map(({ own }) => own.number));
  return lanes.filter(({ isOurs, gates }) => isOurs && gates.some((id) => numbers.has(id))).map(({ id }) => id);
}

/** Gates by the scripts that they mirror; where two mirror one, the first counts. */
function byMirrored(gates: readonly Gate[]): ReadonlyMap<string, Gate> {
  return new Map(gates.toReversed().flatMap((gate) => gate.mirrors.map((sha) => [sha, gate])));
}

function byName(gates: readonly Gate[]): ReadonlyMap<string, Gate> {
  return new Map(gates.map((gate) => [gate.name, gate]));
}

function unregistered(id: string): RegisteredGate {
  return { id, name: '', category: '', severity: '', fixHint: '', script: '', isRetired: false, isInline: false };
}

function skipped(reason: string): Decided {
  return { verdict: 'skip', reason, findings: [], unverified: [] };
}

function failed(rule: string, id: string, message: string, place?: Place): Decided {
  const { repo, path, line } = place ?? { repo: 'target', path: GOVERNANCE_FILES.registry, line: null };
  const findings = [{ rule, subject: id, repo, path, line, message }];
  return { verdict: 'fail', reason: undefined, findings, unverified: [] };
}
