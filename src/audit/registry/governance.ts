import type { Clock } from '../../core/clock.ts';
import type { Place } from '../../core/finding.ts';
import { isoInstant } from '../../core/instants.ts';
import type { Repo } from '../../core/repo.ts';
import { Abort, Exhausted, Unavailable } from '../../core/signals.ts';
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
}

/** The files without which there are no lanes. */
const NEEDED = [GOVERNANCE_FILES.topology, GOVERNANCE_FILES.registry, GOVERNANCE_FILES.domains];

/** Whether an ops repo has any of the files that say which gates it has. */
export function isGoverned(repo: Repo): boolean {
  return NEEDED.some((path) => repo.isFile(path) || repo.isDirectory(path));
}

/** Reads the governance files. Throws `CouldNotAudit` when one is missing, malformed or cannot be read. */
export function readGovernance(repo: Repo, clock: Clock): Governance {
  try {
    const missing = NEEDED.find((path) => !repo.isFile(path));
    if (missing) {
      const remedy =
        'Add it, or take the other governance files away to audit only the gates of `lanekeeper.yaml` and our own.';
      throw new CouldNotAudit(
        'this governance file is missing, so there are no lanes to audit.',
        remedy,
        repo.at(missing).place,
      );
    }
    repo.prefetch(NEEDED);
    const { topology, registry, domains } = GOVERNANCE_FILES;
    return {
      ...readTopology(governanceFile(repo, topology, 'gate_assignments')),
      profiles: readProfiles(governanceFile(repo, domains, 'domains')),
      gates: readRegistry(governanceFile(repo, registry, 'gates')),
      bypass: readBypass(repo, clock),
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
): Pick<Governance, 'coreGates' | 'assignments' | 'domains' | 'releaseSequence'> {
  return {
    coreGates: texts(topology.get('core_mode', 'core_gate_ids')),
    assignments: topology
      .get('gate_assignments')
      .items.map(readAssignment)
      .filter(({ gate }) => gate !== ''),
    domains: topology
      .get('domain_metadata')
      .items.map(readDomain)
      .filter(({ id }) => id !== ''),
    releaseSequence: texts(topology.get('release_sequence')),
  };
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

function readProfiles(file: YamlValue): Governance['profiles'] {
  const domains = file.get('domains');
  if (domains.kind === 'list') throw new Abort('`domains` is a list instead of a map', domains);
  return new Map(domains.entries.map(([name, profile]) => [name, texts(profile.get('gate_ids'))]));
}

/** Non-empty texts of a list. */
function texts(list: YamlValue): readonly string[] {
  return list.items.map((item) => item.or('')).filter((text) => text !== '');
}

function readRegistry(registry: YamlValue): ReadonlyMap<string, RegisteredGate> {
  const entries = registry.get('gates').items.filter((entry) => entry.get('id').or('') !== '');
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
