import { CouldNotAudit } from '../audit/registry/could-not-audit.ts';
import { ScriptsLeft } from '../audit/scripts.ts';
import type { AuditProgress } from '../audit/world.ts';
import { MINUTE } from '../core/durations.ts';
import { isProvisional, type Report } from '../core/report.ts';
import { Unavailable } from '../core/signals.ts';
import { SnapshotError } from '../core/snapshot.ts';
import type { StoredAudit } from '../core/store.ts';
import { redactText } from '../core/text/redact.ts';
import { planBroken } from '../inbox/plan/broken.ts';
import { EMPTY_INBOX, type InboxState } from '../inbox/state.ts';
import { CulpritsLeft, openQuestions, withCulprits } from './culprits.ts';
import { noteIdentity, noteSiblings } from './identity.ts';
import { inboxState } from './inbox-state.ts';
import { NOTHING_WRITTEN, type WriteResult } from './issue-writer.ts';
import type { CoordinatorPorts, OpenTarget, Stage } from './ports.ts';
import { failedReport, publish } from './publish.ts';
import { BehindThePush, isOutstanding, readOrReuse } from './read-or-reuse.ts';
import { endRepeating, noteRepeatable, rememberedBefore, repeatAudit } from './repeat.ts';
import type { Ending } from './requests.ts';
import type { LastAudit, Pending, Rows } from './rows.ts';
import { watched } from './watched-inbox.ts';
import { DeadlyCommit, leftOutOf } from './work.ts';
import { RETRY, writeIssues, writePlan } from './write-issues.ts';

/** What one audit needs, and whom it tells how far it is. */
export interface AuditPorts extends CoordinatorPorts {
  readonly rows: Rows;
  readonly onStage: (stage: Stage, steps?: AuditProgress) => void;
}

/** Audits the target once and stores what came of it. Whatever goes wrong is stored for all to see, and neither stops the coordinator for good nor is tried for ever. */
export async function auditOnce(request: Pending, ports: AuditPorts): Promise<Ending> {
  const { now, log, repo } = ports;
  try {
    return await audit(request, ports);
  } catch (error) {
    if (error instanceof ScriptsLeft) {
      log('scripts left', { repo, left: error.left, total: error.total });
      return { retryAt: null, notBefore: null, hasFailed: false, begun: error.begun };
    }
    if (error instanceof CulpritsLeft) {
      log('culprits left', { repo });
      return { retryAt: null, notBefore: null, hasFailed: false, begun: error.begun };
    }
    if (error instanceof BehindThePush) {
      log('behind the push', { repo, after: request.after, lookups: request.lookups });
      return { retryAt: null, notBefore: null, hasFailed: false, isBehind: true };
    }
    const reason = error instanceof Error ? error.message : String(error);
    log('internal error', { repo, error: error instanceof Error ? error.stack : reason });
    const report = failedReport(`internal error: ${redactText(reason)}; please report it`, now(), ports);
    await store({ target: undefined, report, result: NOTHING_WRITTEN, last: undefined, notices: [] }, request, ports);
    return { retryAt: now() + RETRY, notBefore: null, hasFailed: true };
  }
}

/** Says that lives end wherever they are, without trying once more; the next request does. */
export async function giveUpDying(request: Pending, deaths: number, ports: AuditPorts): Promise<Ending> {
  const sentence = `the audit has ended ${deaths} times in a row without a result; the next request tries again`;
  ports.log('gave up', { repo: ports.repo, deaths });
  const report = failedReport(sentence, ports.now(), ports);
  await store({ target: undefined, report, result: NOTHING_WRITTEN, last: undefined, notices: [] }, request, ports);
  return { retryAt: null, notBefore: null, hasFailed: true };
}

