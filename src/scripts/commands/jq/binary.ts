import { arithmetic } from './operators.ts';
import { getPath, updatePath, withoutPaths } from './paths.ts';
import { type Evaluator, plain, type Result } from './result.ts';
import type { Scope } from './scope.ts';
import type { Filter } from './syntax.ts';
import { compareJson, isTruthy, type Json } from './value.ts';

/** What stands between two filters: logic, comparison, arithmetic, alternatives, assignment. */
export function* binary(
  machine: Evaluator,
  { operator, left, right }: Extract<Filter, { kind: 'binary' }>,
  scope: Scope,
  input: Result,
): Generator<Result> {
  if (operator === 'and' || operator === 'or') {
    for (const one of machine.values(left, scope, input.value)) {
      if (isTruthy(one) === (operator === 'or')) yield plain(operator === 'or');
      else for (const other of machine.values(right, scope, input.value)) yield plain(isTruthy(other));
    }
  } else if (operator === '//') yield* alternative(machine, left, right, scope, input);
  else if (operator.endsWith('=') && !['==', '!=', '<=', '>='].includes(operator))
    yield* assign(machine, operator, left, right, scope, input);
  else {
    for (const other of machine.values(right, scope, input.value)) {
      for (const one of machine.values(left, scope, input.value)) {
        const value = compareOrCalculate(operator, one, other);
        machine.world.made(value);
        yield plain(value);
      }
    }
  }
}

function* alternative(machine: Evaluator, left: Filter, right: Filter, scope: Scope, input: Result): Generator<Result> {
  let isAny = false;
  for (const result of machine.evaluate(left, scope, input)) {
    if (!isTruthy(result.value)) continue;
    isAny = true;
    yield result;
  }
  if (!isAny) yield* machine.evaluate(right, scope, input);
}

function* assign(
  machine: Evaluator,
  operator: string,
  left: Filter,
  right: Filter,
  scope: Scope,
  input: Result,
): Generator<Result> {
  const paths = [...machine.evaluate(left, scope, { value: input.value, path: [] })].map(({ path }) => path ?? []);
  if (operator === '|=') {
    let value = input.value;
    const gone: (readonly Json[])[] = [];
    for (const path of paths) {
      const changed = machine.values(right, scope, getPath(value, path)).next();
      if (changed.done) gone.push(path);
      else value = updatePath(value, path, () => changed.value);
      machine.world.made(value);
    }
    yield plain(withoutPaths(value, gone));
    return;
  }
  for (const other of machine.values(right, scope, input.value)) {
    let value = input.value;
    for (const path of paths) {
      value = updatePath(value, path, (before) => assigned(operator.slice(0, -1), before, other));
      machine.world.made(value);
    }
    yield plain(value);
  }
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
