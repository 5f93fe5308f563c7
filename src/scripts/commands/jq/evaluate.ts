import { builtin, formatted } from './builtins.ts';
import { arithmetic } from './operators.ts';
import { parseJq } from './parser.ts';
import { deletePath, getPath, indexed, sliced, updatePath } from './paths.ts';
import type { Definition, Filter, Pattern } from './syntax.ts';
import { compareJson, isArray, isObject, isTruthy, JqError, type Json, typeName } from './value.ts';

/** A value with the path that leads to it, where one is kept. */
export interface Result {
  readonly value: Json;
  readonly path: readonly Json[] | null;
}

interface Closure {
  readonly definition: Definition;
  readonly scope: Scope;
}

/** Names that are bound at a place of the program. */
export class Scope {
  readonly #parent: Scope | null;
  readonly #variables = new Map<string, Json>();
  readonly #functions = new Map<string, Closure>();

  constructor(parent: Scope | null) {
    this.#parent = parent;
  }

  variable(name: string): Json {
    for (let scope: Scope | null = this; scope; scope = scope.#parent) {
      const value = scope.#variables.get(name);
      if (value !== undefined) return value;
    }
    throw new JqError(`$${name} is not defined`);
  }

  function(name: string): Closure | undefined {
    for (let scope: Scope | null = this; scope; scope = scope.#parent) {
      const found = scope.#functions.get(name);
      if (found) return found;
    }
    return undefined;
  }

  bind(name: string, value: Json): Scope {
    const inner = new Scope(this);
    inner.#variables.set(name, value);
    return inner;
  }

  /** A scope in which all definitions see each other. */
  static of(definitions: readonly Definition[]): Scope {
    const scope = new Scope(null);
    for (const definition of definitions) scope.#functions.set(keyOf(definition), { definition, scope });
    return scope;
  }

  /** A definition sees itself; an argument only sees where it was written. */
  define(definition: Definition, scope?: Scope): Scope {
    const inner = new Scope(this);
    inner.#functions.set(keyOf(definition), { definition, scope: scope ?? inner });
    return inner;
  }
}

function keyOf({ name, parameters }: Definition): string {
  return `${name}/${parameters.length}`;
}

class Break extends Error {
  readonly label: object;

  constructor(label: object) {
    super('break');
    this.label = label;
  }
}

/** What a program asks of the world. */
export interface Surroundings {
  step(): void;
  needs(what: string): void;
  now(): number;
  environment(): ReadonlyMap<string, string>;
  nextInput(): Json | undefined;
}

const LIBRARY = `
def map(f): [.[] | f];
def select(f): if f then . else empty end;
def recurse(f): def r: ., (f | r); r;
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def values: select(. != null);
def nulls: select(. == null);
def strings: select(type == "string");
def numbers: select(type == "number");
def booleans: select(type == "boolean");
def arrays: select(type == "array");
def objects: select(type == "object");
def scalars: select(type != "array" and type != "object");
def iterables: select(type == "array" or type == "object");
def map_values(f): .[] |= f;
def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
def from_entries: reduce .[] as $x ({}; . + { ($x | if type == "object" then (if has("key") then .key elif has("k") then .k elif has("name") then .name elif has("Name") then .Name elif has("K") then .K elif has("Key") then .Key else null end) else . end | if type == "string" then . elif type == "null" then "null" else tojson end): ($x | if has("value") then .value elif has("v") then .v elif has("Value") then .Value else null end) });
def with_entries(f): to_entries | map(f) | from_entries;
def del(f): delpaths([path(f)]);
def paths: path(..) | select(length > 0);
def paths(f): path(.. | select(f)) | select(length > 0);
def leaf_paths: paths(scalars);
def any: reduce .[] as $x (false; . or $x);
def all: reduce .[] as $x (true; . and $x);
def any(f): isempty(first(.[] | f | select(.))) | not;
def all(f): isempty(first(.[] | f | select(. | not)));
def any(g; f): isempty(first(g | f | select(.))) | not;
def all(g; f): isempty(first(g | f | select(. | not)));
def in(x): . as $k | x | has($k);
def inside(x): . as $v | x | contains($v);
def until(c; u): def r: if c then . else (u | r) end; r;
def while(c; u): def r: if c then ., (u | r) else empty end; r;
def repeat(f): def r: ., (f | r); r;
def range($n): range(0; $n);
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def nth($n; f): last(limit($n + 1; f));
def last(f): reduce f as $x (null; $x);
def add(f): reduce f as $x (null; . + $x);
def ascii_downcase: explode | map(if . >= 65 and . <= 90 then . + 32 else . end) | implode;
def ascii_upcase: explode | map(if . >= 97 and . <= 122 then . - 32 else . end) | implode;
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def fromdate: fromdateiso8601;
def todateiso8601: todate;
def dateadd(u; n): . + n;
def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
def env: $ENV;
def transpose: if . == [] then [] else . as $in | (map(length) | max) as $max | [range(0; $max) as $j | [range(0; $in | length) as $i | $in[$i][$j]]] end;
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
def group_by(f): _by([.[] | [f]]; "group");
def unique_by(f): _by([.[] | [f]]; "unique");
def sort_by(f): _by([.[] | [f]]; "sort");
def min_by(f): _by([.[] | [f]]; "min");
def max_by(f): _by([.[] | [f]]; "max");
def test(re): test(re; null);
def match(re): match(re; null);
def capture(re): capture(re; null);
def capture(re; flags): match(re; flags) | [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def scan(re): scan(re; null);
def scan(re; flags): match(re; "g" + flags) | if (.captures | length) > 0 then [.captures[].string] else .string end;
def splits(re): splits(re; null);
def splits(re; flags): split(re; flags) | .[];
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def sub(re; s; $flags): . as $in | (reduce (match(re; $flags) | . as $edit | ($edit.captures | map(select(.name != null) | {key: .name, value: .string}) | from_entries | s) as $r | [$edit, $r]) as $pair ({out: "", at: 0}; .at as $at | {out: (.out + $in[$at:$pair[0].offset] + $pair[1]), at: ($pair[0].offset + $pair[0].length)})) as $done | $done.out + $in[$done.at:];
def sub(re; s): sub(re; s; "");
def gsub(re; s): sub(re; s; "g");
def gsub(re; s; flags): sub(re; s; flags + "g");
def ascii: [.] | implode;
def halt_error: halt_error(5);
def abs: if type == "number" and . < 0 then -. else . end;
def toarray: if type == "array" then . else [.] end;
def pick(f): . as $top | reduce path(f) as $p (null; setpath($p; $top | getpath($p)));
`;

