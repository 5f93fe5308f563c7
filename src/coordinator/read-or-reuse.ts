import { redactReport } from '../audit/redact-report.ts';
import type { StoredGovernance } from '../audit/registry/kept-governance.ts';
import { runAudit } from '../audit/run.ts';
import { ScriptsLeft, type ScriptsRequest } from '../audit/scripts.ts';
import type { AuditProgress } from '../audit/world.ts';
import { RESULTS_MAX_AGE } from '../core/facts.ts';
import { own } from '../core/own.ts';
import type { Waivers } from '../core/waiver.ts';
import { checkGates } from '../reported/check-gates.ts';
import { expiryOf, withReported } from '../reported/fill.ts';
import { workAgain, workOf } from './gate-work.ts';
import { hasBeenHead, noteHead } from './heads.ts';
import { addVerdicts, forgetVerdicts, keepVerdict, keptVerdicts, replaceVerdicts } from './kept-verdicts.ts';
import { expectOwnGates } from './lost-gates.ts';
import { isAwaited, type Outside, outsideOf } from './outside.ts';
import type { CoordinatorPorts, OpenTarget } from './ports.ts';
import { MAX_LOOKUPS } from './requests.ts';
import { reportedFacts, reportedResults } from './results.ts';
import type { LastAudit, Pending, Rows, SiblingHeads } from './rows.ts';
import { headsOf, openSiblings } from './siblings.ts';
import { beginWork, endWork, LEFT_OUT, noteGate } from './work.ts';

/** Lanes that a push touched, where its list of files is not all. */
const UNKNOWN = ['unknown'];

/**
 * One run of scripts, so that no alarm computes longer than a Worker may: 30 s of CPU. The clock stands still while a Worker computes and moves
 * when it waits, as it does for storage after each script; where it does not, the counts say stop. The last script begins before the end and takes 15 s at most.
 */
export const SLICE = { milliseconds: 10_000, scripts: 100, commands: 500_000 };

/** What reading one commit needs. */
export interface ReadingPorts
  extends Pick<CoordinatorPorts, 'engine' | 'gates' | 'defaultRegistry' | 'now' | 'persist'> {
  readonly rows: Rows;
  readonly onProgress: (progress: AuditProgress) => void;
}

/** GitHub answers with a head that is older than the push: its replicas are not there yet. */
export class BehindThePush extends Error {
  override readonly name = 'BehindThePush';
}

/**
 * The last audit again if nothing that it depends on has changed, else a new one, at the instant `at`.
 * Throws `BehindThePush`, `DeadlyCommit`, and what an audit throws.
 */
export async function readOrReuse(
  target: OpenTarget,
  request: Pending,
  at: number,
  ports: ReadingPorts,
): Promise<LastAudit> {
  const { rows, engine, now } = ports;
  const sha = await target.head();
  if (isBehind(rows, sha, request)) throw new BehindThePush(`GitHub still answers ${sha}`);
  noteHead(rows, sha, now(), request.after === sha);
  const siblings = await headsOf(target.siblings);
  const last = rows.get('last');
  const outside = outsideOf(target, sha, rows.get('reportedAt'));
  const before = await outside.state(last?.checks ?? []);
  const late = siblingBehind(last?.siblings ?? {}, siblings, request);
  if (late !== undefined) throw new BehindThePush(`GitHub still answers an older commit of the sibling ${late}`);
  const isSearching = request.begun !== undefined && rows.get('search') !== undefined;
  if (last && isSearching && isOf(last, { sha, siblings, engine, at, outside: before.hash })) return last;
  if (last && !request.force && isStillTrue(last, { sha, siblings, engine, at, outside: before.hash })) {
    const { touched: _, isAwaiting: __, ...rest } = last;
    const report = { ...last.report, now: new Date(at).toISOString() };
    return {
      ...{ ...rest, report, work: workAgain(last, rows) },
      ...(request.changedPaths === null ? { touched: UNKNOWN } : {}),
      ...(isAwaited(before, { sha, last, request }) ? { isAwaiting: true } : {}),
    };
  }
  return readAnew(target, { sha, siblings, at, request, last, outside }, ports);
}

/** A push names the commit that it left at the head. One that we know, and that is not the newest we know, is of an older push. */
function isBehind(rows: Rows, sha: string, request: Pending): boolean {
  return isOutstanding(rows, sha, request) && hasBeenHead(rows, sha);
}

/** Whether a push has named a commit that GitHub has not shown at the head so far, and may yet. */
export function isOutstanding(rows: Rows, sha: string | null, { after, lookups }: Pick<Pending, 'after' | 'lookups'>) {
  return after !== undefined && after !== sha && lookups < MAX_LOOKUPS && !hasBeenHead(rows, after);
}

/** The sibling that a push has moved, and that GitHub still shows where the last audit found it. */
function siblingBehind(
  before: SiblingHeads,
  siblings: SiblingHeads,
  { siblingsAfter = {}, lookups }: Pending,
): string | undefined {
  if (lookups >= MAX_LOOKUPS) return undefined;
  return Object.entries(siblingsAfter).find(
    ([name, after]) => headIn(siblings, name) !== after && headIn(siblings, name) === headIn(before, name),
  )?.[0];
}

interface Present {
  readonly sha: string;
  readonly siblings: SiblingHeads;
  readonly engine: string;
  readonly at: number;
  /** What is known of results, checks and visibility, as a hash. */
  readonly outside: string;
}

/** Whether an earlier alarm of the same request made the audit: then what broke its gates is still sought. */
function isOf(last: LastAudit, present: Present): boolean {
  return Date.parse(last.report.now) === present.at && isOfTheSame(last, present);
}