async function audit(request: Pending, ports: AuditPorts): Promise<Ending> {
  // Only a request that is served at once has a clock of its own.
  const hasWaited = request.trigger === 'retry' || (request.notBefore ?? 0) > request.at;
  const startedAt = ports.now();
  const at = request.begun ?? (hasWaited ? ports.now() : Math.min(request.at, ports.now()));
  ports.onStage('reading');
  let target: OpenTarget | undefined;
  try {
    const { rows } = ports;
    const opened = await ports.openTarget();
    target = opened;
    if (rows.get('login') !== target.login) rows.put('login', target.login);
    const identity = noteIdentity(rows, target, ports.repo);
    const { isStored, listed } = await repeatAudit(target, request, at, ports);
    if (isStored !== undefined) return endingOf(NOTHING_WRITTEN, isStored, ports);
    endRepeating(rows);
    const inbox = watched(opened.inbox, listed);
    target = { ...opened, inbox, requests: () => added(rows.get('asked') ?? {}, opened.requests()) };
    const onProgress = (steps: AuditProgress) => ports.onStage(steps.done > 0 ? 'evaluating' : 'reading', steps);
    const before = rememberedBefore(rows);
    const last = await readOrReuse(target, request, at, { ...ports, onProgress });
    const { report, notes } = await lookForCulprits(target, last, before.last, { ...ports, startedAt });
    const notices = [...identity.notices, ...noteSiblings(rows, target.siblings)];
    const alarms = identity.isAnother ? identity.notices : [];
    const told = { at, notices: [...notices, ...notes], alarms };
    const { ending, audit } = await conclude(target, request, { ...last, report }, told, ports);
    const isOver = ending.retryAt === null && !ending.isBehind;
    if (audit && isOver && notices.length === 0) noteRepeatable(target, audit, inbox.onlyListed(), before, ports);
    return ending;
  } catch (error) {
    if (target && (error instanceof ScriptsLeft || error instanceof CulpritsLeft))
      ports.rows.put('asked', target.requests());
    const isKnown = error instanceof SnapshotError || error instanceof CouldNotAudit || error instanceof Unavailable;
    if (!isKnown && !(error instanceof DeadlyCommit)) throw error;
    return await giveUp(target, request, error, at, ports);
  }
}

/** Counts of two alarms, by purpose. */
function added(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  const sums: Record<string, number> = { ...one };
  for (const [purpose, count] of Object.entries(other)) sums[purpose] = (sums[purpose] ?? 0) + count;
  return sums;
}

/** What is to be told beside the audit: to those who look, and to everybody. */
interface Told {
  readonly at: number;
  readonly notices: readonly string[];
  readonly alarms: readonly string[];
}

/** Remembers an audit, and finds out what broke the gates that newly fail. Throws `CulpritsLeft`. */
async function lookForCulprits(
  target: OpenTarget,
  last: LastAudit,
  before: LastAudit | undefined,
  ports: AuditPorts & { readonly startedAt: number },
) {
  const { rows } = ports;
  const questions = rows.transaction(() => {
    rows.put('last', last);
    return openQuestions(last, before, rows);
  });
  return withCulprits(target, last, questions, ports);
}

/** Tells everybody what an audit found. */
async function conclude(
  target: OpenTarget,
  request: Pending,
  last: LastAudit,
  { at, notices, alarms }: Told,
  ports: AuditPorts,
): Promise<{ readonly ending: Ending; readonly audit: StoredAudit | undefined }> {
  const { rows } = ports;
  const { report, waivers } = last;
  ports.onStage('writing issues');
  const situation = { report, registered: new Set(last.registered), waivers, now: at };
  // A mistake in a gate file stays until somebody commits.
  const isPassing = !report.complete && !hasCrashes(report) && report.problems === undefined;
  const leftOut = leftOutOf(rows, report.sha);
  const result = await writeIssues(
    target,
    situation,
    { troubles: incompleteness(report), isPassing, isBrokenStill: leftOut.length > 0 },
    ports,
  );
  const told = { ...result, errors: [...result.errors, ...leftOut, ...alarms] };
  const audit = await store({ target, report, result: told, last, notices }, request, ports);
  const ending = endingOf(result, audit !== undefined, ports);
  // Of two pushes in a row GitHub may have shown the first one only.
  const isBehind = ending.retryAt === null && isOutstanding(rows, report.sha, request);
  if (isBehind) return { ending: { ...ending, isBehind }, audit };
  return { ending: last.isAwaiting ? { ...ending, isAwaiting: true } : ending, audit };
}

