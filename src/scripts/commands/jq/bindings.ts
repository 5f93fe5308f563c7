import { indexed } from './paths.ts';
import { type Evaluator, plain, type Result } from './result.ts';
import type { Scope } from './scope.ts';
import type { Filter, Pattern } from './syntax.ts';
import { JqError, type Json } from './value.ts';

/** `reduce source as pattern (start; update)`. */
export function* reduce(
  machine: Evaluator,
  { source, pattern, start, update }: Extract<Filter, { kind: 'reduce' }>,
  scope: Scope,
  input: Result,
): Generator<Result> {
  for (const first of machine.values(start, scope, input.value)) {
    let state: Json = first;
    for (const item of machine.values(source, scope, input.value)) {
      for (const inner of destructure(machine, pattern, scope, item)) {
        let last: Json = null;
        for (const value of machine.values(update, inner, state)) last = value;
        state = last;
      }
    }
    yield plain(state);
  }
}

/** `foreach source as pattern (start; update; extract)`. */
export function* foreach(
  machine: Evaluator,
  { source, pattern, start, update, extract }: Extract<Filter, { kind: 'foreach' }>,
  scope: Scope,
  input: Result,
): Generator<Result> {
  for (const first of machine.values(start, scope, input.value)) {
    let state: Json = first;
    for (const item of machine.values(source, scope, input.value)) {
      for (const inner of destructure(machine, pattern, scope, item)) {
        for (const value of machine.values(update, inner, state)) {
          state = value;
          if (extract) for (const shown of machine.values(extract, inner, state)) yield plain(shown);
          else yield plain(state);
        }
      }
    }
  }
}

/** `value as pattern ?// pattern | body`: the first pattern that fits. */
export function* bind(
  machine: Evaluator,
  patterns: readonly Pattern[],
  body: Filter,
  scope: Scope,
  input: Result,
  value: Json,
): Generator<Result> {
  let failure: unknown;
  let clean = scope;
  if (patterns.length > 1) for (const name of patterns.flatMap(namesIn)) clean = clean.bind(name, null);
  for (const pattern of patterns) {
    try {
      for (const inner of destructure(machine, pattern, clean, value)) yield* machine.evaluate(body, inner, input);
      return;
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function* destructure(machine: Evaluator, pattern: Pattern, scope: Scope, value: Json): Generator<Scope> {
  if (pattern.kind === 'name') yield scope.bind(pattern.name, value);
  else if (pattern.kind === 'list') yield* destructureList(machine, pattern.items, 0, scope, value);
  else yield* destructureFields(machine, pattern.fields, 0, scope, value);
}

function* destructureList(
  machine: Evaluator,
  items: readonly Pattern[],
  at: number,
  scope: Scope,
  value: Json,
): Generator<Scope> {
  const item = items[at];
  if (!item) yield scope;
  else
    for (const inner of destructure(machine, item, scope, indexed(value, at)))
      yield* destructureList(machine, items, at + 1, inner, value);
}

function* destructureFields(
  machine: Evaluator,
  fields: Extract<Pattern, { kind: 'fields' }>['fields'],
  at: number,
  scope: Scope,
  value: Json,
): Generator<Scope> {
  const field = fields[at];
  if (!field) {
    yield scope;
    return;
  }
  for (const key of machine.values(field.key, scope, value)) {
    const inner = indexed(value, key);
    const bound = field.name === null ? scope : scope.bind(field.name, inner);
    for (const next of field.pattern ? destructure(machine, field.pattern, bound, inner) : [bound])
      yield* destructureFields(machine, fields, at + 1, next, value);
  }
}

function namesIn(pattern: Pattern): readonly string[] {
  if (pattern.kind === 'name') return [pattern.name];
  if (pattern.kind === 'list') return pattern.items.flatMap(namesIn);
  return pattern.fields.flatMap(({ name, pattern: inner }) => [
    ...(name === null ? [] : [name]),
    ...(inner ? namesIn(inner) : []),
  ]);
}
