import { digest } from '../core/digest.ts';
import { continueStrip } from '../core/outcome.ts';
import { repeatedHistories } from '../core/repeated-audit.ts';
import { REPEATABLE, type RepeatedAudit, type StoredAudit } from '../core/store.ts';
import { planHoldsUntil } from '../inbox/plan/holds-until.ts';
import { recordReport } from '../inbox/plan/record.ts';
import { situationOf } from '../inbox/plan/situation.ts';
import { EMPTY_TRACKER, InboxError } from '../inbox/port.ts';
import type { InboxState } from '../inbox/state.ts';
import { inboxState } from './inbox-state.ts';
import { outsideOf } from './outside.ts';
import type { CoordinatorPorts, OpenTarget } from './ports.ts';
import { auditId } from './publish.ts';
import type { RepeatableRow } from './repeatable-row.ts';
import { DONE, INTENT, type LastAudit, type Pending, type Rows, type SiblingHeads } from './rows.ts';
import { headsOf } from './siblings.ts';
import type { Listed } from './watched-inbox.ts';

export interface RepeatPorts extends Pick<CoordinatorPorts, 'engine' | 'repo' | 'store' | 'now' | 'log'> {
  readonly rows: Rows;
}

/** What came of the wish to repeat an audit. */
export interface Repetition {
  /** Whether the audit is done, and its place in the store taken; undefined where there is nothing to repeat. */
  readonly isStored: boolean | undefined;
  /** What the tracker listed, where it was asked. */
  readonly listed: Listed | undefined;
}

const NOTHING: Repetition = { isStored: undefined, listed: undefined };

/**
 * Says the last audit again, where commit, siblings, code, results and tracker are the same and the clock changes nothing:
 * then neither is a report made nor a plan, and only the time goes into the store. Throws `SnapshotError`.
 */
export async function repeatAudit(
  target: OpenTarget,
  request: Pending,
  at: number,
  ports: RepeatPorts,
): Promise<Repetition> {
  const { rows } = ports;
  const row = rows.get('repeatable');
  if (!row || asksForMore(request) || hasLeftovers(rows) || at <= row.at || at >= row.until) return NOTHING;
  const sha = await target.head();
  // Two audits within one millisecond would have one id, and an audit that repeats itself says nothing.
  if (auditId(ports.now(), sha) === row.id) return NOTHING;
  const outside = await outsideOf(target, sha, rows.get('reportedAt')).state(row.checks);
  const heads = await headsOf(target.siblings);
  if (presentOf(target, { sha, heads, outside: outside.hash }, ports) !== row.present) return NOTHING;
  const listed = await listOf(target, row.listed.closed);
  if (!listed || digestOf(listed.issues) !== row.listed.digest || rows.get('repeatable') !== row)
    return { ...NOTHING, listed };
  return { listed, isStored: await store(target, request, row, at, ports) };
}

/** A tracker that cannot be read is told by an audit that is not repeated. */
async function listOf({ inbox }: OpenTarget, closed: boolean): Promise<Listed | undefined> {
  try {
    return { closed, issues: await inbox.list({ closed }) };
  } catch (error) {
    if (error instanceof InboxError) return undefined;
    throw error;
  }
}

/** A push may have to be waited for, and says which lanes it touched; a forced audit judges anew. */
function asksForMore({ force, changedPaths, after, siblingsAfter, begun }: Pending): boolean {
  return force === true || [changedPaths, after, siblingsAfter, begun].some((wish) => wish !== undefined);
}

/** Whether something is to be told, or a write was begun and not confirmed. */
function hasLeftovers(rows: Rows): boolean {
  return rows.get('dropped') !== undefined || ([INTENT, DONE] as const).some((prefix) => rows.steps(prefix).length > 0);
}

/** All that an audit comes from but the clock and the tracker, as a digest. */
function presentOf(
  { siblings, login, name, repositoryId, inbox }: OpenTarget,
  seen: { readonly sha: string | null; readonly heads: SiblingHeads; readonly outside: string | undefined },
  { rows, engine }: Pick<RepeatPorts, 'rows' | 'engine'>,
): string {
  const found = Object.entries(siblings).map(([sibling, { found: ask }]) => [sibling, ask()]);
  const { sha, heads, outside } = seen;
  return digestOf([engine, sha, rows.get('head'), heads, outside, found, login, name, repositoryId, inbox.mode]);
}

function digestOf(value: unknown): string {
  return digest(JSON.stringify(value));
}

