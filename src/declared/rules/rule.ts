import type { Located } from '../../core/finding.ts';
import type { Blind, Remark, Unverified } from '../../core/gate.ts';
import type { Budget } from '../expressions/budget.ts';
import type { Host } from '../expressions/host.ts';
import type { Row } from '../tables/row.ts';
import type { Table } from '../tables/table.ts';

/** Hears what a gate looked at, for `--explain`. */
export type Witness = (seen: Sighting) => void;

/** One subject with what was seen of it. */
export interface Sighting {
  readonly at: Located;
  readonly subject: string;
  /** `passed over`: the gate's `when` does not hold for it. */
  readonly outcome: 'holds' | 'found' | 'passed over' | 'unclear';
  /** Values by what was asked for. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a gate is judged with. */
export interface Scope {
  readonly host: Host;
  readonly budget: Budget;
  table(name: string): Table;
  readonly witness: Witness | undefined;
}

/** What is wrong with one subject, before it is put in words. */
export interface Flaw {
  /** Half of a finding's identity: what kind of thing is wrong. */
  readonly rule: string;
  /** The other half: who is concerned. */
  readonly subject: string;
  readonly at: Located;
  /** The message where the gate says none. */
  readonly message: string;
  /** What the placeholders of the gate's own message may ask for. */
  readonly row?: Row | undefined;
  readonly values?: Readonly<Record<string, string>>;
}

export type RuleRemark = Flaw | Blind | Unverified;

/** One kind of gate, made from an entry of a gate file. */
export interface Rule {
  /** Tables that its subjects come from. The gate does not apply where none of them has files. */
  readonly tables: readonly string[];
  /** Paths and globs of its own, in the place of tables. */
  readonly files: readonly string[];
  /** What it looks for, for the sentence that says it found none. */
  readonly subjects: string;
  /** Names that placeholders may use beside those of the row. */
  readonly placeholders: readonly string[];
  /** Yields what is wrong, and returns how many subjects were judged. */
  check(scope: Scope): Generator<RuleRemark, number>;
}

export function isFlaw(remark: RuleRemark | Remark): remark is Flaw {
  return 'message' in remark && 'rule' in remark;
}
