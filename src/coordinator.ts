import type { AuditProgress } from './audit/evaluate.ts';
import { CouldNotAudit, type RegisteredGate } from './audit/governance.ts';
import { type PlanInput, planBroken, planGapInbox, planInbox, summarize } from './audit/plan.ts';
import { type Audit, runAudit } from './audit/run.ts';
import { type Standings, standingsAfter } from './audit/standings.ts';
import type { Gate } from './core/gate.ts';
import { EMPTY_INBOX, type Inbox, InboxError, type InboxState, type Plan, type Whereabouts } from './core/inbox.ts';
import type { Ledger } from './core/ledger.ts';
import type { Report } from './core/report.ts';
import { Unavailable } from './core/signals.ts';
import { type Snapshot, SnapshotError } from './core/snapshot.ts';
import type { AuditStore, Delivery, StoredAudit, TargetSummary, Trigger } from './core/store.ts';
import { type DeliveryResult, deliver } from './deliver.ts';
import { summarizeAudit } from './formats/summary.ts';

const MINUTE = 60_000;
/** How long an audit that stopped talking keeps others out; longer than any audit takes. */
const LEASE = 5 * MINUTE;
const RETRY = 5 * MINUTE;
const MAX_DELIVERIES = 200;

/** A repository that can be read at its branch's head. */
export interface Branch {
  head(): Promise<string>;
  open(sha: string): Promise<Snapshot>;
}

/** Access to one target for one audit. */
export interface TargetAccess extends Branch {
  readonly siblings: Readonly<Record<string, Branch>>;
  readonly inbox: Inbox;
  /** Our login at GitHub. */
  readonly login: string;
  /** GitHub requests made so far, by purpose. */
  requests(): Readonly<Record<string, number>>;
}

export interface CoordinatorPorts {
  /** `owner/name`. */
  readonly repo: string;
  readonly ledger: Ledger;
  readonly store: AuditStore;
  readonly gates: readonly Gate[];
  readonly defaultRegistry: readonly RegisteredGate[];
  /** Identifies our gates' code; a new one audits again even where nothing changed. */
  readonly engine: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Asks to be run (`run`) at an instant; a later call replaces an earlier one. */
  readonly wakeAt: (instant: number) => void;
  /** Opens the target. Throws `SnapshotError` when the credentials are unusable. */
  readonly access: () => Promise<TargetAccess>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** A wish for an audit. Several waiting ones become one. */
export interface Poke {
  readonly trigger: Trigger;
  /** The audit's clock (ms since the epoch): the cron's scheduled time, or the time of receipt. */
  readonly at: number;
  readonly changedPaths?: readonly string[];
  /** Audit even when nothing changed. */
  readonly force?: boolean;
}

export type Stage = 'idle' | 'queued' | 'reading' | 'evaluating' | 'writing issues' | 'done';

export interface Progress {
  readonly stage: Stage;
  readonly auditId: string | null;
  /** Files that are being read now. */
  readonly files?: number;
  /** Gates with a verdict, of all. */
  readonly done?: number;
  readonly total?: number;
}

interface LastAudit extends Pick<Audit, 'report' | 'flipsAt' | 'registered' | 'waivers'> {
  readonly engine: string;
  readonly siblings: Readonly<Record<string, string>>;
  readonly isDelivered: boolean;
}

/** Owns one target: one audit at a time, every state change in its ledger, nothing lost when it dies half-way. */
export class Coordinator {
  readonly #ports: CoordinatorPorts;
  /** Tells this life from an earlier one that died holding the lease. */
  readonly #life = crypto.randomUUID();
  #isRunning = false;
  #stage: Stage = 'idle';
  #steps: AuditProgress | undefined;

  constructor(ports: CoordinatorPorts) {
    this.#ports = ports;
  }

