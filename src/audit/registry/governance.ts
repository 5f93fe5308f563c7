import type { Clock } from '../../core/clock.ts';
import type { Place } from '../../core/finding.ts';
import { isoInstant } from '../../core/instants.ts';
import type { Repo } from '../../core/repo.ts';
import { Abort, Exhausted, Unavailable } from '../../core/signals.ts';
import { plural } from '../../core/text/plural.ts';
import { joinRaw, type YamlValue } from '../../core/yaml/value.ts';
import { CouldNotAudit } from './could-not-audit.ts';

/** Where an ops repo says which gates it has and which lanes they form. */
export const GOVERNANCE_FILES = {
  topology: 'ops/bindings/gate.execution.topology.yaml',
  registry: 'ops/bindings/gate.registry.yaml',
  domains: 'ops/bindings/gate.domain.profiles.yaml',
  stabilization: 'ops/bindings/stabilization.mode.yaml',
} as const;

/** What the registry says of one gate id. */
export interface RegisteredGate {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly severity: string;
  readonly fixHint: string;
  /** Empty when the registry names none. */
  readonly script: string;
  readonly isRetired: boolean;
  readonly isInline: boolean;
  /** Its script only names it, and leaves the verdict to us. */
  readonly isLeftToUs?: boolean;
  /** Where the registry names its script, or should. */
  readonly place?: Place;
}

/** A row of the topology: where a gate belongs. */
export interface Assignment {
  readonly gate: string;
  readonly primary: string;
  readonly secondary: readonly string[];
}

/** A domain, and the texts that ask for it when they occur in the path of a changed file. */
export interface Domain {
  readonly id: string;
  readonly pathTriggers: readonly string[];
}

/** What the governance files of an ops repo say. */
export interface Governance {
  readonly coreGates: readonly string[];
  readonly assignments: readonly Assignment[];
  readonly domains: readonly Domain[];
  readonly releaseSequence: readonly string[];
  /** Gates by domain, for domains without assignments. */
  readonly profiles: ReadonlyMap<string, readonly string[]>;
  readonly gates: ReadonlyMap<string, RegisteredGate>;
  /** What the repo's own runs would skip now, as a sentence; undefined when nothing. */
  readonly bypass: string | undefined;
  /** Entries that nothing can be made of because they have no usable name, as sentences. */
  readonly unusable: readonly string[];
}

/** Entries beyond these say nothing new. */
const MOST_UNUSABLE = 10;

/** The files without which there are no lanes. */
const NEEDED = [GOVERNANCE_FILES.topology, GOVERNANCE_FILES.registry, GOVERNANCE_FILES.domains];

/** Whether every file is there without which there are no lanes. */
export function hasAllFiles(repo: Repo): boolean {
  return NEEDED.every((path) => repo.isFile(path));
}

/** Whether an ops repo has any of the files that say which gates it has. */
export function isGoverned(repo: Repo): boolean {
  return NEEDED.some((path) => repo.isFile(path) || repo.isDirectory(path));
}

/** Reads the governance files. Throws `CouldNotAudit` when one is missing, malformed or cannot be read. */
export function readGovernance(repo: Repo, clock: Clock): Governance {
  try {
    const missing = NEEDED.find((path) => !repo.isFile(path));
    if (missing) {
      const what = repo.isDirectory(missing) ? 'a folder or a submodule in place of a file' : 'missing';
      const remedy =
        'Add it, or take the other governance files away to audit only the gates of `lanekeeper.yaml` and our own.';
      throw new CouldNotAudit(
        `this governance file is ${what}, so there are no lanes to audit.`,
        remedy,
        repo.at(missing).place,
      );
    }
    repo.prefetch(NEEDED);
    const { topology, registry, domains } = GOVERNANCE_FILES;
    const unusable: string[] = [];
    return {
      ...readTopology(governanceFile(repo, topology, 'gate_assignments'), unusable),
      profiles: readProfiles(governanceFile(repo, domains, 'domains'), unusable),
      gates: readRegistry(governanceFile(repo, registry, 'gates'), unusable),
      bypass: readBypass(repo, clock),
      unusable: inBrief(unusable),
    };
  } catch (error) {
    if (error instanceof Abort) {
      throw new CouldNotAudit(`${error.message}.`, 'Correct the YAML; nothing was audited.', error.place);
    }
    if (error instanceof Exhausted) {
      throw new CouldNotAudit(`${error.message}.`, 'Nothing was audited.', error.place);
    }
    if (error instanceof Unavailable && error.isLasting) {
      const remedy = 'Keep the governance files in this repository, in clear; nothing was audited.';
      throw new CouldNotAudit(`${error.message}.`, remedy);
    }
    throw error;
  }
}

/** A file whose main section is there; an empty one has to be written as such. */
function governanceFile(repo: Repo, path: string, section: string): YamlValue {
  const file = repo.yaml(path);
  const main = file.get(section);
  if (main.kind === 'list' || main.kind === 'map') return file;
  const problem = main.kind === 'scalar' ? 'is a bare text' : 'is missing or empty';
  throw new CouldNotAudit(`\`${section}\` ${problem}.`, 'Restore it from the last good commit.', main.place);
}

function readTopology(
  topology: YamlValue,
  unusable: string[],
): Pick<Governance, 'coreGates' | 'assignments' | 'domains' | 'releaseSequence'> {
  const inLane = 'it puts no gate into a lane';
  return {
    coreGates: names(topology.get('core_mode', 'core_gate_ids'), inLane, unusable),
    assignments: named(topology.get('gate_assignments'), 'gate_id', inLane, unusable).map(readAssignment),
    domains: named(topology.get('domain_metadata'), 'domain_id', 'it makes no lane', unusable).map(readDomain),
    releaseSequence: names(topology.get('release_sequence'), 'it orders no lane', unusable),
  };
}

