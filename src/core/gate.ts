import { z } from 'zod';
import type { Clock } from './clock.ts';
import type { FactTable, ReportedFacts } from './facts.ts';
import type { GateFinding } from './finding.ts';
import type { Repo } from './repo.ts';
import type { HistoryAnswer, HistoryQuery } from './snapshot.ts';

/**
 * What a gate found out. Neither `blind` nor `crashed` ever counts as a pass.
 * `provisional`: the repo's own script has said something, and nobody has certified yet that the script engine runs it as bash does. It counts as nothing.
 */
export const Verdict = z.enum(['pass', 'fail', 'blind', 'crashed', 'skip', 'provisional']);
export type Verdict = z.infer<typeof Verdict>;

/** A part of a gate that nobody can judge from here, for example because only a live machine knows. The rest still decides. */
export interface Unverified {
  readonly unverified: string;
}

/** An input is missing for a reason that says nothing about the repo (sibling not configured): blind, unless a finding decides. */
export interface Blind {
  readonly blind: string;
}

/** The repo lacks the very thing that this gate is about: skip, unless a finding decides. Only for gates of our own. */
export interface NotApplicable {
  readonly notApplicable: string;
}

export type Remark = GateFinding | Unverified | Blind | NotApplicable;

/** The verdict of another gate, for composite gates. */
export interface OtherVerdict {
  readonly verdict: Verdict;
  readonly unverified: readonly string[];
  readonly reason: string | undefined;
}

export interface GateContext {
  readonly repo: Repo;
  readonly clock: Clock;
  /** The sibling repo of that name, or undefined when none is configured. */
  sibling(name: string): Repo | undefined;
  /** Throws `Unavailable` when the history cannot be had. */
  history(query: HistoryQuery): Exclude<HistoryAnswer, { unavailable: string }>;
  verdictOf(gateName: string): OtherVerdict;
  /** What machines posted about themselves. */
  readonly reported: ReportedFacts;
}

/** A small ops repo in which the gate passes or fails: documentation and test at once. */
export interface Example {
  /** What this state shows, as a clause: "a phase without a site". */
  readonly title: string;
  /** Path → text. Modes are 100644 unless the path is listed in `executable`. */
  readonly files: Readonly<Record<string, string>>;
  readonly executable?: readonly string[];
  readonly siblings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Time of the audit; 2026-02-17T20:00:00Z when absent. */
  readonly now?: string;
  /** What git would answer; without it there is no history. */
  readonly history?: (query: HistoryQuery) => HistoryAnswer;
  readonly uncommitted?: readonly string[];
  /** What machines posted, by table. Without it nothing was ever posted. */
  readonly reported?: Readonly<Record<string, readonly FactTable[]>>;
  /** When (ms since the epoch) a runner last reported results of gates. */
  readonly resultsAt?: number;
  /** For `fail`: `rule subject` of each finding in order. For `pass` and `blind`: nothing. */
  readonly finds?: readonly string[];
}

export interface GateExamples {
  readonly pass: readonly Example[];
  readonly fail: readonly Example[];
  readonly blind?: readonly Example[];
  readonly skip?: readonly Example[];
}

/** What the registry says of a repo's gate, for a gate that is ours: it mirrors no script, and no registry knows it. */
export interface OwnGate {
  readonly number: string;
  readonly severity: string;
  /** The lane of ours that it belongs to. */
  readonly lane: string;
  /** It says little of a repo with a registry of its own: there it runs only when somebody asks for its lane. */
  readonly isGeneral?: true;
  /** It is of interest only where something of what it reads is there. */
  readonly isOptional?: true;
}

/** A command of the repo's whose exit status is the verdict: only a runner can tell it. */
export interface GateCommand {
  readonly command: string;
  /** Seconds it may take. */
  readonly timeout: number;
  /** What is wrong when it fails and prints nothing that says so. */
  readonly say?: string;
}

/**
 * One check of an ops repo.
 * `check` is pure, synchronous and total over anything that a file can hold; it yields what is wrong, in the order in which a reader would want it.
 */
export interface Gate {
  /** The file's name and the registry's name. */
  readonly name: string;
  /** Git blob ids of the script versions whose verdict this gate was verified to equal. */
  readonly mirrors: readonly string[];
  /** Present when it is ours. */
  readonly own?: OwnGate;
  /** Present where a runner decides it. */
  readonly command?: GateCommand;
  /** What goes wrong in the real world when this fails, for somebody tired. */
  readonly why: string;
  /** What to do about it, where the audited repo's registry says nothing better. */
  readonly fix: string;
  /** What it does not look at. For the catalogue: an issue is about what was found. */
  readonly limits?: string;
  /** Present where the script stops at the first thing that is wrong: so does the gate, and what lies behind shows once that is fixed. */
  readonly stopsAtFirst?: true;
  /**
   * What it can find: rule → message, with `{placeholders}`. A rule is half of a finding's identity, so a new name for one makes new findings.
   * A rule with several messages has them as `rule:case`.
   */
  readonly rules: Readonly<Record<string, string>>;
  /** Paths and globs worth fetching before the first run: a hint, not a fence. */
  readonly reads: readonly string[];
  /** The same for siblings, by name. */
  readonly siblingReads?: Readonly<Record<string, readonly string[]>>;
  /** Each state in which our verdict is deliberately stricter than the script's, with the reason. */
  readonly deviates?: readonly string[];
  check(context: GateContext): Iterable<Remark>;
  readonly examples: GateExamples;
}
