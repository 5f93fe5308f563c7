import { MINUTE } from '../core/durations.ts';
import { type Inbox, InboxError, type OwnAct, type TrackerView, type Whereabouts } from '../inbox/port.ts';
import type { InboxState } from '../inbox/state.ts';
import { DONE, INTENT, type Rows, type StepRow } from './rows.ts';

/** A create of unknown fate keeps others back until GitHub's lists had this long to show it. */
const CREATE_GRACE = MINUTE;

/** What we know of the tracker in one run; more is read when a plan asks for it. */
export interface Tracker extends TrackerView {
  /** Until when (ms since the epoch) nothing may be created; null when nothing is in doubt. */
  readonly createsHeldUntil: number | null;
  /** What could not be read, as sentences. */
  readonly errors: readonly string[];
}

export interface TrackerPorts {
  readonly rows: Rows;
  readonly inbox: Inbox;
  readonly now: () => number;
}

/**
 * Reads the tracker: the list, and by number whatever the list contradicts our state about, since absence from a list proves nothing.
 * Finds out what became of steps that were never confirmed. Throws `InboxError` when the tracker as a whole cannot be read.
 */
export async function readTracker(state: InboxState, ports: TrackerPorts): Promise<Tracker> {
  const { rows, inbox } = ports;
  const isLost = state.startedAt === null;
  const listed = await inbox.list({ closed: isLost });
  // Day one files everything under "known", so an empty answer is asked for again before it is believed; a dry run files nothing.
  const isDayOne = isLost && listed.length === 0 && inbox.mode === 'on';
  const again = isDayOne ? await inbox.list({ closed: true }) : [];
  const issues = new Map<number, Whereabouts>([...listed, ...again].map((issue) => [issue.number, issue]));
  const expected = expectedOpen(state);
  const doubtful = new Set([...stepRows(rows).values()].flatMap(({ issue }) => issue ?? []));
  const open = listed.filter((issue) => issue.state === 'open' && issue.marker !== null);
  for (const { number } of open) if (!expected.has(number)) doubtful.add(number);
  const errors: string[] = [];
  const hidden = new Set<number>();
  await readNumbers(isLost ? [] : [...doubtful], { issues, hidden, errors }, inbox);
  const createsHeldUntil = await findCreated(issues, ports);
  return { issues, hidden, ownActs: ownActs(issues, rows), createsHeldUntil, errors };
}

/** The same view with more issues in it, each read by number. */
export async function readMore(tracker: Tracker, numbers: readonly number[], inbox: Inbox): Promise<Tracker> {
  const issues = new Map(tracker.issues);
  const hidden = new Set(tracker.hidden);
  const errors = [...tracker.errors];
  await readNumbers(numbers, { issues, hidden, errors }, inbox);
  return { ...tracker, issues, hidden, errors };
}

/** One issue that cannot be read does not keep the others from being looked after. */
async function readNumbers(
  numbers: readonly number[],
  { issues, hidden, errors }: { issues: Map<number, Whereabouts>; hidden: Set<number>; errors: string[] },
  inbox: Inbox,
): Promise<void> {
  for (const number of numbers) {
    try {
      issues.set(number, await inbox.get(number));
    } catch (error) {
      if (!(error instanceof InboxError) || !isAboutOne(error)) throw error;
      issues.delete(number);
      if (error.failure === 'not-found' || error.failure === 'forbidden') hidden.add(number);
      errors.push(`#${number} could not be read, so nothing is done about it: ${error.message}`);
    }
  }
}

/** A failure that says nothing about other issues; a lost connection is of this kind, and the next call will tell. */
function isAboutOne({ failure }: InboxError): boolean {
  return failure === 'not-found' || failure === 'forbidden' || failure === 'transport' || failure === 'invalid';
}

function expectedOpen({ gates, group, gapInbox, broken }: InboxState): ReadonlySet<number> {
  const ofTarget = [group?.number, gapInbox?.isOpen && gapInbox.number, broken?.isOpen && broken.number];
  const ofGates = Object.values(gates).map(
    ({ issue }) => issue?.phase === 'open' && issue.closedSha === null && issue.number,
  );
  return new Set([...ofTarget, ...ofGates].filter((number) => typeof number === 'number'));
}

/** Creates that may have happened without our hearing of it: those that GitHub shows join the view, those it had time to show are forgotten. */
async function findCreated(
  issues: Map<number, Whereabouts>,
  { rows, inbox, now }: TrackerPorts,
): Promise<number | null> {
  let heldUntil: number | null = null;
  for (const [key, { at, kind }] of stepRows(rows, INTENT)) {
    if (kind !== 'create') continue;
    const found = await inbox.findCreated(key);
    if (found) issues.set(found.number, issues.get(found.number) ?? found);
    if (found || now() - at >= CREATE_GRACE) rows.delete(`${INTENT}${key}`);
    else heldUntil = Math.max(heldUntil ?? 0, at + CREATE_GRACE);
  }
  return heldUntil;
}

/** Closes and reopenings of ours that took place; what did not is forgotten. */
function ownActs(issues: ReadonlyMap<number, Whereabouts>, rows: Rows): TrackerView['ownActs'] {
  const acts = new Map<number, OwnAct>();
  for (const [key, { kind, issue }] of stepRows(rows)) {
    if ((kind !== 'close' && kind !== 'reopen') || issue === null) continue;
    const whereabouts = issues.get(issue);
    if (typeof whereabouts !== 'object') continue;
    if ((whereabouts.state === 'closed') === (kind === 'close')) acts.set(issue, { act: kind, key });
    else forgetStep(rows, key);
  }
  return acts;
}

/** Steps of unconfirmed transitions, by key. */
function stepRows(rows: Rows, ...prefixes: readonly (typeof INTENT | typeof DONE)[]): ReadonlyMap<string, StepRow> {
  const found = new Map<string, StepRow>();
  for (const prefix of prefixes.length > 0 ? prefixes : ([INTENT, DONE] as const)) {
    for (const key of rows.steps(prefix)) {
      const row = rows.get(key);
      if (row) found.set(key.slice(prefix.length), row);
    }
  }
  return found;
}

export function forgetStep(rows: Rows, key: string): void {
  rows.delete(`${INTENT}${key}`);
  rows.delete(`${DONE}${key}`);
}
