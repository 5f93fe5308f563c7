import type { YqNode } from './node.ts';
import type { Expression } from './parser.ts';
import { Unsupported } from './signals.ts';

/** Far beyond any real query; keeps a hostile one from running for ever. */
const STEPS = 1_000_000;

/** What holds for the whole of one evaluation. */
export interface Run {
  readonly env: ReadonlyMap<string, string>;
  /** Whether the documents are this run's own, so that steps into nothing may create what they name, as yq does. */
  readonly isPrivate: boolean;
  /** Blanks a level, in YAML. */
  readonly indent: number;
  /** Whether a scalar's text alone is printed, without quotes. */
  readonly unwraps: boolean;
  /** Set when a step would have created something, but the documents are shared. */
  hasCreated: boolean;
  steps: number;
}

/** What an operator is given. */
export interface Scope {
  readonly nodes: readonly YqNode[];
  /** Whether steps into nothing give nothing instead of null. */
  readonly isReadOnly: boolean;
  readonly variables: ReadonlyMap<string, readonly YqNode[]>;
}

export type Evaluate = (run: Run, scope: Scope, expression: Expression | null) => readonly YqNode[];

export type Handler = (run: Run, scope: Scope, expression: Expression, evaluate: Evaluate) => readonly YqNode[];

/** Counts work. Throws `Unsupported` when it is too much. */
export function spend(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > STEPS) throw new Unsupported('query that takes more than a million steps');
}

export function over(scope: Scope, nodes: readonly YqNode[]): Scope {
  return { ...scope, nodes };
}

export function readOnly(scope: Scope): Scope {
  return scope.isReadOnly ? scope : { ...scope, isReadOnly: true };
}

/** Applies a function to each value. */
export function each(apply: (node: YqNode, run: Run) => readonly YqNode[] | YqNode): Handler {
  return (run, { nodes }) => nodes.flatMap((node) => apply(node, run));
}
