import type { Scope } from './scope.ts';
import type { Filter } from './syntax.ts';
import { isArray, isObject, JqError, type Json, typeName } from './value.ts';

/** A value with the path that leads to it, where one is kept. */
export interface Result {
  readonly value: Json;
  readonly path: readonly Json[] | null;
}

/** What a program asks of the world. */
export interface Surroundings {
  step(): void;
  /** A value was put together out of others: a text, a list or an object costs what it holds. */
  made(value: Json, times?: number): void;
  needs(what: string): void;
  now(): number;
  environment(): Map<string, string>;
  nextInput(): Json | undefined;
}

/** What evaluates filters: the parts of the language need it for the filters inside of them. */
export interface Evaluator {
  readonly world: Surroundings;
  evaluate(filter: Filter, scope: Scope, input: Result): Generator<Result>;
  /** The same without paths. */
  values(filter: Filter, scope: Scope, input: Json): Generator<Json>;
}

export function plain(value: Json): Result {
  return { value, path: null };
}

export function extended(path: readonly Json[] | null, key: Json): readonly Json[] | null {
  return path && [...path, key];
}

export function* iterated({ value, path }: Result): Generator<Result> {
  if (isArray(value)) for (const [index, item] of value.entries()) yield { value: item, path: extended(path, index) };
  else if (isObject(value)) for (const [key, item] of value) yield { value: item, path: extended(path, key) };
  else throw new JqError(`Cannot iterate over ${typeName(value)}${value === null ? '' : ''}`);
}
