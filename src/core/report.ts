import type { DeclarationProblem } from './declaration.ts';
import type { Finding } from './finding.ts';
import type { Verdict } from './gate.ts';

/** What one audit says of one gate. */
export interface GateReport {
  readonly number: string;
  readonly name: string;
  readonly category: string;
  readonly severity: string;
  /** Ids of the lanes it belongs to, in lane order; empty when it was run by itself. */
  readonly lanes: readonly string[];
  readonly verdict: Verdict;
  /** Why it is blind, crashed or skipped. */
  readonly reason?: string;
  /** Parts that cannot be judged from here, beside the verdict of the rest. */
  readonly unverified?: readonly string[];
  /** It is of a lane that we bring along: no script and no registry of the repo's is behind it. */
  readonly ours?: boolean;
  /** The repo's script is not one of the versions we verified our verdict against. */
  readonly scriptChanged?: boolean;
  /** What a runner elsewhere said of it: it fills what we could not check, and never overrules us. */
  readonly reported?: ReportedVerdict;
  readonly findings: readonly Finding[];
  /** The repo's own advice. */
  readonly fixHint?: string;
  /** What goes wrong in the real world when it fails. */
  readonly why?: string;
}

/** A verdict from where a gate can run, with its age and origin. */
export interface ReportedVerdict {
  readonly verdict: 'pass' | 'fail' | 'blind';
  readonly sha: string;
  /** ISO 8601. */
  readonly at: string;
  readonly runner: string;
}

export interface LaneReport {
  readonly id: string;
  readonly total: number;
  readonly pass: number;
  readonly fail: number;
  readonly blind: number;
  readonly crashed: number;
  readonly skip: number;
  readonly gates: readonly string[];
  /** We bring it along; the rest are the repo's own lanes. */
  readonly ours?: boolean;
}

/** The verdicts of one audit of one commit. */
export interface Report {
  readonly schemaVersion: 1;
  readonly repo: string;
  readonly sha: string | null;
  /** ISO 8601, the audit's clock. */
  readonly now: string;
  /** Whether everything that was asked of the target was obtained, no gate crashed and every declared gate could be used. Siblings and machines do not count. */
  readonly complete: boolean;
  /** Why nothing could be audited. */
  readonly error?: string;
  /** Gates that the repo declares and that could not be audited, by the mistakes in their declaration. */
  readonly problems?: readonly DeclarationProblem[];
  /** A stabilisation window of the repo that would let its own runs skip; information only. */
  readonly bypass?: string;
  readonly siblings: Readonly<Record<string, string | null>>;
  readonly lanes: readonly LaneReport[];
  readonly gates: readonly GateReport[];
}

/** Whether an audit has nothing to say of the repo: every gate is blind or does not apply. That is no pass. */
export function judgedNothing({ gates }: Pick<Report, 'gates'>): boolean {
  return gates.every(({ verdict }) => verdict === 'blind' || verdict === 'skip');
}
