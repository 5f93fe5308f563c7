/** The syntax tree of an awk program. */

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** As a value: whether it matches `$0`. As an operand of `~`, `split` and their like: itself. */
  | { readonly kind: 'regex'; readonly source: string }
  | Target
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'match'; readonly isNegated: boolean; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'conditional'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'assign'; readonly operator: string; readonly target: Target; readonly value: Expression }
  | { readonly kind: 'increment'; readonly by: 1 | -1; readonly isPrefix: boolean; readonly target: Target }
  | { readonly kind: 'in'; readonly array: string; readonly subscripts: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly isOwn: boolean }
  | {
      readonly kind: 'getline';
      readonly target: Target | null;
      readonly from: 'input' | 'file' | 'command';
      readonly source: Expression | null;
    }
  | { readonly kind: 'group'; readonly items: readonly Expression[] };

export type Target =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'element'; readonly array: string; readonly subscripts: readonly Expression[] }
  | { readonly kind: 'field'; readonly index: Expression };

export type Statement =
  | { readonly kind: 'block'; readonly statements: readonly Statement[] }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | {
      readonly kind: 'print';
      readonly isFormatted: boolean;
      readonly args: readonly Expression[];
      readonly redirect: '>' | '>>' | '|' | null;
      readonly target: Expression | null;
    }
  | { readonly kind: 'if'; readonly condition: Expression; readonly yes: Statement; readonly no: Statement | null }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: Statement; readonly isDo: boolean }
  | {
      readonly kind: 'for';
      readonly start: Statement | null;
      readonly condition: Expression | null;
      readonly step: Statement | null;
      readonly body: Statement;
    }
  | { readonly kind: 'for-in'; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly kind: 'delete'; readonly array: string; readonly subscripts: readonly Expression[] | null }
  | { readonly kind: 'return'; readonly value: Expression | null }
  | { readonly kind: 'exit'; readonly value: Expression | null }
  | { readonly kind: 'next' | 'nextfile' | 'break' | 'continue' };

export interface Rule {
  readonly pattern: 'BEGIN' | 'END' | readonly Expression[];
  /** Null prints the record. */
  readonly action: Statement | null;
}

export interface AwkFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<string, AwkFunction>;
}

export class AwkSyntaxError extends Error {
  override readonly name = 'AwkSyntaxError';
}

export function isTarget(expression: Expression): expression is Target {
  return expression.kind === 'variable' || expression.kind === 'element' || expression.kind === 'field';
}
