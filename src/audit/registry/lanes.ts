import { CouldNotAudit } from './could-not-audit.ts';
import { GOVERNANCE_FILES, type Governance } from './governance.ts';

/** An ordered set of gate ids. */
export interface Lane {
  readonly id: string;
  readonly gates: readonly string[];
  /** We bring it along; no governance file names it. */
  readonly isOurs?: true;
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['loop-gap', 'loop_gap'],
  ['home-automation', 'home'],
  ['finance-ops', 'finance'],
  ['automation', 'n8n'],
  ['photos', 'immich'],
  ['identity', 'ms-graph'],
  ['email', 'ms-graph'],
  ['calendar', 'ms-graph'],
  ['graph', 'ms-graph'],
  ['ms_graph', 'ms-graph'],
  ['msgraph', 'ms-graph'],
]);

/** Newer tools of the repo's have one domain more, and these words for it. */
const LATER_ALIASES: ReadonlyMap<string, string> = new Map(
  ['identity', 'email', 'calendar'].map((word) => [word, 'microsoft']),
);

/** The name under which the repo's tools know a domain. */
export function normalizeDomain(name: string): string {
  return ALIASES.get(name) ?? name;
}

/** The id of a domain's lane with us: `core` is taken by the core lane. */
function laneIdOf(domain: string): string {
  const name = normalizeDomain(domain);
  return name === 'core' ? 'core-domain' : name;
}

/**
 * Every lane of an ops repo that has gates: core, then the release sequence, then any other domain, bytewise.
 * Throws `CouldNotAudit` when there is none, which would be an empty green report.
 */
export function resolveLanes(governance: Governance): readonly Lane[] {
  const { assignments, domains, profiles, releaseSequence } = governance;
  const assigned = assignments.flatMap(({ primary, secondary }) => [primary, ...secondary]).filter(isDomainName);
  const others = [...domains.map(({ id }) => id), ...profiles.keys(), ...assigned].map(normalizeDomain).sort(bytewise);
  const names = new Set([...releaseSequence.map(normalizeDomain), ...others]);
  const byDomain = assignedGates(governance);
  const theirs = [...names].map((domain) => ({
    id: laneIdOf(domain),
    gates: domainGates(governance, domain, byDomain),
  }));
  const lanes = [{ id: 'core', gates: coreGates(governance) }, ...theirs].filter(({ gates }) => gates.length > 0);
  if (lanes.length > 0) return lanes;
  throw new CouldNotAudit('no lane has a gate.', 'Assign gates to domains under `gate_assignments`.', {
    repo: 'target',
    path: GOVERNANCE_FILES.topology,
    line: null,
  });
}

/** The wanted lanes, by id or by an alias of their domain; all where none is named. Throws `CouldNotAudit` for one that has no gates. */
export function wantedLanes(all: readonly Lane[], wanted: readonly string[] | undefined): readonly Lane[] {
  if (!wanted) return all;
  const byId = new Map(all.map((lane) => [lane.id, lane]));
  const lanes = wanted.map((id) => {
    const lane = byId.get(id) ?? byId.get(normalizeDomain(id)) ?? byId.get(LATER_ALIASES.get(id) ?? '');
    if (lane) return lane;
    throw new CouldNotAudit(`there is no lane \`${id}\` with gates.`, `The lanes are ${[...byId.keys()].join(', ')}.`);
  });
  return [...new Set(lanes)];
}

/** Two domains in the place of one are a name that nothing answers to. */
function isDomainName(name: string): boolean {
  return name !== '' && !name.includes(',');
}

/** The core lane in file order. */
function coreGates(governance: Governance): readonly string[] {
  return [...new Set(governance.coreGates)];
}

/** Gates by the domain that they are assigned to, in the order of the file. */
function assignedGates({ assignments }: Governance): ReadonlyMap<string, readonly string[]> {
  const byDomain = new Map<string, string[]>();
  for (const { gate, primary, secondary } of assignments) {
    for (const domain of new Set([primary, ...secondary])) {
      const gates = byDomain.get(domain) ?? [];
      gates.push(gate);
      byDomain.set(domain, gates);
    }
  }
  return byDomain;
}

/** A domain's gates in natural order: its assignments, or only without any, its profile. */
export function domainGates(
  governance: Governance,
  domain: string,
  assigned = assignedGates(governance),
): readonly string[] {
  const ids = assigned.get(domain) ?? governance.profiles.get(domain) ?? [];
  return inNaturalOrder(ids);
}

/** Ids of the lanes that a change of these paths asks for; just `core` when none does. */
export function lanesTouched({ domains }: Governance, paths: readonly string[]): readonly string[] {
  const touched = domains.filter(({ pathTriggers }) =>
    pathTriggers.some((trigger) => paths.some((path) => path.includes(trigger))),
  );
  return touched.length > 0 ? [...new Set(touched.map(({ id }) => id))].sort(bytewise) : ['core'];
}

/** D3 before D18 before D100: runs of digits compare as numbers, all else by its bytes. */
export function byNaturalOrder(one: string, other: string): number {
  return compareRuns(inRuns(one), inRuns(other));
}

/** Each id once, in natural order. */
export function inNaturalOrder(ids: Iterable<string>): readonly string[] {
  return Array.from(new Set(ids), inRuns)
    .sort(compareRuns)
    .map(({ text }) => text);
}

/** A text and its runs of digits and of anything else; the digits as numbers, too. */
interface Runs {
  readonly text: string;
  readonly runs: readonly (readonly [run: string, number: number])[];
}

function inRuns(text: string): Runs {
  return { text, runs: (text.match(/\d+|\D+/g) ?? []).map((run) => [run, Number.parseInt(run, 10)]) };
}

function compareRuns(one: Runs, other: Runs): number {
  for (const [index, [run, number]] of one.runs.entries()) {
    const [against, counterpart] = other.runs[index] ?? ['', Number.NaN];
    const difference = number - counterpart;
    const order = (Number.isNaN(difference) ? 0 : difference) || bytewise(run, against);
    if (order !== 0) return order;
  }
  return bytewise(one.text, other.text);
}

function bytewise(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
