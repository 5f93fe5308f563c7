import type { AuditProgress } from '../audit/evaluate.ts';
import { redactReport, redactSentence } from '../audit/redact-report.ts';
import { CouldNotAudit } from '../audit/registry/governance.ts';
import { type Audit, runAudit } from '../audit/run.ts';
import { MINUTE } from '../core/durations.ts';
import type { Report } from '../core/report.ts';
import { Unavailable } from '../core/signals.ts';
import { SnapshotError } from '../core/snapshot.ts';
import type { TargetSummary } from '../core/store.ts';
import { planBroken } from '../inbox/plan/broken.ts';
import { planGapInbox } from '../inbox/plan/gap-inbox.ts';
import { planInbox } from '../inbox/plan/plan.ts';
import type { PlanInput } from '../inbox/plan/situation.ts';
import { type Inbox, InboxError } from '../inbox/port.ts';
import { EMPTY_INBOX, type InboxState } from '../inbox/state.ts';
import type { Plan } from '../inbox/writes.ts';
import { acceptFindings } from './acceptances.ts';
import { Courier, type DeliveryResult, NOTHING_DELIVERED } from './deliver.ts';
import { noteHead } from './heads.ts';
import { type Acceptance, mergePokes, type Poke } from './pokes.ts';
import type { CoordinatorPorts, Progress, Stage, TargetAccess } from './ports.ts';
import { failedReport, publish } from './publish.ts';
import { headsOf, openSiblings, type SiblingHeads } from './siblings.ts';
import { readMore, readTracker, type Tracker } from './tracker.ts';

export type { Acceptance, Poke } from './pokes.ts';
export type { CoordinatorPorts, Progress, TargetAccess } from './ports.ts';

/** How long an audit that stopped talking keeps others out; longer than any audit takes. */
const LEASE = 5 * MINUTE;
const RETRY = 5 * MINUTE;
/** Tries in a row that fail; after that the next cron, push or wish begins anew. */
const MAX_ATTEMPTS = 10;
const MAX_DELIVERIES = 200;

interface LastAudit extends Pick<Audit, 'report' | 'flipsAt' | 'registered' | 'waivers' | 'touched'> {
  readonly engine: string;
  readonly siblings: SiblingHeads;
}

/** When the rest is to be tried; `hasFailed` makes the pauses grow. */
interface Ending {
  readonly retryAt: number | null;
  readonly notBefore: number | null;
  readonly hasFailed: boolean;
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

