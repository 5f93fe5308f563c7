import type { Finding } from './finding.ts';
import type { Verdict } from './gate.ts';
import type { Snapshot } from './snapshot.ts';
import type { Trace } from './trace.ts';

/** What one script of the audited repo says about it, run as it is. */
export interface ScriptAnswer {
  readonly verdict: Exclude<Verdict, 'skip' | 'provisional'>;
  /** Why it is blind or crashed; what a failing script could not look at. */
  readonly reason: string | undefined;
  readonly findings: readonly Finding[];
  /** What it printed besides, masked and cut. */
  readonly output: readonly string[];
  /** What of the verdict stands on somebody's word. */
  readonly unverified: readonly string[];
  readonly trace: Trace;
  /** Commands that it ran. */
  readonly commands: number;
}

/** The state of the world that scripts are run on. */
export interface ScriptWorld {
  readonly target: Snapshot;
  /** By name. */
  readonly siblings: ReadonlyMap<string, Snapshot>;
  /** Milliseconds since the epoch: the time that scripts are told. */
  readonly now: number;
}

/** Runs one script of the audited repo, by its path. Throws only `SnapshotError`. */
export type RunScript = (script: string) => Promise<ScriptAnswer>;

/** Something that runs the audited repo's own check scripts. */
export interface ScriptEngine {
  /** What answers depend on besides the engine's code and the repos: where scripts expect the checkout, and what their environment says. */
  readonly layout: string;
  /** Gets ready for one state of the world; called only when a script has to be run, since it may load a lot of code. */
  open(world: ScriptWorld): Promise<RunScript>;
}
