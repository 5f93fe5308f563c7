import type { Clock } from '../core/clock.ts';
import type { Place } from '../core/finding.ts';
import type { Repo } from '../core/repo.ts';
import { Abort } from '../core/signals.ts';
import { joinRaw, type YamlValue } from '../core/yaml.ts';

/** Where an ops repo says which gates it has and which lanes they form. */
export const GOVERNANCE_FILES = {
  topology: 'ops/bindings/gate.execution.topology.yaml',
  registry: 'ops/bindings/gate.registry.yaml',
  domains: 'ops/bindings/gate.domain.profiles.yaml',
  agents: 'ops/bindings/gate.agent.profiles.yaml',
  stabilization: 'ops/bindings/stabilization.mode.yaml',
} as const;

/** The audit cannot even begin; says what is wrong, where, and what to do. */
export class CouldNotAudit extends Error {
  override readonly name = 'CouldNotAudit';
  readonly place: Place | null;

  constructor(problem: string, remedy: string, place: Place | null = null) {
    const where = place ? `${place.path}${place.line === null ? '' : `:${place.line}`}: ` : '';
    super(`${where}${problem} ${remedy}`);
    this.place = place;
  }
}

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
}

/** The governance files of an ops repo, parsed. */
export interface Governance {
  readonly topology: YamlValue;
  readonly domains: YamlValue;
  readonly agents: YamlValue;
  readonly gates: ReadonlyMap<string, RegisteredGate>;
  /** What the repo's own runs would skip now, as a sentence; undefined when nothing. */
  readonly bypass: string | undefined;
}

/** Reads the governance files. Throws `CouldNotAudit` when one is missing or malformed. */
export function readGovernance(repo: Repo, clock: Clock): Governance {
  const { topology, registry, domains, agents } = GOVERNANCE_FILES;
  const files = [topology, registry, agents, domains];
  for (const path of files) {
    if (repo.isFile(path)) continue;
    const remedy =
      'Add it, or set `governance: default` for this target to use the gates and lanes that Lanekeeper brings.';
    throw new CouldNotAudit('this governance file is missing, so there are no lanes to audit.', remedy, {
      ...repo.at(path).place,
    });
  }
  repo.prefetch(files);
  const topologyFile = governanceFile(repo, topology, 'gate_assignments');
  return {
    topology: topologyFile,
    domains: governanceFile(repo, domains, 'domains'),
    agents: governanceFile(repo, agents, 'profiles'),
    gates: readRegistry(governanceFile(repo, registry, 'gates')),
    bypass: readBypass(repo, clock),
  };
}

function governanceFile(repo: Repo, path: string, mainKey: string): YamlValue {
  try {
    const file = repo.yaml(path);
    const main = file.get(mainKey);
    if (main.kind === 'list' || main.kind === 'map') return file;
    throw new CouldNotAudit(`\`${mainKey}\` has no entries.`, 'Restore it from the last good commit.', main.place);
  } catch (error) {
    if (!(error instanceof Abort)) throw error;
    throw new CouldNotAudit(`${error.message}.`, 'Mend the YAML; nothing was audited.', error.place);
  }
}

function readRegistry(registry: YamlValue): ReadonlyMap<string, RegisteredGate> {
  const entries = Map.groupBy(
    registry.get('gates').items.filter((item) => item.kind === 'map'),
    (entry) => entry.get('id').raw,
  );
  return new Map([...entries].map(([id, rows]) => [id, registeredGate(id, rows)]));
}

/** An id that stands twice has two lines where one is expected: its script is no path any more. */
function registeredGate(id: string, rows: readonly YamlValue[]): RegisteredGate {
  const text = (key: string) => rows.map((row) => row.get(key).or('')).join('\n');
  return {
    id,
    name: rows[0]?.get('name').or('') ?? '',
    category: rows[0]?.get('category').or('') ?? '',
    severity: rows[0]?.get('severity').or('') ?? '',
    fixHint: rows[0]?.get('fix_hint').or('') ?? '',
    script: text('check_script').trim() === '' ? '' : text('check_script'),
    isRetired: joinRaw(rows.map((row) => row.get('retired'))) === 'true',
    isInline: joinRaw(rows.map((row) => row.get('inline'))) === 'true',
  };
}

/** A window in which the repo's own `domain` or `release` runs would return success without running anything (LANES.md 4). */
function readBypass(repo: Repo, clock: Clock): string | undefined {
  if (!repo.isFile(GOVERNANCE_FILES.stabilization)) return undefined;
  const mode = repo.yamlOrEmpty(GOVERNANCE_FILES.stabilization);
  if (!mode.get('enabled').is('true')) return undefined;
  const start = instantOf(mode.get('window_start').or(''));
  const end = instantOf(mode.get('window_end').or(''));
  const isActive =
    start === undefined || end === undefined || (clock.hasReached(start) && !clock.hasReached(end + 1000));
  const runs = mode
    .get('verify_bypass')
    .items.map((item) => item.raw)
    .filter((run) => run === 'domain' || run === 'release');
  if (!isActive || runs.length === 0) return undefined;
  const until = end === undefined ? '' : ` until ${new Date(end).toISOString()}`;
  return `stabilization window: the repo's own ${runs.join(' and ')} runs are bypassed${until}; this audit ran every gate`;
}

/** ISO 8601 to milliseconds, a time without a zone being UTC; undefined for anything else. */
function instantOf(text: string): number | undefined {
  const instant = Date.parse(/T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes('T') ? text : `${text}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}
