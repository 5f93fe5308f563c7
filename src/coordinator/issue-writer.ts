import { MINUTE } from '../core/durations.ts';
import type { Delivery } from '../core/store.ts';
import { describeCall } from '../inbox/describe/calls.ts';
import { noteRefused } from '../inbox/plan/updates.ts';
import { type Inbox, InboxError } from '../inbox/port.ts';
import type { Call, Plan, Step, Transition } from '../inbox/writes.ts';
import { inboxState } from './inbox-state.ts';
import { DONE, INTENT, type Rows, type StepRow } from './rows.ts';
import { forgetStep } from './tracker.ts';

/** Writes at GitHub per run and per minute, where nothing else is set; GitHub's own limit on content creation is 80 a minute. */
const MAX_WRITES = 20;
/** Refusals in a row after which it is not single issues that we may not write to. */
const MAX_REFUSALS = 10;
/** Failures without an answer after which the rest of the plan waits for the next run. */
const MAX_FAILURES = 3;

export interface WriterPorts {
  readonly rows: Rows;
  readonly inbox: Inbox;
  readonly now: () => number;
  /** Until when nothing may be created. */
  readonly createsHeldUntil: number | null;
  /** Per run and per minute. */
  readonly maxWrites?: number | undefined;
}

export interface WriteResult extends Delivery {
  /** When to try the rest (ms since the epoch); null when nothing is left, or when trying again by itself is of no use. */
  readonly retryAt: number | null;
  /** GitHub asks for silence until then. */
  readonly notBefore: number | null;
}

/** Of a run that never came to the tracker. */
export const NOTHING_WRITTEN: WriteResult = {
  mode: 'on',
  planned: 0,
  opened: 0,
  updated: 0,
  closed: 0,
  suppressed: 0,
  failed: 0,
  errors: [],
  notes: [],
  actions: [],
  retryAt: null,
  notBefore: null,
};

/** Carries out plans in one run, one after the other, within one budget. */
export class IssueWriter {
  readonly #ports: WriterPorts;
  readonly #counts = { planned: 0, opened: 0, updated: 0, closed: 0, suppressed: 0, failed: 0 };
  readonly #errors: string[] = [];
  readonly #notes: string[] = [];
  readonly #actions: string[] = [];
  #retryAt: number | null = null;
  #notBefore: number | null = null;
  #writes = 0;
  #unanswered = 0;
  #refused = 0;
  /** Issues that we may not write to. */
  readonly #closedToUs = new Set<number>();
  #isStopped = false;

  constructor(ports: WriterPorts) {
    this.#ports = ports;
  }

