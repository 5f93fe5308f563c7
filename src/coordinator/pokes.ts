import type { Trigger } from '../core/store.ts';

/** A wish for an audit. Several waiting ones become one. */
export interface Poke {
  readonly trigger: Trigger;
  /** The audit's clock (ms since the epoch): the cron's scheduled time, or the time of receipt. */
  readonly at: number;
  readonly changedPaths?: readonly string[];
  /** Audit even when nothing changed. */
  readonly force?: boolean;
  /** How many tries before it failed. */
  readonly attempt?: number;
}

/** One audit serves both: the later clock, all that was pushed, and the trigger that says more. */
export function mergePokes(waiting: Poke, poke: Poke): Poke {
  const isHint = poke.trigger === 'issues' || poke.trigger === 'retry';
  const { trigger } = isHint && waiting.trigger !== 'retry' ? waiting : poke;
  const paths = [...(waiting.changedPaths ?? []), ...(poke.changedPaths ?? [])];
  return {
    trigger,
    at: Math.max(waiting.at, poke.at),
    ...(waiting.force || poke.force ? { force: true } : {}),
    ...(paths.length > 0 ? { changedPaths: [...new Set(paths)] } : {}),
  };
}

/** Findings that a person declares known. */
export interface Acceptance {
  /** Number or name; every gate when absent. */
  readonly gate?: string;
  readonly by: string;
  readonly reason: string;
}
