import { builtin } from './builtins.ts';
import { getPath, withoutPaths } from './paths.ts';
import { type Evaluator, plain, type Result } from './result.ts';
import type { Scope } from './scope.ts';
import type { Filter } from './syntax.ts';
import { isArray, JqError, type Json } from './value.ts';

/** Functions whose work does not grow with their input. */
const AT_ONCE = ['not', 'true', 'false', 'null', 'type', 'length', 'has', 'in', 'getpath', 'error'];
/** Functions that go through their input many times, or through all that is in it. */
const THOROUGH = ['sort', 'unique', '_by', 'tostring', 'tojson', 'contains', 'flatten', 'indices', 'index', 'rindex'];
const TIMES = 20;

/** Functions that jq does not define in its own language. Throws `JqError`. */
export function* native(
  machine: Evaluator,
  name: string,
  args: readonly Filter[],
  scope: Scope,
  input: Result,
): Generator<Result> {
  const [first, second, third] = args;
  switch (`${name}/${args.length}`) {
    case 'empty/0':
      return;
    case 'error/0':
      throw new JqError(input.value);
    case 'error/1':
      for (const value of first ? machine.values(first, scope, input.value) : []) throw new JqError(value);
      return;
    case 'path/1':
      if (first)
        for (const { path } of machine.evaluate(first, scope, { value: input.value, path: [] }))
          yield plain(path ?? []);
      return;
    case 'getpath/1':
      for (const path of first ? machine.values(first, scope, input.value) : [])
        if (isArray(path)) yield { value: getPath(input.value, path), path: input.path && [...input.path, ...path] };
      return;
    case 'limit/2':
      if (first && second) yield* limit(machine, first, second, scope, input);
      return;
    case 'first/1':
      if (first) {
        for (const result of machine.evaluate(first, scope, input)) {
          yield result;
          return;
        }
      }
      return;
    case 'isempty/1':
      yield plain(first ? machine.evaluate(first, scope, input).next().done === true : true);
      return;
    case 'range/2':
    case 'range/3':
      for (const from of first ? machine.values(first, scope, input.value) : [])
        for (const to of second ? machine.values(second, scope, input.value) : [])
          for (const by of third ? machine.values(third, scope, input.value) : [1])
            for (let at = Number(from); Number(by) > 0 ? at < Number(to) : at > Number(to); at += Number(by)) {
              machine.world.step();
              yield plain(at);
            }
      return;
    case 'input/0': {
      const next = machine.world.nextInput();
      if (next === undefined) throw new JqError('No more inputs');
      yield plain(next);
      return;
    }
    case 'inputs/0':
      for (let next = machine.world.nextInput(); next !== undefined; next = machine.world.nextInput())
        yield plain(next);
      return;
    case 'delpaths/1':
      for (const paths of first ? machine.values(first, scope, input.value) : [])
        yield made(machine, withoutPaths(input.value, paths));
      return;
    case 'now/0':
      yield plain(machine.world.now() / 1000);
      return;
    default:
      yield* simple(machine, name, args, scope, input, []);
  }
}

function* limit(machine: Evaluator, count: Filter, body: Filter, scope: Scope, input: Result): Generator<Result> {
  for (const most of machine.values(count, scope, input.value)) {
    let left = Number(most);
    if (left <= 0) continue;
    for (const result of machine.evaluate(body, scope, input)) {
      yield result;
      if (--left <= 0) break;
    }
  }
}

/** Functions of plain values: every combination of what the arguments give. */
function* simple(
  machine: Evaluator,
  name: string,
  args: readonly Filter[],
  scope: Scope,
  input: Result,
  values: readonly Json[],
): Generator<Result> {
  const next = args[values.length];
  if (next) {
    for (const value of machine.values(next, scope, input.value))
      yield* simple(machine, name, args, scope, input, [...values, value]);
    return;
  }
  if (!AT_ONCE.includes(name)) machine.world.made(input.value, THOROUGH.includes(name) ? TIMES : 1);
  const result = builtin(name, input.value, values);
  if (result === undefined) {
    machine.world.needs(`jq ${name}/${args.length}`);
    throw new JqError(`${name}/${args.length} is not defined`);
  }
  if (isGenerated(result)) for (const value of result.each) yield plain(value);
  else yield typeof result === 'string' || name === 'setpath' ? made(machine, result) : plain(result);
}

function made(machine: Evaluator, value: Json): Result {
  machine.world.made(value);
  return plain(value);
}

function isGenerated(result: Json | { readonly each: Iterable<Json> }): result is { readonly each: Iterable<Json> } {
  return typeof result === 'object' && result !== null && 'each' in result;
}