let library: Scope | null = null;

/** The functions that jq defines in its own language. */
function libraryScope(): Scope {
  if (library) return library;
  const definitions: Definition[] = [];
  let filter = parseJq(`${LIBRARY} .`);
  for (; filter.kind === 'define'; filter = filter.body) definitions.push(filter.definition);
  const scope = Scope.of(definitions);
  library = scope;
  return scope;
}

/** Runs a filter on one value. Throws `JqError`. */
export class JqMachine {
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
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
    this.#world.step();
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
            yield { value: indexed(of.value, key), path: extended(of.path, key) };
        return;
      case 'slice':
        yield* this.#slice(filter, scope, input);
        return;
      case 'iterate':
        for (const of of this.evaluate(filter.of, scope, input)) yield* iterated(of);
        return;
      case 'try':
        yield* this.#try(filter, scope, input);
        return;
      case 'variable':
        yield plain(
          filter.name === 'ENV'
            ? new Map(this.#world.environment())
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
        yield* this.#binary(filter, scope, input);
        return;
      case 'if':
        yield* this.#if(filter.clauses, filter.otherwise, scope, input);
        return;
      case 'reduce':
        yield* this.#reduce(filter, scope, input);
        return;
      case 'foreach':
        yield* this.#foreach(filter, scope, input);
        return;
      case 'bind':
        for (const value of this.values(filter.source, scope, input.value))
          yield* this.#bind(filter.patterns, filter.body, scope, input, value);
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

  *#slice({ of, from, to }: Extract<Filter, { kind: 'slice' }>, scope: Scope, input: Result): Generator<Result> {
    for (const whole of this.evaluate(of, scope, input)) {
      for (const end of to ? this.values(to, scope, input.value) : [null]) {
        for (const start of from ? this.values(from, scope, input.value) : [null]) {
          const key = new Map<string, Json>([
            ['start', start],
            ['end', end],
          ]);
          yield { value: sliced(whole.value, start, end), path: extended(whole.path, key) };
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
      yield* this.#native(name, args, scope, input);
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

  *#native(name: string, args: readonly Filter[], scope: Scope, input: Result): Generator<Result> {
    const [first, second, third] = args;
    switch (`${name}/${args.length}`) {
      case 'empty/0':
        return;
      case 'error/0':
        throw new JqError(input.value);
      case 'error/1':
        for (const value of first ? this.values(first, scope, input.value) : []) throw new JqError(value);
        return;
      case 'path/1':
        if (first)
          for (const { path } of this.evaluate(first, scope, { value: input.value, path: [] })) yield plain(path ?? []);
        return;
      case 'getpath/1':
        for (const path of first ? this.values(first, scope, input.value) : [])
          if (isArray(path)) yield { value: getPath(input.value, path), path: input.path && [...input.path, ...path] };
        return;
      case 'limit/2':
        if (first && second) yield* this.#limit(first, second, scope, input);
        return;
      case 'first/1':
        if (first) {
          for (const result of this.evaluate(first, scope, input)) {
            yield result;
            return;
          }
        }
        return;
      case 'isempty/1':
        yield plain(first ? this.evaluate(first, scope, input).next().done === true : true);
        return;
      case 'range/2':
      case 'range/3':
        for (const from of first ? this.values(first, scope, input.value) : [])
          for (const to of second ? this.values(second, scope, input.value) : [])
            for (const by of third ? this.values(third, scope, input.value) : [1])
              for (let at = Number(from); Number(by) > 0 ? at < Number(to) : at > Number(to); at += Number(by)) {
                this.#world.step();
                yield plain(at);
              }
        return;
      case 'input/0': {
        const next = this.#world.nextInput();
        if (next === undefined) throw new JqError('No more inputs');
        yield plain(next);
        return;
      }
      case 'inputs/0':
        for (let next = this.#world.nextInput(); next !== undefined; next = this.#world.nextInput()) yield plain(next);
        return;
      case 'delpaths/1':
        for (const paths of first ? this.values(first, scope, input.value) : [])
          yield plain(withoutPaths(input.value, paths));
        return;
      case 'now/0':
        yield plain(this.#world.now() / 1000);
        return;
      default:
        yield* this.#simple(name, args, scope, input, []);
    }
  }

  *#limit(count: Filter, body: Filter, scope: Scope, input: Result): Generator<Result> {
    for (const most of this.values(count, scope, input.value)) {
      let left = Number(most);
      if (left <= 0) continue;
      for (const result of this.evaluate(body, scope, input)) {
        yield result;
        if (--left <= 0) break;
      }
    }
  }

  /** Functions of plain values: every combination of what the arguments give. */
  *#simple(
    name: string,
    args: readonly Filter[],
    scope: Scope,
    input: Result,
    values: readonly Json[],
  ): Generator<Result> {
    const next = args[values.length];
    if (next) {
      for (const value of this.values(next, scope, input.value))
        yield* this.#simple(name, args, scope, input, [...values, value]);
      return;
    }
    const result = builtin(name, input.value, values);
    if (result === undefined) {
      this.#world.needs(`jq ${name}/${args.length}`);
      throw new JqError(`${name}/${args.length} is not defined`);
    }
    if (isGenerated(result)) for (const value of result.each) yield plain(value);
    else yield plain(result);
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

  *#binary(
    { operator, left, right }: Extract<Filter, { kind: 'binary' }>,
    scope: Scope,
    input: Result,
  ): Generator<Result> {
    if (operator === 'and' || operator === 'or') {
      for (const one of this.values(left, scope, input.value)) {
        if (isTruthy(one) === (operator === 'or')) yield plain(operator === 'or');
        else for (const other of this.values(right, scope, input.value)) yield plain(isTruthy(other));
      }
    } else if (operator === '//') yield* this.#alternative(left, right, scope, input);
    else if (operator.endsWith('=') && !['==', '!=', '<=', '>='].includes(operator))
      yield* this.#assign(operator, left, right, scope, input);
    else {
      for (const other of this.values(right, scope, input.value)) {
        for (const one of this.values(left, scope, input.value)) yield plain(compareOrCalculate(operator, one, other));
      }
    }
  }

  *#alternative(left: Filter, right: Filter, scope: Scope, input: Result): Generator<Result> {
    let isAny = false;
    try {
      for (const result of this.evaluate(left, scope, input)) {
        if (!isTruthy(result.value)) continue;
        isAny = true;
        yield result;
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (!isAny) yield* this.evaluate(right, scope, input);
  }

  *#assign(operator: string, left: Filter, right: Filter, scope: Scope, input: Result): Generator<Result> {
    const paths = [...this.evaluate(left, scope, { value: input.value, path: [] })].map(({ path }) => path ?? []);
    if (operator === '|=') {
      let value = input.value;
      const gone: (readonly Json[])[] = [];
      for (const path of paths) {
        const changed = this.values(right, scope, getPath(value, path)).next();
        if (changed.done) gone.push(path);
        else value = updatePath(value, path, () => changed.value);
      }
      yield plain(withoutPaths(value, gone));
      return;
    }
    for (const other of this.values(right, scope, input.value)) {
      let value = input.value;
      for (const path of paths)
        value = updatePath(value, path, (before) => assigned(operator.slice(0, -1), before, other));
      yield plain(value);
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

  *#reduce(
    { source, pattern, start, update }: Extract<Filter, { kind: 'reduce' }>,
    scope: Scope,
    input: Result,
  ): Generator<Result> {
    for (const first of this.values(start, scope, input.value)) {
      let state: Json = first;
      for (const item of this.values(source, scope, input.value)) {
        for (const inner of this.destructure(pattern, scope, item)) {
          let last: Json = null;
          for (const value of this.values(update, inner, state)) last = value;
          state = last;
        }
      }
      yield plain(state);
    }
  }

  *#foreach(
    { source, pattern, start, update, extract }: Extract<Filter, { kind: 'foreach' }>,
    scope: Scope,
    input: Result,
  ): Generator<Result> {
    for (const first of this.values(start, scope, input.value)) {
      let state: Json = first;
      for (const item of this.values(source, scope, input.value)) {
        for (const inner of this.destructure(pattern, scope, item)) {
          for (const value of this.values(update, inner, state)) {
            state = value;
            if (extract) for (const shown of this.values(extract, inner, state)) yield plain(shown);
            else yield plain(state);
          }
        }
      }
    }
  }

  *#bind(patterns: readonly Pattern[], body: Filter, scope: Scope, input: Result, value: Json): Generator<Result> {
    let failure: unknown;
    let clean = scope;
    if (patterns.length > 1) for (const name of patterns.flatMap(namesIn)) clean = clean.bind(name, null);
    for (const pattern of patterns) {
      try {
        for (const inner of this.destructure(pattern, clean, value)) yield* this.evaluate(body, inner, input);
        return;
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  *destructure(pattern: Pattern, scope: Scope, value: Json): Generator<Scope> {
    if (pattern.kind === 'name') yield scope.bind(pattern.name, value);
    else if (pattern.kind === 'list') yield* this.#destructureList(pattern.items, 0, scope, value);
    else yield* this.#destructureFields(pattern.fields, 0, scope, value);
  }

  *#destructureList(items: readonly Pattern[], at: number, scope: Scope, value: Json): Generator<Scope> {
    const item = items[at];
    if (!item) yield scope;
    else
      for (const inner of this.destructure(item, scope, indexed(value, at)))
        yield* this.#destructureList(items, at + 1, inner, value);
  }

  *#destructureFields(
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
    for (const key of this.values(field.key, scope, value)) {
      const inner = indexed(value, key);
      const bound = field.name === null ? scope : scope.bind(field.name, inner);
      for (const next of field.pattern ? this.destructure(field.pattern, bound, inner) : [bound])
        yield* this.#destructureFields(fields, at + 1, next, value);
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

function plain(value: Json): Result {
  return { value, path: null };
}

function extended(path: readonly Json[] | null, key: Json): readonly Json[] | null {
  return path && [...path, key];
}

function* iterated({ value, path }: Result): Generator<Result> {
  if (isArray(value)) for (const [index, item] of value.entries()) yield { value: item, path: extended(path, index) };
  else if (isObject(value)) for (const [key, item] of value) yield { value: item, path: extended(path, key) };
  else throw new JqError(`Cannot iterate over ${typeName(value)}${value === null ? '' : ''}`);
}

function namesIn(pattern: Pattern): readonly string[] {
  if (pattern.kind === 'name') return [pattern.name];
  if (pattern.kind === 'list') return pattern.items.flatMap(namesIn);
  return pattern.fields.flatMap(({ name, pattern: inner }) => [
    ...(name === null ? [] : [name]),
    ...(inner ? namesIn(inner) : []),
  ]);
}

/** The longest paths go first, so that the others stay true. */
function withoutPaths(value: Json, paths: Json): Json {
  if (!isArray(paths)) throw new JqError('Paths must be specified as an array');
  let result = value;
  for (const path of [...paths].sort((one, other) => compareJson(other, one)))
    if (isArray(path)) result = deletePath(result, path);
  return result;
}

function compareOrCalculate(operator: string, one: Json, other: Json): Json {
  switch (operator) {
    case '==':
      return compareJson(one, other) === 0;
    case '!=':
      return compareJson(one, other) !== 0;
    case '<':
      return compareJson(one, other) < 0;
    case '<=':
      return compareJson(one, other) <= 0;
    case '>':
      return compareJson(one, other) > 0;
    case '>=':
      return compareJson(one, other) >= 0;
    default:
      return arithmetic(operator, one, other);
  }
}

function assigned(operator: string, before: Json, value: Json): Json {
  if (operator === '') return value;
  if (operator === '//') return isTruthy(before) ? before : value;
  return arithmetic(operator, before, value);
}

function isGenerated(result: Json | { readonly each: Iterable<Json> }): result is { readonly each: Iterable<Json> } {
  return typeof result === 'object' && result !== null && 'each' in result;
}