  /** Notes the wish and returns at once; the audit runs when the alarm rings, `delay` ms from now. */
  poke(poke: Poke, delay = 0): void {
    const { ledger, wakeAt, now } = this.#ports;
    const waiting = ledger.get('pending') as Poke | undefined;
    ledger.put('pending', waiting ? mergePokes(waiting, poke) : poke);
    if (!this.#isRunning) wakeAt(now() + delay);
  }

  /** Takes a webhook delivery; false when it was seen before, or is the echo of what we did ourselves. */
  deliver(delivery: string, poke: Poke | null, sender: string): boolean {
    const { ledger } = this.#ports;
    const known = (ledger.get('deliveries') as string[] | undefined) ?? [];
    if (known.includes(delivery)) return false;
    ledger.put('deliveries', [...known, delivery].slice(-MAX_DELIVERIES));
    const isEcho = poke?.trigger === 'issues' && sender === ledger.get('login');
    if (!poke || isEcho) return false;
    this.poke(poke);
    return true;
  }

  get progress(): Progress {
    const last = this.#ports.ledger.get('summary') as TargetSummary | undefined;
    const waiting = this.#ports.ledger.get('pending') !== undefined;
    return {
      stage: this.#isRunning ? this.#stage : waiting ? 'queued' : last ? 'done' : 'idle',
      auditId: last?.id ?? null,
      ...(this.#isRunning ? this.#steps : {}),
    };
  }

  /** Runs what is pending. Two at once are impossible: the second one returns and is woken again later. */
  async run(): Promise<void> {
    const { ledger, now, wakeAt } = this.#ports;
    const lease = ledger.get('lease') as { life: string; until: number } | undefined;
    if (this.#isRunning || (lease && lease.life !== this.#life && lease.until > now())) {
      wakeAt(lease?.until ?? now() + MINUTE);
      return;
    }
    const poke = ledger.get('pending') as Poke | undefined;
    if (!poke) return;
    this.#isRunning = true;
    ledger.put('lease', { life: this.#life, until: now() + LEASE });
    let retryAt: number | null = null;
    try {
      retryAt = await this.#audit(poke);
    } finally {
      this.#isRunning = false;
      ledger.delete('lease');
    }
    this.#settle(poke, retryAt);
  }

  /** The poke is done with, unless another came meanwhile; what could not be delivered is tried again. */
  #settle(poke: Poke, retryAt: number | null): void {
    const { ledger, wakeAt, now } = this.#ports;
    const isSame = JSON.stringify(ledger.get('pending')) === JSON.stringify(poke);
    if (!isSame) wakeAt(now());
    else if (retryAt === null) ledger.delete('pending');
    else {
      const at = Math.max(retryAt, now());
      ledger.put('pending', { trigger: 'retry', at });
      wakeAt(at);
    }
  }

  async #audit(poke: Poke): Promise<number | null> {
    const at = poke.trigger === 'retry' ? this.#ports.now() : poke.at;
    this.#stage = 'reading';
    this.#steps = undefined;
    let access: TargetAccess | undefined;
    try {
      access = await this.#ports.access();
      this.#ports.ledger.put('login', access.login);
      const last = await this.#readOrReuse(access, poke, at);
      return await this.#conclude(access, poke, last, at);
    } catch (error) {
      if (!(error instanceof SnapshotError || error instanceof CouldNotAudit || error instanceof Unavailable))
        throw error;
      return await this.#giveUp(access, poke, error, at);
    }
  }

  /** The last audit again if nothing that it depends on has changed, else a new one. */
  async #readOrReuse(access: TargetAccess, poke: Poke, at: number): Promise<LastAudit> {
    const { ledger, engine, gates, defaultRegistry } = this.#ports;
    const sha = await access.head();
    this.#noteHead(sha);
    const branches = Object.entries(access.siblings);
    const heads = await Promise.all(branches.map(async ([name, sibling]) => [name, await sibling.head()] as const));
    const siblings = Object.fromEntries(heads);
    const last = ledger.get('last') as LastAudit | undefined;
    const isSame =
      last?.report.sha === sha &&
      last.engine === engine &&
      last.report.complete &&
      JSON.stringify(last.siblings) === JSON.stringify(siblings);
    const isTimeless =
      last !== undefined && (last.flipsAt === null || at < last.flipsAt) && at >= Date.parse(last.report.now);
    if (last && isSame && isTimeless && !poke.force)
      return { ...last, report: { ...last.report, now: new Date(at).toISOString() } };
    const opened = branches.map(async ([name, sibling]) => [name, await sibling.open(siblings[name] ?? '')] as const);
    const audit = await runAudit({
      target: await access.open(sha),
      siblings: Object.fromEntries(await Promise.all(opened)),
      now: at,
      gates,
      defaultRegistry,
      detailed: true,
      onProgress: (steps) => {
        this.#stage = steps.done > 0 ? 'evaluating' : 'reading';
        this.#steps = steps;
      },
      ...(poke.changedPaths ? { changedPaths: poke.changedPaths } : {}),
    });
    const { report, flipsAt, registered } = audit;
    const waivers = keepReadable(audit.waivers, last?.waivers);
    return { report, flipsAt, registered, waivers, engine, siblings, isDelivered: false };
  }

  /** Orders commits by when we saw them at the branch's head. */
  #noteHead(sha: string): void {
    const { ledger, now } = this.#ports;
    const head = ledger.get('head') as { sha: string } | undefined;
    if (head?.sha !== sha) ledger.put('head', { sha, seenAt: now() });
  }

