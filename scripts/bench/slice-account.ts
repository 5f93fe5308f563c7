/** What each alarm and each script takes, by what the Worker logs and by the CPU that its process had used by then. */
import { z } from 'zod';

const Logged = z.object({ message: z.string(), script: z.string().default('') });
/** Messages after which another alarm goes on. */
const SLICE_ENDS: ReadonlySet<string> = new Set(['scripts left', 'culprits left']);
/** Messages after which none does. */
const AUDIT_ENDS: ReadonlySet<string> = new Set(['audited', 'could not audit', 'internal error', 'gave up']);

/** An account of one audit. It begins with its first alarm. */
export class SliceAccount {
  readonly #cpu: () => number;
  #alarmSince: number;
  #scriptSince = 0;
  /** Seconds, in their order. */
  readonly alarms: number[] = [];
  /** Seconds by path. */
  readonly scripts = new Map<string, number>();
  /** What was logged at the end. */
  outcome: string | null = null;

  /** `cpu` gives seconds that were used so far. */
  constructor(cpu: () => number) {
    this.#cpu = cpu;
    this.#alarmSince = cpu();
  }

  /** Hears a line of the log; others than ours are nothing to us. */
  hear(line: string): void {
    if (!line.startsWith('{') || this.outcome !== null) return;
    const { message, script } = Logged.parse(JSON.parse(line));
    const cpu = this.#cpu();
    if (message === 'script begins') this.#scriptSince = cpu;
    if (message === 'script ends') this.scripts.set(script, cpu - this.#scriptSince);
    if (!SLICE_ENDS.has(message) && !AUDIT_ENDS.has(message)) return;
    this.alarms.push(cpu - this.#alarmSince);
    this.#alarmSince = cpu;
    if (AUDIT_ENDS.has(message)) this.outcome = message;
  }
}
