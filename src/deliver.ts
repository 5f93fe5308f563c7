import {
  type Call,
  type Inbox,
  InboxError,
  type InboxState,
  type Plan,
  type Step,
  type Transition,
} from './core/inbox.ts';
import type { Ledger } from './core/ledger.ts';
import type { Delivery } from './core/store.ts';
import { describeCall } from './formats/calls.ts';

/** Writes at GitHub per run and per minute; GitHub's own limit on content creation is 80 a minute. */
export const MAX_WRITES = 20;
const MINUTE = 60_000;
/** A create whose fate is unknown is not repeated before GitHub's lists had this long to show it. */
const CREATE_GRACE = MINUTE;
/** Failures without an answer after which the rest of the plan waits for the next run. */
const MAX_FAILURES = 3;

export interface DeliveryPorts {
  readonly ledger: Ledger;
  readonly inbox: Inbox;
  readonly now: () => number;
  readonly readState: () => InboxState;
  readonly writeState: (state: InboxState) => void;
}

export interface DeliveryResult extends Delivery {
  /** When to try the rest (ms since the epoch); null when nothing is left. */
  readonly retryAt: number | null;
}

interface Progress {
  opened: number;
  updated: number;
  closed: number;
  suppressed: number;
  failed: number;
  errors: string[];
  actions: string[];
  retryAt: number | null;
  isStopped: boolean;
  unanswered: number;
}

/**
 * Carries out a plan: intent, call, confirmation, each kept in the ledger, so that a crash at any point is found and finished by the next run.
 * Never throws for what GitHub does; the result says what happened.
 */
export async function deliver(plan: Plan, ports: DeliveryPorts): Promise<DeliveryResult> {
  const { inbox } = ports;
  const planned = plan.transitions.reduce((sum, { steps }) => sum + steps.length, 0);
  const progress: Progress = {
    opened: 0,
    updated: 0,
    closed: 0,
    suppressed: 0,
    failed: 0,
    errors: [],
    actions: [],
    retryAt: null,
    isStopped: false,
    unanswered: 0,
  };
  for (const transition of plan.transitions) {
    if (inbox.mode === 'dry-run') progress.actions.push(...transition.steps.map(({ call }) => describeCall(call)));
    else await carryOut(transition, ports, progress);
  }
  const { isStopped: _, unanswered: __, ...counts } = progress;
  return { mode: inbox.mode, planned, notes: plan.notes, ...counts };
}

async function carryOut(transition: Transition, ports: DeliveryPorts, progress: Progress): Promise<void> {
  const { ledger, readState, writeState } = ports;
  let created: number | null = null;
  for (const step of transition.steps) {
    const issue = await performOnce(step, ports, progress);
    if (issue === undefined) return;
    if (step.call.kind === 'create') created = issue;
  }
  ledger.transaction(() => {
    writeState(transition.apply(readState(), created));
    for (const { key } of transition.steps) ledger.delete(`done/${key}`);
  });
}

/** The number of the issue, or undefined when the step could not be carried out now. */
async function performOnce(step: Step, ports: DeliveryPorts, progress: Progress): Promise<number | undefined> {
  const { ledger, inbox, now } = ports;
  const { key, call } = step;
  const done = ledger.get(`done/${key}`);
  if (typeof done === 'number') return done;
  if (progress.isStopped || !hasBudget(ledger, now())) {
    progress.suppressed += 1;
    progress.retryAt ??= now() + MINUTE;
    return undefined;
  }
  try {
    const intended = ledger.get(`intent/${key}`);
    const trace = typeof intended === 'number' ? await inbox.findTrace(call, key) : null;
    if (trace === null && call.kind === 'create' && typeof intended === 'number' && now() - intended < CREATE_GRACE) {
      progress.suppressed += 1;
      progress.retryAt = Math.max(progress.retryAt ?? 0, intended + CREATE_GRACE);
      return undefined;
    }
    if (trace === null) {
      ledger.transaction(() => {
        if (typeof intended !== 'number') ledger.put(`intent/${key}`, now());
        ledger.put('writes', [...recentWrites(ledger, now()), now()]);
      });
    }
    const issue = trace ?? (await inbox.perform(call, key));
    ledger.transaction(() => {
      ledger.put(`done/${key}`, issue);
      ledger.delete(`intent/${key}`);
    });
    count(call, issue, progress);
    return issue;
  } catch (error) {
    if (!(error instanceof InboxError)) throw error;
    fail(error, key, ports, progress);
    return undefined;
  }
}

function recentWrites(ledger: Ledger, now: number): readonly number[] {
  const writes = ledger.get('writes');
  return Array.isArray(writes) ? writes.filter((at) => typeof at === 'number' && now - at < MINUTE) : [];
}

function hasBudget(ledger: Ledger, now: number): boolean {
  return recentWrites(ledger, now).length < MAX_WRITES;
}

function count(call: Call, issue: number, progress: Progress): void {
  if (call.kind === 'create') progress.opened += 1;
  else if (call.kind === 'close') progress.closed += 1;
  else progress.updated += 1;
  progress.actions.push(call.kind === 'create' ? `${describeCall(call)} (#${issue})` : describeCall(call));
}

/** A refusal leaves nothing behind; only after silence may the call have had its effect, so its intent stays. */
function fail(error: InboxError, key: string, { ledger, now }: DeliveryPorts, progress: Progress): void {
  progress.failed += 1;
  progress.errors.push(error.message);
  const isRefused = error.failure !== 'transport';
  if (isRefused) ledger.delete(`intent/${key}`);
  else progress.unanswered += 1;
  const stopsAll = isRefused && error.failure !== 'invalid' && error.failure !== 'not-found';
  progress.isStopped ||= stopsAll || progress.unanswered >= MAX_FAILURES;
  progress.retryAt = Math.max(progress.retryAt ?? 0, error.retryAt ?? now() + 2 * MINUTE);
}