  async #conclude(access: TargetAccess, poke: Poke, last: LastAudit, at: number): Promise<number | null> {
    const { ledger } = this.#ports;
    this.#stage = 'writing issues';
    this.#steps = undefined;
    ledger.put('last', last);
    const delivery = await this.#deliver(access, last, at);
    const { retryAt, ...record } = delivery;
    await this.#publish(access, poke, last.report, record, last);
    return retryAt;
  }

  async #deliver(access: TargetAccess, last: LastAudit, at: number): Promise<DeliveryResult> {
    const { inbox } = access;
    try {
      const state = this.#readState();
      const issues = await readIssues(inbox, state, last.report);
      const head = this.#ports.ledger.get('head') as { seenAt: number };
      const input: PlanInput = {
        report: last.report,
        registered: new Set(last.registered),
        waivers: last.waivers,
        state,
        issues,
        seenAt: head.seenAt,
        now: at,
      };
      const main = await this.#carryOut(planInbox(input), inbox);
      const gap = await this.#carryOut(planGapInbox({ ...input, state: this.#readState() }, []), inbox);
      return combine(main, gap);
    } catch (error) {
      if (!(error instanceof InboxError)) throw error;
      return unreachable(inbox, error, this.#ports.now() + RETRY);
    }
  }

  #carryOut(plan: Plan, inbox: Inbox): Promise<DeliveryResult> {
    const { ledger, now } = this.#ports;
    const writeState = (state: InboxState) => ledger.put('inbox', state);
    return deliver(plan, { ledger, inbox, now, readState: () => this.#readState(), writeState });
  }

  #readState(): InboxState {
    return (this.#ports.ledger.get('inbox') as InboxState | undefined) ?? EMPTY_INBOX;
  }

  /** Nothing could be audited: say so in the store and, the second time in a row, in the tracker. Closes nothing. */
  async #giveUp(access: TargetAccess | undefined, poke: Poke, error: Error, at: number): Promise<number | null> {
    const { repo, log } = this.#ports;
    log('could not audit', { repo, error: error.message });
    const retryAt =
      error instanceof SnapshotError ? (error.retryAt ?? (error.failure === 'transport' ? at + RETRY : null)) : null;
    const isPassing =
      error instanceof SnapshotError && (error.failure === 'rate-limited' || error.failure === 'transport');
    const report: Report = {
      schemaVersion: 1,
      repo,
      sha: (this.#ports.ledger.get('head') as { sha: string } | undefined)?.sha ?? null,
      now: new Date(at).toISOString(),
      complete: false,
      error: error.message,
      siblings: {},
      lanes: [],
      gates: [],
    };
    let delivery: DeliveryResult = { ...NOTHING_DELIVERED, mode: access?.inbox.mode ?? 'on', errors: [error.message] };
    if (access && !isPassing)
      delivery = combine(delivery, await this.#carryOut(planBroken(this.#readState(), error.message), access.inbox));
    const { retryAt: _, ...record } = delivery;
    await this.#publish(access, poke, report, record, undefined);
    return retryAt;
  }

  async #publish(
    access: TargetAccess | undefined,
    poke: Poke,
    report: Report,
    delivery: Delivery,
    last: LastAudit | undefined,
  ): Promise<void> {
    const { ledger, store, repo, now, log } = this.#ports;
    const state = this.#readState();
    const newlyFailing = report.gates.filter(({ name }) => isOpen(state, name)).map(({ number }) => number);
    const id = `${invertedTime(now())}-${(report.sha ?? 'none').slice(0, 10)}`;
    const inbox = last ? summarize(report, last.waivers, state, []) : null;
    const requests = access?.requests() ?? {};
    const before = (ledger.get('standings') as Standings | undefined) ?? {};
    const standings = standingsAfter(before, { report, state, newlyFailing });
    const audit: StoredAudit = {
      id,
      report,
      trigger: poke.trigger,
      newlyFailing,
      delivery,
      requests,
      inbox,
      standings,
    };
    const summary = summarizeAudit(repo, audit, (ledger.get('summary') as TargetSummary | undefined) ?? null);
    await store.save(repo, audit, summary);
    ledger.transaction(() => {
      ledger.put('summary', summary);
      ledger.put('standings', standings);
    });
    log('audited', { repo, sha: report.sha, outcome: summary.outcome, requests, ...delivery });
  }
}

const NOTHING_DELIVERED: DeliveryResult = {
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
};

function unreachable({ mode }: Inbox, error: InboxError, retryAt: number): DeliveryResult {
  return {
    ...NOTHING_DELIVERED,
    mode,
    planned: 1,
    failed: 1,
    errors: [error.message],
    retryAt: error.retryAt ?? retryAt,
  };
}

function combine(one: DeliveryResult, other: DeliveryResult): DeliveryResult {
  const retries = [one.retryAt, other.retryAt].filter((at) => at !== null);
  return {
    mode: other.mode,
    planned: one.planned + other.planned,
    opened: one.opened + other.opened,
    updated: one.updated + other.updated,
    closed: one.closed + other.closed,
    suppressed: one.suppressed + other.suppressed,
    failed: one.failed + other.failed,
    errors: [...one.errors, ...other.errors],
    notes: [...one.notes, ...other.notes],
    actions: [...one.actions, ...other.actions],
    retryAt: retries.length > 0 ? Math.max(...retries) : null,
  };
}

/** Everything we know by number that the list did not show is fetched by number: absence from a list proves nothing. */
async function readIssues(inbox: Inbox, state: InboxState, report: Report): Promise<ReadonlyMap<number, Whereabouts>> {
  const listed = await inbox.list({ closed: state.startedAt === null });
  const issues = new Map<number, Whereabouts>(listed.map((issue) => [issue.number, issue]));
  const standing = [
    state.group?.number,
    state.gapInbox?.isOpen ? state.gapInbox.number : undefined,
    state.broken?.isOpen ? state.broken.number : undefined,
  ];
  const ofGates = Object.entries(state.gates).map(([name, { issue }]) => {
    const isFailing = report.gates.some((gate) => gate.name === name && gate.verdict === 'fail');
    const isSettled =
      issue?.phase === 'gone' || issue?.phase === 'grouped' || (issue?.phase === 'resolved' && !isFailing);
    return isSettled ? undefined : issue?.number;
  });
  for (const number of [...standing, ...ofGates]) {
    if (number !== undefined && !issues.has(number)) issues.set(number, await inbox.get(number));
  }
  return issues;
}

/** An unreadable waivers file changes nothing: what it waived before stays waived. */
function keepReadable(waivers: Audit['waivers'], before: Audit['waivers'] | undefined): Audit['waivers'] {
  return waivers.isReadable || !before ? waivers : { ...waivers, active: before.active };
}

function isOpen(state: InboxState, name: string): boolean {
  const phase = state.gates[name]?.issue?.phase;
  return phase === 'open' || phase === 'grouped';
}

function mergePokes(waiting: Poke, poke: Poke): Poke {
  const changedPaths =
    waiting.changedPaths && poke.changedPaths ? [...waiting.changedPaths, ...poke.changedPaths] : poke.changedPaths;
  const { changedPaths: _, ...rest } = poke;
  const force = waiting.force || poke.force;
  return { ...rest, ...(force ? { force } : {}), ...(changedPaths ? { changedPaths } : {}) };
}

/** Sorts newest first, bytewise. */
function invertedTime(instant: number): string {
  return String(9_999_999_999_999 - instant).padStart(13, '0');
}