/** The entries of a list that have a name. The repo's tools pass over the others without a word; we do, and say so. */
function named(list: YamlValue, key: string, effect: string, unusable: string[]): readonly YamlValue[] {
  return list.items.filter((entry) => isUsable(entry.get(key), entry, `has no \`${key}\``, effect, unusable));
}

/** The names in a list. */
function names(list: YamlValue, effect: string, unusable: string[]): readonly string[] {
  return list.items.filter((item) => isUsable(item, item, 'is empty', effect, unusable)).map((item) => item.raw);
}

function inBrief(sentences: readonly string[]): readonly string[] {
  const left = sentences.length - MOST_UNUSABLE;
  const first = sentences.slice(0, MOST_UNUSABLE);
  return left > 0 ? [...first, `${plural(left, 'more entry has', 'more entries have')} no usable name.`] : first;
}

/** Whether a name can be one; what is a list or a map is taken as the repo's tools print it, and said all the same. */
function isUsable(name: YamlValue, entry: YamlValue, lacks: string, effect: string, unusable: string[]): boolean {
  const { kind } = name.target;
  const isMissing = name.or('') === '';
  if (!isMissing && kind !== 'list' && kind !== 'map') return true;
  const { path, line } = entry.place;
  const problem = isMissing ? lacks : `has a ${kind} for a name`;
  unusable.push(`${path}:${line}: this entry ${problem}, so ${effect}.`);
  return !isMissing;
}

function readAssignment(row: YamlValue): Assignment {
  const listed = texts(row.get('secondary_domains')).join(',');
  const [primary = '', secondary = ''] = withoutEmptyColumns([row.get('primary_domain').or(''), listed]);
  return { gate: row.get('gate_id').or(''), primary, secondary: splitOnCommas(secondary) };
}

function readDomain(domain: YamlValue): Domain {
  const columns = ['path_triggers', 'capability_prefixes'].map((key) => texts(domain.get(key)).join(','));
  const [triggers = ''] = withoutEmptyColumns(columns);
  return { id: domain.get('domain_id').or(''), pathTriggers: splitOnCommas(triggers) };
}

/** The repo's tools read rows as columns in which empty ones collapse, so that the next moves into its place (docs/lanes.md). */
function withoutEmptyColumns(columns: readonly string[]): readonly string[] {
  return columns.filter((column) => column !== '');
}

function splitOnCommas(text: string): readonly string[] {
  return text.split(',').filter((part) => part !== '');
}

function readProfiles(file: YamlValue, unusable: string[]): Governance['profiles'] {
  const domains = file.get('domains');
  if (domains.kind === 'list') throw new Abort('`domains` is a list instead of a map', domains);
  return new Map(
    domains.entries.map(([name, profile]) => [
      name,
      names(profile.get('gate_ids'), 'it puts no gate into a lane', unusable),
    ]),
  );
}

/** Non-empty texts of a list. */
function texts(list: YamlValue): readonly string[] {
  return list.items.map((item) => item.or('')).filter((text) => text !== '');
}

function readRegistry(registry: YamlValue, unusable: string[]): ReadonlyMap<string, RegisteredGate> {
  const entries = named(registry.get('gates'), 'id', 'it registers no gate', unusable);
  const byId = Map.groupBy(entries, (entry) => entry.get('id').raw);
  return new Map(
    [...byId].flatMap(([id, [first, ...others]]) => (first ? [[id, registeredGate(id, first, others)]] : [])),
  );
}

/** An id that stands twice has two lines where one is expected: its script is no path any more. */
function registeredGate(id: string, first: YamlValue, others: readonly YamlValue[]): RegisteredGate {
  const rows = [first, ...others];
  const scripts = rows.map((row) => row.get('check_script').or(''));
  const isSaid = (key: string) => joinRaw(rows.map((row) => row.get(key))) === 'true';
  return {
    id,
    name: first.get('name').or(''),
    category: first.get('category').or(''),
    severity: first.get('severity').or(''),
    fixHint: first.get('fix_hint').or(''),
    script: scripts.every((script) => script === '') ? '' : scripts.join('\n'),
    isRetired: isSaid('retired'),
    isInline: isSaid('inline'),
    isLeftToUs: rows.every((row) => row.get('evaluated_by').raw === 'lanekeeper'),
    place: first.get('check_script').place,
  };
}

/** A window in which the repo's own `domain` or `release` runs would return success without running anything (docs/lanes.md). Information only, so a malformed file bypasses nothing. */
function readBypass(repo: Repo, clock: Clock): string | undefined {
  if (!repo.isFile(GOVERNANCE_FILES.stabilization)) return undefined;
  const mode = repo.yamlOrEmpty(GOVERNANCE_FILES.stabilization);
  if (mode.kind !== 'map' || !mode.get('enabled').is('true')) return undefined;
  const start = isoInstant(mode.get('window_start').or(''));
  const end = isoInstant(mode.get('window_end').or(''));
  const isActive =
    start === undefined || end === undefined || (clock.hasReached(start) && !clock.hasReached(end + 1000));
  const listed = texts(mode.get('verify_bypass'));
  const runs = ['domain', 'release'].filter((run) => listed.includes(run));
  if (!isActive || runs.length === 0) return undefined;
  const until = end === undefined ? '' : ` until ${new Date(end).toISOString()}`;
  return `stabilization window: the repo's own ${runs.join(' and ')} runs are bypassed${until}; this audit ran every gate`;
}
