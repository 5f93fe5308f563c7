import type { AuditProgress } from '../audit/world.ts';
import { HOUR, MINUTE } from '../core/durations.ts';
import type { Results } from '../reported/results.ts';
import { acceptFindings } from './acceptances.ts';
import { auditOnce, giveUpDying } from './audit-once.ts';
import { inboxState } from './inbox-state.ts';
import type { CoordinatorPorts, Progress, Stage } from './ports.ts';
import { endRepeating } from './repeat.ts';
import { type Acceptance, enqueue, finish } from './requests.ts';
import { forgetResults, type Proof, type Receipt, receiveResults } from './results.ts';
import { type AuditRequest, type Rows, rowsOf } from './rows.ts';

export type { CoordinatorPorts, OpenTarget, Progress } from './ports.ts';
export type { Acceptance } from './requests.ts';
export type { Proof, Receipt } from './results.ts';
export type { AuditRequest } from './rows.ts';

/** GitHub's own limits are renewed every hour. */
const LONGEST_SILENCE = 2 * HOUR;
/** How long an audit that stopped talking keeps others out; longer than any audit takes. */
const LEASE = 5 * MINUTE;
const MAX_DELIVERIES = 1000;
/** Lives in a row that may die with one request, wherever they do; a commit that kills its audit is reported before. */
const MAX_DEATHS = 6;

/** Owns one target: one audit at a time, every state change in its ledger, nothing lost when it dies half-way. */
export class Coordinator {
  readonly #ports: CoordinatorPorts;
  readonly #rows: Rows;
  /** Tells this life from an earlier one that died holding the lease. */
  readonly #life = crypto.randomUUID();
  #isRunning = false;
  #stage: Stage = 'idle';
  #steps: AuditProgress | undefined;

  constructor(ports: CoordinatorPorts) {
    this.#ports = ports;
    this.#rows = rowsOf(ports.ledger, (message, details) => ports.log(message, { repo: ports.repo, ...details }));
  }

  /** Notes the request and returns at once; the audit runs when the alarm rings, `delay` ms from now at the earliest. */
  request(request: AuditRequest, delay = 0): void {
    const { wakeAt, now } = this.#ports;
    const due = enqueue(this.#rows, request, now());
    if (!this.#isRunning) wakeAt(Math.max(due, now() + delay));
  }

  /** Takes a webhook delivery; false when it was seen before, or is the echo of what we did ourselves. */
  receiveWebhook(delivery: string, request: AuditRequest | null, sender: string): boolean {
    const rows = this.#rows;
    const known = rows.get('deliveries') ?? [];
    if (known.includes(delivery)) return false;
    const isEcho = request?.trigger === 'issues' && sender === rows.get('login');
    const isMeant = request !== null && !isEcho;
    // What could not be noted must be taken when GitHub is made to deliver it again.
    if (isMeant) this.request(request);
    rows.put('deliveries', [...known, delivery].slice(-MAX_DELIVERIES));
    return isMeant;
  }

  /** Takes results and facts that were reported. An audit that takes them into account follows. */
  receiveResults(posted: Results, proof: Proof): Receipt {
    const { now } = this.#ports;
    const receipt = receiveResults(this.#rows, posted, proof, now());
    if (receipt === 'taken') this.request({ trigger: 'results', at: now() });
    return receipt;
  }

  /** Forgets all that was reported, and that anything ever was. */
  forgetResults(runner?: string): void {
    forgetResults(this.#rows, runner);
    this.request({ trigger: 'api', at: this.#ports.now(), force: true });
  }

  /** Makes the present findings baseline, and remembers who said so and why. False when there is no such gate, or no audit yet. */
  accept(acceptance: Acceptance): boolean {
    const { now, log, repo } = this.#ports;
    const rows = this.#rows;
    endRepeating(rows);
    const record = acceptFindings(acceptance, rows.get('last')?.report, { rows, at: now(), state: inboxState(rows) });
    if (!record) return false;
    log('baseline accepted', { repo, ...record });
    this.request({ trigger: 'api', at: now() });
    return true;
  }

  get progress(): Progress {
    const last = this.#rows.get('summary');
    const waiting = this.#rows.get('pending');
    const { notBefore = 0 } = waiting ?? {};
    const isLater = notBefore > this.#ports.now();
    const isRetry = waiting?.trigger === 'retry' && isLater;
    // Only a look at CI's checks is due: nobody has to wait for that.
    const isIdle = waiting === undefined || (waiting.trigger === 'checks' && isLater);
    return {
      stage: this.#stageOf(!isIdle, last !== undefined),
      auditId: last?.id ?? null,
      ...(this.#isRunning ? this.#steps : {}),
      ...(!this.#isRunning && isRetry ? { retryAt: notBefore } : {}),
    };
  }

  #stageOf(isWaiting: boolean, hasAudit: boolean): Stage {
    if (this.#isRunning) return this.#stage;
    if (isWaiting) return 'queued';
    return hasAudit ? 'done' : 'idle';
  }

  /** Runs what is pending. Two at once are impossible: the second one returns and is woken again later. */
  async run(): Promise<void> {
    const { now, wakeAt } = this.#ports;
    const rows = this.#rows;
    const lease = rows.get('lease');
    if (this.#isRunning || (lease && lease.life !== this.#life && lease.until > now())) {
      wakeAt(lease?.until ?? now() + MINUTE);
      return;
    }
    const pending = rows.get('pending');
    if (!pending) return;
    const silence = rows.get('notBefore') ?? 0;
    // What lies further ahead was written before silences were bounded.
    const due = Math.max(pending.notBefore ?? 0, silence > now() + LONGEST_SILENCE ? 0 : silence);
    if (due > now()) {
      wakeAt(due);
      return;
    }
    this.#isRunning = true;
    const until = now() + LEASE;
    // A lease that nobody gave back is of a life that died with it; counted before the work, since a dead life counts nothing.
    const deaths = lease ? (lease.deaths ?? 0) + 1 : 0;
    rows.put('lease', { life: this.#life, until, deaths });
    // Should this life end half-way, another one takes over then.
    wakeAt(until);
    try {
      const onStage = (stage: Stage, steps?: AuditProgress) => {
        this.#stage = stage;
        this.#steps = steps;
      };
      const ports = { ...this.#ports, rows, onStage };
      const work = () => (deaths < MAX_DEATHS ? auditOnce(pending, ports) : giveUpDying(pending, deaths, ports));
      const ending = await rows.remembering(work);
      const next = finish(rows, pending, ending, now(), this.#ports.chance?.());
      if (next !== null) wakeAt(next);
    } finally {
      this.#isRunning = false;
      rows.delete('lease');
    }
  }
}