  /** Makes the present findings baseline, and remembers who said so and why. False when there is no such gate, or no audit yet. */
  accept(acceptance: Acceptance): boolean {
    const { ledger, now, log, repo } = this.#ports;
    const last = ledger.get('last') as LastAudit | undefined;
    const record = acceptFindings(acceptance, last?.report, { ledger, at: now(), state: this.#readState() });
    if (!record) return false;
    log('baseline accepted', { repo, ...record });
    this.poke({ trigger: 'api', at: now() });
    return true;
  }

  get progress(): Progress {
    const last = this.#ports.ledger.get('summary') as TargetSummary | undefined;
    const waiting = this.#ports.ledger.get('pending') as Poke | undefined;
    const retryAt = waiting?.trigger === 'retry' && waiting.at > this.#ports.now() ? { retryAt: waiting.at } : {};
    return {
      stage: this.#isRunning ? this.#stage : waiting ? 'queued' : last ? 'done' : 'idle',
      auditId: last?.id ?? null,
      ...(this.#isRunning ? this.#steps : retryAt),
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
    const notBefore = (ledger.get('notBefore') as number | undefined) ?? 0;
    if (notBefore > now()) {
      wakeAt(notBefore);
      return;
    }
    this.#isRunning = true;
    const until = now() + LEASE;
    ledger.put('lease', { life: this.#life, until });
    // Should this life end half-way, another one takes over then.
    wakeAt(until);
    try {
      this.#settle(poke, await this.#auditSafely(poke));
    } finally {
      this.#isRunning = false;
      ledger.delete('lease');
    }
  }

  /** The poke is done with, unless another came meanwhile; what could not be delivered is tried again. */
  #settle(poke: Poke, { retryAt, notBefore, hasFailed }: Ending): void {
    const { ledger, wakeAt, now } = this.#ports;
    if (notBefore === null) ledger.delete('notBefore');
    else ledger.put('notBefore', notBefore);
    if (JSON.stringify(ledger.get('pending')) !== JSON.stringify(poke)) {
      wakeAt(now());
      return;
    }
    const attempt = (poke.attempt ?? 0) + (hasFailed ? 1 : 0);
    if (retryAt === null || attempt > MAX_ATTEMPTS) {
      ledger.delete('pending');
      return;
    }
    const pause = hasFailed ? Math.min(2 ** attempt, 60) * MINUTE : 0;
    const at = Math.max(retryAt, now() + pause);
    ledger.put('pending', { ...poke, trigger: 'retry', at, attempt });
    wakeAt(at);
  }

  /** Whatever goes wrong is stored for all to see, and neither stops the coordinator for good nor is tried for ever. */
  async #auditSafely(poke: Poke): Promise<Ending> {
    const { now, log, repo } = this.#ports;
    try {
      return await this.#audit(poke);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log('internal error', { repo, error: error instanceof Error ? error.stack : reason });
      const sentence = `internal error: ${redactSentence(reason)}; please report it`;
      await this.#publish(undefined, poke, failedReport(sentence, now(), this.#ports), NOTHING_DELIVERED, undefined);
      return { retryAt: now() + RETRY, notBefore: null, hasFailed: true };
    }
  }

  async #audit(poke: Poke): Promise<Ending> {
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
    const { ledger, engine, gates, defaultRegistry, now } = this.#ports;
    const sha = await access.head();
    noteHead(ledger, sha, now());
    const siblings = await headsOf(access.siblings);
    const last = ledger.get('last') as LastAudit | undefined;
    const isSame =
      last?.report.sha === sha &&
      last.engine === engine &&
      last.report.complete &&
      JSON.stringify(last.siblings) === JSON.stringify(siblings);
    const isTimeless =
      last !== undefined && (last.flipsAt === null || at < last.flipsAt) && at >= Date.parse(last.report.now);
    if (last && isSame && isTimeless && !poke.force) {
      const { touched: _, ...rest } = last;
      return { ...rest, report: { ...last.report, now: new Date(at).toISOString() } };
    }
    const audit = await runAudit({
      target: await access.open(sha),
      ...(await openSiblings(access.siblings, siblings)),
      governance: access.governance ?? 'repo',
      declare: access.declare,
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
    const { flipsAt, registered, touched } = audit;
    const waivers = keepReadable(audit.waivers, last?.waivers);
    const report = redactReport(audit.report);
    return { report, flipsAt, registered, waivers, engine, siblings, ...(touched ? { touched } : {}) };
  }

  async #conclude(access: TargetAccess, poke: Poke, last: LastAudit, at: number): Promise<Ending> {
    this.#stage = 'writing issues';
    this.#steps = undefined;
    this.#ports.ledger.put('last', last);
    const delivery = await this.#deliver(access, async (courier, tracker) => {
      const input = {
        report: last.report,
        registered: new Set(last.registered),
        waivers: last.waivers,
        tracker,
        now: at,
      };
      const known = await this.#planAll(input, access.inbox);
      await courier.carryOut(known.plan);
      const troubles = [...known.plan.problems, ...known.tracker.errors, ...incompleteness(last.report)];
      const isPassing = known.tracker.errors.length > 0 || (!last.report.complete && !hasCrashes(last.report));
      courier.report(troubles, isPassing ? this.#ports.now() + RETRY : null);
      await this.#keepGapInbox(courier, { ...input, tracker: known.tracker }, access.inbox);
    });
    const isStored = await this.#publish(access, poke, last.report, delivery, last);
    return this.#endingOf(delivery, isStored);
  }

  /** Plans until nothing is left to read: a plan names the issues that it needs to know. */
  async #planAll(input: Omit<PlanInput, 'state'>, inbox: Inbox): Promise<{ plan: Plan; tracker: Tracker }> {
    let tracker = input.tracker as Tracker;
    for (let asked = new Set<number>(); ; ) {
      const plan = planInbox({ ...input, tracker, state: this.#readState() });
      const unread = plan.unread.filter((number) => !asked.has(number));
      if (unread.length === 0) return { plan, tracker };
      asked = new Set([...asked, ...unread]);
      tracker = await readMore(tracker, unread, inbox);
    }
  }

  /** The Gap inbox names the issues that were just opened, and is pinned once it is there. */
  async #keepGapInbox(courier: Courier, input: Omit<PlanInput, 'state'>, inbox: Inbox): Promise<void> {
    await courier.carryOut(planGapInbox({ ...input, state: this.#readState() }));
    const { gapInbox } = this.#readState();
    if (inbox.mode !== 'on' || !gapInbox?.isOpen || gapInbox.isPinned) return;
    const tracker = await readMore(input.tracker as Tracker, [gapInbox.number], inbox);
    courier.report(tracker.errors.slice((input.tracker as Tracker).errors.length));
    await courier.carryOut(planGapInbox({ ...input, tracker, state: this.#readState() }));
  }

  /** Reads the tracker and writes to it; when it cannot be read as a whole, that is the result. */
  async #deliver(
    { inbox, maxWrites }: TargetAccess,
    work: (courier: Courier, tracker: Tracker) => Promise<void>,
  ): Promise<DeliveryResult> {
    const { ledger, now } = this.#ports;
    const ports = {
      ledger,
      inbox,
      now,
      maxWrites,
      readState: () => this.#readState(),
      writeState: (state: InboxState) => ledger.put('inbox', state),
    };
    let courier = new Courier({ ...ports, createsHeldUntil: null });
    try {
      const tracker = await readTracker(this.#readState(), ports);
      courier = new Courier({ ...ports, createsHeldUntil: tracker.createsHeldUntil });
      await work(courier, tracker);
      return courier.result;
    } catch (error) {
      if (!(error instanceof InboxError)) throw error;
      const { result } = courier;
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

  #readState(): InboxState {
    return (this.#ports.ledger.get('inbox') as InboxState | undefined) ?? EMPTY_INBOX;
  }

  /** Nothing could be audited: say so in the store and, the second time in a row, in the tracker. Closes nothing. */
  async #giveUp(access: TargetAccess | undefined, poke: Poke, error: Error, at: number): Promise<Ending> {
    const { repo, log, now } = this.#ports;
    const message = redactSentence(error.message);
    log('could not audit', { repo, error: message });
    const failure = error instanceof SnapshotError ? error.failure : null;
    const isPassing = failure === 'rate-limited' || failure === 'transport';
    let delivery = NOTHING_DELIVERED;
    if (access && !isPassing)
      delivery = await this.#deliver(access, (courier, tracker) =>
        courier.carryOut(planBroken(this.#readState(), message, tracker)),
      );
    const retryAt = error instanceof SnapshotError ? (error.retryAt ?? (isPassing ? now() + RETRY : null)) : null;
    const notBefore = failure === 'rate-limited' ? retryAt : delivery.notBefore;
    const isStored = await this.#publish(access, poke, failedReport(message, at, this.#ports), delivery, undefined);
    const ending = this.#endingOf(delivery, isStored);
    return { retryAt: retryAt ?? ending.retryAt, notBefore, hasFailed: true };
  }

  #publish(
    access: TargetAccess | undefined,
    { trigger }: Poke,
    report: Report,
    result: DeliveryResult,
    last: LastAudit | undefined,
  ): Promise<boolean> {
    return publish({ access, trigger, report, result, last, state: this.#readState() }, this.#ports);
  }

  #endingOf({ retryAt, notBefore, failed, errors }: DeliveryResult, isStored: boolean): Ending {
    const again = isStored ? retryAt : (retryAt ?? this.#ports.now() + MINUTE);
    return { retryAt: again, notBefore, hasFailed: !isStored || failed > 0 || errors.length > 0 };
  }
}

function hasCrashes({ gates }: Report): boolean {
  return gates.some(({ verdict }) => verdict === 'crashed');
}

/** Why an audit was not complete, so that it does not look like any other. */
function incompleteness({ complete, gates }: Report): readonly string[] {
  if (complete) return [];
  const unseen = gates.filter(({ verdict }) => verdict === 'blind' || verdict === 'crashed');
  const names = unseen.slice(0, 5).map(({ number, verdict }) => `${number} ${verdict}`);
  const rest = unseen.length > names.length ? ` and ${unseen.length - names.length} more` : '';
  return [
    `the audit is incomplete, so it closes nothing: ${names.join(', ') || 'not everything could be read'}${rest}`,
  ];
}

/** An unreadable waivers file changes nothing: what it waived before stays waived. */
function keepReadable(waivers: Audit['waivers'], before: Audit['waivers'] | undefined): Audit['waivers'] {
  return waivers.isReadable || !before ? waivers : { ...waivers, active: before.active, isReadable: before.isReadable };
}
