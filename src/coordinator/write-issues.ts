import { MINUTE } from '../core/durations.ts';
import { planGapInbox } from '../inbox/plan/gap-inbox.ts';
import { planInbox } from '../inbox/plan/plan.ts';
import type { PlanInput } from '../inbox/plan/situation.ts';
import { type Inbox, InboxError } from '../inbox/port.ts';
import type { InboxState } from '../inbox/state.ts';
import type { Plan } from '../inbox/writes.ts';
import { inboxState } from './inbox-state.ts';
import { IssueWriter, type WriteResult } from './issue-writer.ts';
import type { OpenTarget } from './ports.ts';
import type { Rows } from './rows.ts';
import { readMore, readTracker, type Tracker } from './tracker.ts';

/** What the issue that says the audit is broken is about. */
const BROKEN = '@broken';

/** When what failed in passing is tried again. */
export const RETRY = 5 * MINUTE;

export interface WritingPorts {
  readonly rows: Rows;
  readonly now: () => number;
}

interface Remarks {
  readonly troubles: readonly string[];
  /** Whether what is wrong may pass by itself. */
  readonly isPassing: boolean;
  readonly isBrokenStill: boolean;
}

/** What an audit says, for planning; the tracker is read here. */
export type Situation = Omit<PlanInput, 'state' | 'tracker'>;

/** Makes the tracker say what an audit found: plans, writes, and keeps the Gap inbox. `troubles` are told along with what goes wrong here; `isBrokenStill` leaves the issue open that says the audit is broken. */
export function writeIssues(
  target: OpenTarget,
  situation: Situation,
  { troubles, isPassing, isBrokenStill }: Remarks,
  ports: WritingPorts,
): Promise<WriteResult> {
  const { inbox } = target;
  return withTracker(target, ports, async (writer, read) => {
    const { plan, tracker } = await planUntilAllRead(situation, read, inbox, ports.rows);
    const transitions = plan.transitions.filter(({ about }) => !(isBrokenStill && about === BROKEN));
    await writer.carryOut({ ...plan, transitions });
    const isRetried = isPassing || tracker.errors.length > 0;
    writer.report([...plan.problems, ...tracker.errors, ...troubles], isRetried ? ports.now() + RETRY : null);
    await keepGapInbox(writer, situation, tracker, inbox, ports.rows);
  });
}

/** Carries out one plan that needs the tracker as it is. */
export function writePlan(
  target: OpenTarget,
  plan: (state: InboxState, tracker: Tracker) => Plan,
  ports: WritingPorts,
): Promise<WriteResult> {
  return withTracker(target, ports, async (writer, read) => {
    const { unread } = plan(inboxState(ports.rows), read);
    const tracker = unread.length > 0 ? await readMore(read, unread, target.inbox) : read;
    await writer.carryOut(plan(inboxState(ports.rows), tracker));
  });
}

/** Plans until nothing is left to read: a plan names the issues that it needs to know. */
async function planUntilAllRead(
  situation: Situation,
  read: Tracker,
  inbox: Inbox,
  rows: Rows,
): Promise<{ plan: ReturnType<typeof planInbox>; tracker: Tracker }> {
  let tracker = read;
  for (let asked = new Set<number>(); ; ) {
    const plan = planInbox({ ...situation, tracker, state: inboxState(rows) });
    const unread = plan.unread.filter((number) => !asked.has(number));
    if (unread.length === 0) return { plan, tracker };
    asked = new Set([...asked, ...unread]);
    tracker = await readMore(tracker, unread, inbox);
  }
}

/** The Gap inbox names the issues that were just opened, and is pinned once it is there. */
async function keepGapInbox(
  writer: IssueWriter,
  situation: Situation,
  read: Tracker,
  inbox: Inbox,
  rows: Rows,
): Promise<void> {
  await writer.carryOut(planGapInbox({ ...situation, tracker: read, state: inboxState(rows) }));
  const { gapInbox } = inboxState(rows);
  if (inbox.mode !== 'on' || !gapInbox?.isOpen || gapInbox.isPinned) return;
  const tracker = await readMore(read, [gapInbox.number], inbox);
  writer.report(tracker.errors.slice(read.errors.length));
  await writer.carryOut(planGapInbox({ ...situation, tracker, state: inboxState(rows) }));
}

/** Reads the tracker and writes to it; when it cannot be read as a whole, that is the result. */
async function withTracker(
  { inbox, maxWrites }: OpenTarget,
  { rows, now }: WritingPorts,
  work: (writer: IssueWriter, tracker: Tracker) => Promise<void>,
): Promise<WriteResult> {
  const ports = { rows, inbox, now, maxWrites };
  let writer = new IssueWriter({ ...ports, createsHeldUntil: null });
  try {
    const tracker = await readTracker(inboxState(rows), ports);
    writer = new IssueWriter({ ...ports, createsHeldUntil: tracker.createsHeldUntil });
    await work(writer, tracker);
    return writer.result;
  } catch (error) {
    if (!(error instanceof InboxError)) throw error;
    const { result } = writer;
    const isPassing = error.failure === 'transport' || error.failure === 'rate-limited';
    return {
      ...result,
      planned: Math.max(result.planned, 1),
      failed: result.failed + 1,
      errors: [...result.errors, error.message],
      retryAt: isPassing ? Math.max(result.retryAt ?? 0, error.retryAt ?? now() + RETRY) : result.retryAt,
      notBefore: error.failure === 'rate-limited' ? (error.retryAt ?? now() + MINUTE) : result.notBefore,
    };
  }
}