  /**
   * Intent, call, confirmation, each kept in the ledger, so that a crash at any point is found and finished by the next run.
   * Never throws for what GitHub does; the result says what happened.
   */
  async carryOut({ transitions, notes }: Plan): Promise<void> {
    this.#notes.push(...notes);
    for (const transition of transitions) {
      this.#counts.planned += transition.steps.length;
      if (this.#ports.inbox.mode === 'on') await this.#transact(transition);
      else this.#actions.push(...transition.steps.map(({ call }) => describeCall(call)));
    }
    this.#noteRefused();
  }

  /** Where nothing at all can be written, it is not about single issues. */
  #noteRefused(): void {
    const { opened, updated, closed } = this.#counts;
    if (this.#closedToUs.size === 0 || opened + updated + closed === 0) return;
    const { rows, now } = this.#ports;
    rows.put('inbox', noteRefused(inboxState(rows), this.#closedToUs, now()));
  }

  /** Adds what went wrong elsewhere in the run. */
  report(errors: readonly string[], retryAt: number | null = null): void {
    this.#errors.push(...errors);
    this.#later(retryAt);
  }

  get result(): WriteResult {
    const { planned, opened, updated, closed } = this.#counts;
    const isMute = this.#ports.inbox.mode === 'on' && planned > 0 && opened + updated + closed === 0;
    const errors =
      isMute && this.#errors.length === 0 ? [`None of the ${planned} planned writes succeeded.`] : this.#errors;
    return {
      mode: this.#ports.inbox.mode,
      ...this.#counts,
      errors,
      notes: this.#notes,
      actions: this.#actions,
      retryAt: this.#retryAt,
      notBefore: this.#notBefore,
    };
  }

  /** All steps, then the new state and the end of all that was remembered of them, at once. */
  async #transact(transition: Transition): Promise<void> {
    const { rows } = this.#ports;
    const { steps } = transition;
    const about = ownerOf(steps);
    if (about !== undefined) this.#forgetOthers(about, steps);
    if (steps.length > 0 && !this.#mayStart(steps)) return;
    let created: number | null = null;
    for (const [index, step] of steps.entries()) {
      const issue = await this.#performOnce(step, index === steps.length - 1);
      if (issue === undefined) {
        this.#counts.suppressed += steps.length - index - 1;
        return;
      }
      if (step.call.kind === 'create') created = issue;
    }
    rows.transaction(() => {
      rows.put('inbox', transition.apply(inboxState(rows), created));
      for (const key of transition.clears ?? []) forgetStep(rows, key);
      if (about !== undefined) this.#forgetOthers(about, []);
    });
  }

  /** An earlier plan for the same issue is void: what it did last is no longer what the issue shows. Unanswered comments stay in doubt. */
  #forgetOthers(about: string, steps: readonly Step[]): void {
    const { rows } = this.#ports;
    const current = steps.map(({ key }) => key);
    for (const row of rows.steps(`${DONE}${about}/`)) {
      const isAct = rows.get(row)?.kind === 'reopen' && steps.length > 0;
      if (!isAct && !current.includes(row.slice(DONE.length))) rows.delete(row);
    }
    if (steps.length > 0) return;
    for (const row of rows.steps(`${INTENT}${about}/`)) rows.delete(row);
  }

  /** Whether there is room for the whole transition: a comment without the close that it announces helps nobody. */
  #mayStart(steps: readonly Step[]): boolean {
    const { now, createsHeldUntil, maxWrites = MAX_WRITES } = this.#ports;
    const isHeld = createsHeldUntil !== null && steps.some(({ call }) => call.kind === 'create');
    const room = maxWrites - Math.max(this.#writes, recentWrites(this.#ports).length);
    if (!this.#isStopped && !isHeld && steps.length <= room) return true;
    this.#counts.suppressed += steps.length;
    if (!this.#isStopped) this.#later(isHeld ? createsHeldUntil : now() + MINUTE);
    return false;
  }

  /** The number of the issue, or undefined when the step could not be carried out now. */
  async #performOnce(step: Step, isLast: boolean): Promise<number | undefined> {
    const { rows, inbox, now } = this.#ports;
    const { call } = step;
    // What a create made is found by its key alone, so no two may share one.
    const key = call.kind === 'create' ? `${step.key}-${now()}` : step.key;
    const done = rows.get(`${DONE}${key}`);
    if (done?.issue != null) return done.issue;
    if (this.#isStopped) {
      this.#counts.suppressed += 1;
      return undefined;
    }
    const row: StepRow = { at: now(), kind: call.kind, issue: call.kind === 'create' ? null : call.issue };
    try {
      const isInDoubt = rows.get(`${INTENT}${key}`) !== undefined && call.kind === 'comment';
      const wasThere = isInDoubt && (await inbox.hasComment(call.issue, key));
      if (!wasThere) {
        this.#writes += 1;
        rows.transaction(() => {
          rows.put(`${INTENT}${key}`, row);
          rows.put('writes', [...recentWrites(this.#ports), now()]);
        });
      }
      const { issue, warning } = wasThere ? { issue: call.issue } : await inbox.perform(call, key);
      // The last step is confirmed together with its transition.
      if (!isLast)
        rows.transaction(() => {
          rows.put(`${DONE}${key}`, { ...row, issue });
          rows.delete(`${INTENT}${key}`);
        });
      if (warning) this.#errors.push(warning);
      this.#count(call, issue);
      return issue;
    } catch (error) {
      if (!(error instanceof InboxError)) throw error;
      this.#fail(error, key, call);
      return undefined;
    }
  }

  #count(call: Call, issue: number): void {
    const counts = this.#counts;
    this.#refused = 0;
    if (call.kind === 'create') counts.opened += 1;
    else if (call.kind === 'close') counts.closed += 1;
    else counts.updated += 1;
    this.#actions.push(call.kind === 'create' ? `${describeCall(call)} (#${issue})` : describeCall(call));
  }

  /** A refusal leaves nothing behind; only after silence may the call have had its effect, so its intent stays. */
  #fail({ failure, message, retryAt }: InboxError, key: string, call: Call): void {
    const { rows, now } = this.#ports;
    this.#counts.failed += 1;
    this.#errors.push(message);
    if (failure === 'transport') {
      this.#unanswered += 1;
      this.#later(now() + 2 * MINUTE);
    } else rows.delete(`${INTENT}${key}`);
    if (failure === 'rate-limited') {
      this.#notBefore = Math.max(this.#notBefore ?? 0, retryAt ?? now() + MINUTE);
      this.#later(this.#notBefore);
    }
    if (failure === 'forbidden') this.#refused += 1;
    const isRefused = failure === 'not-found' || (failure === 'forbidden' && call.kind !== 'create');
    if (isRefused && call.kind !== 'create') this.#closedToUs.add(call.issue);
    const isAboutOne = failure === 'transport' || failure === 'invalid' || isRefused;
    this.#isStopped ||= !isAboutOne || this.#unanswered >= MAX_FAILURES || this.#refused >= MAX_REFUSALS;
  }

  #later(at: number | null): void {
    if (at !== null) this.#retryAt = Math.max(this.#retryAt ?? 0, at);
  }
}

/** `about` as it stands at the beginning of every key of a transition. */
function ownerOf([first]: readonly Step[]): string | undefined {
  return first?.key.split('/', 1)[0];
}

function recentWrites({ rows, now }: WriterPorts): readonly number[] {
  return (rows.get('writes') ?? []).filter((at) => now() - at < MINUTE);
}