async function store(
  target: OpenTarget,
  { trigger }: Pending,
  row: RepeatableRow,
  at: number,
  { rows, repo, store: audits, now, log }: RepeatPorts,
): Promise<boolean> {
  const before = rows.get('summary');
  if (!before) throw new Error('an audit without a line in the list of audits');
  const { work } = row;
  const times = row.times + 1;
  const requests = target.requests();
  const time = new Date(at).toISOString();
  const id = auditId(now(), before.sha);
  const audit: RepeatedAudit = { id, now: time, trigger, requests, work, repeats: row.id, times };
  const strip = continueStrip(before.strip, before.outcome);
  const summary = { ...before, id, now: time, trigger, strip, lastCompleteAt: time };
  try {
    await audits.saveRepeated(repo, audit, summary);
  } catch (error) {
    log('could not store the audit', { repo, error: error instanceof Error ? error.message : String(error) });
    return false;
  }
  rows.transaction(() => {
    rows.put('summary', summary);
    // Findings may have been accepted meanwhile.
    if (rows.get('repeatable') === row) rows.put('repeatable', { ...row, at, times });
  });
  log('audited', { repo, sha: before.sha, outcome: summary.outcome, ...work, requests, repeats: row.id });
  return true;
}

/** What was remembered before an audit. */
export interface Before {
  readonly last: LastAudit | undefined;
  readonly state: InboxState;
  readonly culprits: unknown;
}

export function rememberedBefore(rows: Rows): Before {
  return { last: rows.get('last'), state: inboxState(rows), culprits: rows.get('culprits') };
}

/**
 * Notes that the next audit may repeat this one: it found the report as it was, asked the tracker for its list and nothing else (`listed`),
 * and changed nothing but when its gates were seen. Carrying out a plan and planning again gives an empty plan, so the same holds of the next.
 */
export function noteRepeatable(
  target: OpenTarget,
  audit: StoredAudit,
  listed: Listed | undefined,
  before: Before,
  ports: Pick<RepeatPorts, 'rows' | 'engine'>,
): void {
  const { rows } = ports;
  const last = rows.get('last');
  if (!listed || !last || last.isAwaiting || !isQuiet(audit) || !isAsBefore(last, before, target, rows)) return;
  const { checks = [], flipsAt, siblings: heads, outside, work = { judged: 0, reused: 0 } } = last;
  const at = Date.parse(audit.report.now);
  const tracker = { ...EMPTY_TRACKER, issues: new Map(listed.issues.map((issue) => [issue.number, issue])) };
  const flips = [flipsAt, planHoldsUntil(inboxState(rows), tracker, at), at + REPEATABLE];
  rows.put('repeatable', {
    id: audit.id,
    present: presentOf(target, { sha: audit.report.sha, heads, outside }, ports),
    checks,
    listed: { closed: listed.closed, digest: digestOf(listed.issues) },
    until: Math.min(...flips.filter((flip) => flip !== null)),
    at,
    times: 0,
    work,
  });
}

/** Nothing was written or went wrong, and nothing was told that is told once. */
function isQuiet({ report, delivery: { mode, planned, errors, notes } }: StoredAudit): boolean {
  const isDone = mode === 'dry-run' || (planned === 0 && notes.length === 0);
  return report.complete && report.error === undefined && errors.length === 0 && isDone;
}

/** Whether nothing is remembered now that was not before. A dry run remembers nothing of issues. */
function isAsBefore(last: LastAudit, before: Before, { inbox: { mode } }: OpenTarget, rows: Rows): boolean {
  if (last.report.gates !== before.last?.report.gates || rows.get('culprits') !== before.culprits) return false;
  const after = rows.get('inbox');
  if (mode === 'dry-run' || !after) return mode === 'dry-run' && !after;
  return JSON.stringify(seenAgain(before.state, last, last.report.now)) === JSON.stringify(after);
}

/** The state after its gates were seen as they were, at `now`. */
function seenAgain(state: InboxState, { report, registered, waivers }: LastAudit, now: string): InboxState {
  const seen = { report: { ...report, now }, registered: new Set(registered), waivers, state };
  return recordReport(state, situationOf({ ...seen, tracker: EMPTY_TRACKER, now: Date.parse(now) }));
}

/** Makes up for what repeating left out, before anything else is remembered: when each gate was last seen, and its marks. */
export function endRepeating(rows: Rows): void {
  const row = rows.get('repeatable');
  if (!row) return;
  const last = rows.get('last');
  rows.transaction(() => {
    if (last && row.times > 0) makeUp(rows, last, row);
    rows.delete('repeatable');
  });
}

function makeUp(rows: Rows, last: LastAudit, { at, times }: RepeatableRow): void {
  const now = new Date(at).toISOString();
  const state = rows.get('inbox');
  if (state) rows.put('inbox', seenAgain(state, last, now));
  rows.put('histories', repeatedHistories(rows.get('histories') ?? {}, last.report, { now, times }));
}
