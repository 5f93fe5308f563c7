import type { Json } from './value.ts';

/** A way into a value. `isOptional`: what cannot be entered is left out, as in `.a?`; a mistake of what stands before it is one still. */
type Access = { readonly of: Filter; readonly isOptional?: boolean } & (
  | { readonly kind: 'index'; readonly key: Filter }
  | { readonly kind: 'slice'; readonly from: Filter | null; readonly to: Filter | null }
  | { readonly kind: 'iterate' }
);

/** The syntax tree of a jq filter. */
export type Filter =
  | { readonly kind: 'identity' | 'recurse' }
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'string'; readonly parts: readonly (string | Filter)[]; readonly format: string | null }
  | { readonly kind: 'format'; readonly name: string }
  | Access
  | { readonly kind: 'try'; readonly body: Filter; readonly handler: Filter | null }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Filter[] }
  | { readonly kind: 'array'; readonly body: Filter | null }
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: Filter; readonly value: Filter }[] }
  | { readonly kind: 'negate'; readonly of: Filter }
  | { readonly kind: 'pipe' | 'comma'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Filter; readonly right: Filter }
  | {
      readonly kind: 'if';
      readonly clauses: readonly { readonly condition: Filter; readonly body: Filter }[];
      readonly otherwise: Filter | null;
    }
  | {
      readonly kind: 'reduce';
      readonly source: Filter;
      readonly pattern: Pattern;
      readonly start: Filter;
      readonly update: Filter;
    }
  | {
      readonly kind: 'foreach';
      readonly source: Filter;
      readonly pattern: Pattern;
      readonly start: Filter;
      readonly update: Filter;
      readonly extract: Filter | null;
    }
  | { readonly kind: 'bind'; readonly source: Filter; readonly patterns: readonly Pattern[]; readonly body: Filter }
  | { readonly kind: 'define'; readonly definition: Definition; readonly body: Filter }
  | { readonly kind: 'label'; readonly name: string; readonly body: Filter }
  | { readonly kind: 'break'; readonly name: string };

export type Pattern =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Pattern[] }
  | {
      readonly kind: 'fields';
      readonly fields: readonly {
        readonly key: Filter;
        readonly name: string | null;
        readonly pattern: Pattern | null;
      }[];
    };

export interface Definition {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Filter;
}

export class JqSyntaxError extends Error {
  override readonly name = 'JqSyntaxError';
}