/** Nothing could be audited: say so in the store and, the second time in a row, in the tracker. Closes nothing. */
async function giveUp(
  target: OpenTarget | undefined,
  request: Pending,
  error: Error,
  at: number,
  ports: AuditPorts,
): Promise<Ending> {
  const { repo, log, now } = ports;
  const message = redactText(error.message);
  log('could not audit', { repo, error: message });
  const failure = error instanceof SnapshotError ? error.failure : null;
  const isPassing = failure === 'rate-limited' || failure === 'transport';
  const result =
    target && !isPassing
      ? await writePlan(
          target,
          (state, tracker) => planBroken(asCertain(state, error), message, tracker, ports.now()),
          ports,
        )
      : NOTHING_WRITTEN;
  const retryAt = nextTryAfter(error, isPassing, now());
  const notBefore = failure === 'rate-limited' ? retryAt : result.notBefore;
  const report = failedReport(message, at, ports);
  const audit = await store({ target, report, result, last: undefined, notices: [] }, request, ports);
  const ending = endingOf(result, audit !== undefined, ports);
  return { retryAt: retryAt ?? ending.retryAt, notBefore, hasFailed: true };
}

/** One failure may pass, so it takes two for an issue; three lives that ended are more than that. */
function asCertain(state: InboxState, error: Error): InboxState {
  return error instanceof DeadlyCommit ? { ...state, failedAudits: Math.max(state.failedAudits, 1) } : state;
}

function nextTryAfter(error: Error, isPassing: boolean, now: number): number | null {
  if (error instanceof DeadlyCommit) return error.hasRemedy ? now + RETRY : null;
  const retryAt = error instanceof SnapshotError ? error.retryAt : null;
  return retryAt ?? (isPassing ? now + RETRY : null);
}

interface Outcome {
  readonly target: OpenTarget | undefined;
  readonly report: Report;
  readonly result: WriteResult;
  readonly last: LastAudit | undefined;
  readonly notices: readonly string[];
}

/** Stores an audit for the web, with the rows of the ledger that were dropped meanwhile. */
async function store(
  { target, report, result, last, notices }: Outcome,
  { trigger }: Pending,
  ports: AuditPorts,
): Promise<StoredAudit | undefined> {
  const { rows } = ports;
  endRepeating(rows);
  const dropped = rows.get('dropped') ?? [];
  rows.delete('dropped');
  const told = { ...result, errors: [...result.errors, ...dropped], notes: [...notices, ...result.notes] };
  // An audit that failed says nothing of issues, and may have failed because what is remembered of them is damaged.
  const state = last ? inboxState(rows) : EMPTY_INBOX;
  const audit = await publish({ target, trigger, report, result: told, last, state }, ports);
  if (rows.get('asked')) rows.delete('asked');
  return audit;
}

function endingOf({ retryAt, notBefore, failed, errors }: WriteResult, isStored: boolean, { now }: AuditPorts): Ending {
  const again = isStored ? retryAt : (retryAt ?? now() + MINUTE);
  return { retryAt: again, notBefore, hasFailed: !isStored || failed > 0 || errors.length > 0 };
}

function hasCrashes({ gates }: Report): boolean {
  return gates.some(({ verdict }) => verdict === 'crashed');
}

/** Why an audit was not complete, so that it does not look like any other. */
function incompleteness({ complete, gates }: Report): readonly string[] {
  if (complete) return [];
  const unseen = gates.filter(
    (gate) => (gate.verdict === 'blind' || gate.verdict === 'crashed') && !isProvisional(gate),
  );
  const names = unseen.slice(0, 5).map(({ number, verdict }) => `${number} ${verdict}`);
  const rest = unseen.length > names.length ? ` and ${unseen.length - names.length} more` : '';
  return [
    `The audit is incomplete, so it closes nothing: ${names.join(', ') || 'not everything could be read'}${rest}.`,
  ];
}