function isStillTrue(last: LastAudit, present: Present): boolean {
  const { at } = present;
  const isTimeless = last.flipsAt === null || at < last.flipsAt;
  return last.report.complete && isTimeless && at >= Date.parse(last.report.now) && isOfTheSame(last, present);
}

function isOfTheSame(last: LastAudit, { sha, siblings, engine, outside }: Present): boolean {
  const isSame = last.report.sha === sha && last.engine === engine && last.outside === outside;
  return isSame && areSameHeads(last.siblings, siblings);
}

function areSameHeads(one: SiblingHeads, other: SiblingHeads): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    const [before, now] = [headIn(one, name), headIn(other, name)];
    if (before === undefined || before !== now) return false;
  }
  return true;
}

/** A sibling's commit; a lost one is as good as the same loss. */
function headIn(heads: SiblingHeads, name: string): string | undefined {
  const head = own(heads, name);
  if (!head) return undefined;
  return 'sha' in head ? head.sha : `lost: ${head.lost}`;
}

interface Reading {
  readonly sha: string;
  readonly siblings: SiblingHeads;
  readonly at: number;
  readonly request: Pending;
  readonly last: LastAudit | undefined;
  readonly outside: Outside;
}

async function readAnew(target: OpenTarget, reading: Reading, ports: ReadingPorts): Promise<LastAudit> {
  const { sha, siblings, at, request, last, outside } = reading;
  let declared: readonly string[] = [];
  const { rows, engine, gates, defaultRegistry, persist, onProgress } = ports;
  const maxAge = target.resultsMaxAge ?? RESULTS_MAX_AGE;
  const { leftOut, isCareful } = beginWork(rows, sha, engine);
  // Only the first run of a forced audit forgets what is known.
  if (request.force && request.begun === undefined) {
    forgetVerdicts(rows);
    rows.delete('governance');
  }
  await persist();
  const earlier = { version: engine, verdicts: keptVerdicts(rows), governance: rows.get('governance') };
  const onGate = async (gate: string) => {
    noteGate(rows, gate);
    await persist();
  };
  try {
    const audit = await runAudit({
      target: await target.open(sha),
      ...(await openSiblings(target.siblings, siblings)),
      governance: target.governance ?? 'repo',
      declare: target.declare,
      now: at,
      gates,
      async checks(named) {
        declared = named;
        const { names, runs } = await outside.state(named);
        return checkGates(names, runs);
      },
      reported: reportedFacts(rows, maxAge),
      defaultRegistry,
      detailed: true,
      earlier,
      scripts: scriptsFor(target, ports),
      onProgress,
      leftOut: new Map(leftOut.map((gate) => [gate, LEFT_OUT])),
      ...(isCareful ? { onGate } : {}),
      ...(request.changedPaths ? { changedPaths: request.changedPaths } : {}),
    });
    expectOwnGates(last?.report, audit.report, target.governance ?? 'repo');
    replaceVerdicts(rows, earlier.verdicts, audit.verdicts);
    keepGovernance(rows, audit.governance);
    const results = reportedResults(rows);
    const context = { sha, now: at, maxAge };
    const flipsAt = earliest(audit.flipsAt, expiryOf(results, context));
    const { registered } = audit;
    const work = workOf(audit, earlier.verdicts, rows);
    const underWay = rows.get('audit');
    const waivers = keepReadable(audit.waivers, last?.waivers);
    const before = last?.engine === engine ? last.report : undefined;
    const reported = withReported(audit.report, results, context);
    const report = redactReport(reported, { before, verdicts: audit.harmless });
    const touched = request.changedPaths === null ? UNKNOWN : audit.touched;
    const state = await outside.state(declared);
    return {
      ...{ report, flipsAt, registered, waivers, engine, siblings, outside: state.hash, work },
      ...(underWay === undefined ? {} : { audit: underWay }),
      ...(touched ? { touched } : {}),
      ...(declared.length > 0 ? { checks: [...declared] } : {}),
      ...(isAwaited(state, { sha, last, request }) ? { isAwaiting: true } : {}),
    };
  } catch (error) {
    if (error instanceof ScriptsLeft) addVerdicts(rows, earlier.verdicts, error.verdicts);
    throw error;
  } finally {
    endWork(rows);
  }
}

/** How far one run goes with the repo's scripts; each verdict is kept as soon as it is there. */
function scriptsFor({ scripts }: OpenTarget, { rows, now, persist }: ReadingPorts): ScriptsRequest | undefined {
  if (!scripts) return undefined;
  const startedAt = now();
  return {
    ...scripts,
    isEnough: (done) =>
      now() - startedAt >= SLICE.milliseconds || done.scripts >= SLICE.scripts || done.commands >= SLICE.commands,
    async onVerdict(key, verdict) {
      keepVerdict(rows, key, verdict);
      await persist();
    },
  };
}

function keepGovernance(rows: Rows, found: StoredGovernance | undefined): void {
  if (!found) rows.delete('governance');
  else if (rows.get('governance')?.at !== found.at) rows.put('governance', found);
}

function earliest(...instants: readonly (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

/** A waiver file that cannot be read waives what its last readable version did. */
function keepReadable(waivers: Waivers, before: LastAudit['waivers'] | undefined): LastAudit['waivers'] {
  const { problems, isReadable } = waivers;
  const kept = isReadable || !before ? waivers : before;
  return { active: kept.active, problems, isReadable: isReadable || (before?.isReadable ?? false) };
}
