import { binary } from './binary.ts';
import { bind, foreach, reduce } from './bindings.ts';
import { formatted } from './formats.ts';
import { libraryScope } from './library.ts';
import { native } from './natives.ts';
import { indexed, sliced } from './paths.ts';
import { type Evaluator, extended, iterated, plain, type Result, type Surroundings } from './result.ts';
import type { Closure, Scope } from './scope.ts';
import type { Filter } from './syntax.ts';
import { isArray, isObject, isTruthy, JqError, type Json, typeName } from './value.ts';

class Break extends Error {
  readonly label: object;

  constructor(label: object) {
    super('break');
    this.label = label;
  }
}

/** Runs a filter on one value. Throws `JqError`. */
export class JqMachine implements Evaluator {
  readonly world: Surroundings;

  constructor(world: Surroundings) {
    this.world = world;
  }

  *run(filter: Filter, input: Json, variables: ReadonlyMap<string, Json>): Generator<Json> {
    let scope = libraryScope();
    for (const [name, value] of variables) scope = scope.bind(name, value);
    for (const { value } of this.evaluate(filter, scope, { value: input, path: null })) yield value;
  }

  *values(filter: Filter, scope: Scope, input: Json): Generator<Json> {
    for (const { value } of this.evaluate(filter, scope, { value: input, path: null })) yield value;
  }

  *evaluate(filter: Filter, scope: Scope, input: Result): Generator<Result> {
    this.world.step();
    switch (filter.kind) {
      case 'identity':
        yield input;
        return;
      case 'recurse':
        yield* this.#recurse(input);
        return;
      case 'literal':
        yield plain(filter.value);
        return;
      case 'string':
        yield* this.#string(filter, scope, input, 0, '');
        return;
      case 'format':
        yield plain(formatted(filter.name, input.value));
        return;
      case 'index':
        for (const of of this.evaluate(filter.of, scope, input))
          for (const key of this.values(filter.key, scope, input.value))
            yield* entered(filter, () => ({ value: indexed(of.value, key), path: extended(of.path, key) }));
        return;
      case 'slice':
        yield* this.#slice(filter, scope, input);
        return;
      case 'iterate':
        for (const of of this.evaluate(filter.of, scope, input)) {
          if (!filter.isOptional || isArray(of.value) || isObject(of.value)) yield* iterated(of);
        }
        return;
      case 'try':
        yield* this.#try(filter, scope, input);
        return;
      case 'variable':
        yield plain(
          filter.name === 'ENV'
            ? this.world.environment()
            : filter.name === '__loc__'
              ? new Map()
              : scope.variable(filter.name),
        );
        return;
      case 'call':
        yield* this.#call(filter, scope, input);
        return;
      case 'array':
        yield plain(filter.body ? [...this.values(filter.body, scope, input.value)] : []);
        return;
      case 'object':
        yield* this.#object(filter.entries, scope, input, 0, new Map());
        return;
      case 'negate':
        for (const value of this.values(filter.of, scope, input.value)) {
          if (typeof value !== 'number') throw new JqError(`${typeName(value)} cannot be negated`);
          yield plain(-value);
        }
        return;
      case 'pipe':
        for (const left of this.evaluate(filter.left, scope, input)) yield* this.evaluate(filter.right, scope, left);
        return;
      case 'comma':
        yield* this.evaluate(filter.left, scope, input);
        yield* this.evaluate(filter.right, scope, input);
        return;
      case 'binary':
        yield* binary(this, filter, scope, input);
        return;
      case 'if':
        yield* this.#if(filter.clauses, filter.otherwise, scope, input);
        return;
      case 'reduce':
        yield* reduce(this, filter, scope, input);
        return;
      case 'foreach':
        yield* foreach(this, filter, scope, input);
        return;
      case 'bind':
        for (const value of this.values(filter.source, scope, input.value))
          yield* bind(this, filter.patterns, filter.body, scope, input, value);
        return;
      case 'define':
        yield* this.evaluate(filter.body, scope.define(filter.definition), input);
        return;
      case 'label':
        yield* this.#label(filter.name, filter.body, scope, input);
        return;
      default:
        throw new Break(scope.variable(`*${filter.name}`) as object);
    }
  }

