import type { Definition } from './syntax.ts';
import { JqError, type Json } from './value.ts';

/** A function with the place where it was written. */
export interface Closure {
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