  *#recurse(input: Result): Generator<Result> {
    yield input;
    if (isArray(input.value) || isObject(input.value)) for (const inner of iterated(input)) yield* this.#recurse(inner);
  }

  *#string(
    filter: Extract<Filter, { kind: 'string' }>,
    scope: Scope,
    input: Result,
    at: number,
    text: string,
  ): Generator<Result> {
    const part = filter.parts[at];
    if (part === undefined) yield plain(text);
    else if (typeof part === 'string') yield* this.#string(filter, scope, input, at + 1, text + part);
    else {
      for (const value of this.values(part, scope, input.value))
        yield* this.#string(filter, scope, input, at + 1, text + formatted(filter.format ?? 'text', value));
    }
  }

  *#slice(filter: Extract<Filter, { kind: 'slice' }>, scope: Scope, input: Result): Generator<Result> {
    const { of, from, to } = filter;
    for (const whole of this.evaluate(of, scope, input)) {
      for (const end of to ? this.values(to, scope, input.value) : [null]) {
        for (const start of from ? this.values(from, scope, input.value) : [null]) {
          const key = new Map<string, Json>([
            ['start', start],
            ['end', end],
          ]);
          yield* entered(filter, () => ({
            value: sliced(whole.value, start, end),
            path: extended(whole.path, key),
          }));
        }
      }
    }
  }

  *#try({ body, handler }: Extract<Filter, { kind: 'try' }>, scope: Scope, input: Result): Generator<Result> {
    try {
      yield* this.evaluate(body, scope, input);
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      if (handler) yield* this.evaluate(handler, scope, plain(error.value));
    }
  }

  *#call({ name, args }: Extract<Filter, { kind: 'call' }>, scope: Scope, input: Result): Generator<Result> {
    const closure = scope.function(`${name}/${args.length}`);
    if (!closure) {
      yield* native(this, name, args, scope, input);
      return;
    }
    yield* this.#apply(closure, args, 0, closure.scope, scope, input);
  }

  /** Binds the arguments of a function: `$name` to each of its values, a plain name to the filter itself. */
  *#apply(
    closure: Closure,
    args: readonly Filter[],
    at: number,
    inner: Scope,
    outer: Scope,
    input: Result,
  ): Generator<Result> {
    const parameter = closure.definition.parameters[at];
    const arg = args[at];
    if (parameter === undefined || !arg) {
      yield* this.evaluate(closure.definition.body, inner, input);
    } else if (parameter.startsWith('$')) {
      for (const value of this.values(arg, outer, input.value)) {
        const bound = inner
          .bind(parameter.slice(1), value)
          .define({ name: parameter.slice(1), parameters: [], body: { kind: 'literal', value } });
        yield* this.#apply(closure, args, at + 1, bound, outer, input);
      }
    } else
      yield* this.#apply(
        closure,
        args,
        at + 1,
        inner.define({ name: parameter, parameters: [], body: arg }, outer),
        outer,
        input,
      );
  }

  *#object(
    entries: Extract<Filter, { kind: 'object' }>['entries'],
    scope: Scope,
    input: Result,
    at: number,
    made: ReadonlyMap<string, Json>,
  ): Generator<Result> {
    const entry = entries[at];
    if (!entry) {
      yield plain(made);
      return;
    }
    for (const key of this.values(entry.key, scope, input.value)) {
      if (typeof key !== 'string') throw new JqError(`Object keys must be strings`);
      for (const value of this.values(entry.value, scope, input.value))
        yield* this.#object(entries, scope, input, at + 1, new Map([...made, [key, value]]));
    }
  }

  *#if(
    clauses: Extract<Filter, { kind: 'if' }>['clauses'],
    otherwise: Filter | null,
    scope: Scope,
    input: Result,
  ): Generator<Result> {
    const [clause, ...rest] = clauses;
    if (!clause) {
      if (otherwise) yield* this.evaluate(otherwise, scope, input);
      else yield input;
      return;
    }
    for (const value of this.values(clause.condition, scope, input.value)) {
      if (isTruthy(value)) yield* this.evaluate(clause.body, scope, input);
      else yield* this.#if(rest, otherwise, scope, input);
    }
  }

  *#label(name: string, body: Filter, scope: Scope, input: Result): Generator<Result> {
    const label: readonly Json[] = [];
    try {
      yield* this.evaluate(body, scope.bind(`*${name}`, label), input);
    } catch (error) {
      if (!(error instanceof Break) || error.label !== label) throw error;
    }
  }
}

/** What is entered, or nothing where that is optional and cannot be. */
function entered({ isOptional }: { readonly isOptional?: boolean }, enter: () => Result): readonly Result[] {
  if (!isOptional) return [enter()];
  try {
    return [enter()];
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    return [];
  }
}
