/** A shell variable. Arrays keep their elements by number or by key. */
export interface Variable {
  value?: string | undefined;
  indexed?: Map<number, string> | undefined;
  associative?: Map<string, string> | undefined;
  isExported: boolean;
  isReadonly: boolean;
  isInteger: boolean;
  case: 'upper' | 'lower' | null;
  /** The name of the variable that this one stands for. */
  isReference: boolean;
  /** Also held by a shell that was forked from this one, so it is copied before it changes. */
  isShared: boolean;
}

function emptyVariable(): Variable {
  return {
    isExported: false,
    isReadonly: false,
    isInteger: false,
    case: null,
    isReference: false,
    isShared: false,
  };
}

type Scope = Map<string, Variable>;

/** Variables by name: the global ones, and those of each function that is running. */
export class Variables {
  #scopes: Scope[];

  constructor(scopes: Scope[] = [new Map()]) {
    this.#scopes = scopes;
  }

  /** The same variables for a subshell: neither sees what the other changes from now on. */
  fork(): Variables {
    for (const scope of this.#scopes) for (const variable of scope.values()) variable.isShared = true;
    return new Variables(this.#scopes.map((scope) => new Map(scope)));
  }

  pushScope(): void {
    this.#scopes.push(new Map());
  }

  popScope(): void {
    this.#scopes.pop();
  }

  get inFunction(): boolean {
    return this.#scopes.length > 1;
  }

  #scopeOf(name: string): Scope | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) if (this.#scopes[i]?.has(name)) return this.#scopes[i];
    return undefined;
  }

  find(name: string): Variable | undefined {
    return this.#scopeOf(name)?.get(name);
  }

  /** The name behind references. */
  resolve(name: string): string {
    let resolved = name;
    for (let left = 10; left > 0; left--) {
      const variable = this.find(resolved);
      if (!variable?.isReference || variable.value === undefined || variable.value === '') return resolved;
      resolved = variable.value;
    }
    return resolved;
  }

  /** The variable to change; a global one is made where there is none. */
  writable(name: string): Variable {
    const scope = this.#scopeOf(name) ?? this.#scopes[0] ?? new Map<string, Variable>();
    return ownIn(scope, name);
  }

  /** A variable of the function that is running. */
  local(name: string): Variable {
    const scope = this.#scopes.at(-1) ?? new Map<string, Variable>();
    if (!scope.has(name)) {
      const outer = this.find(name);
      const isExported = outer?.isExported ?? false;
      scope.set(name, { ...emptyVariable(), isExported });
    }
    return ownIn(scope, name);
  }

  global(name: string): Variable {
    return ownIn(this.#scopes[0] ?? new Map<string, Variable>(), name);
  }

  /** Puts a variable back as it was; undefined takes it away. */
  restore(name: string, variable: Variable | undefined): void {
    const scope = this.#scopeOf(name) ?? this.#scopes[0];
    if (variable) scope?.set(name, variable);
    else scope?.delete(name);
  }

  remove(name: string): void {
    const scope = this.#scopeOf(name);
    if (!scope) return;
    // A local variable that is unset hides the outer one until the function ends.
    if (scope !== this.#scopes[0] && scope === this.#scopes.at(-1)) scope.set(name, emptyVariable());
    else scope.delete(name);
  }

  names(): readonly string[] {
    const names = new Set<string>();
    for (const scope of this.#scopes) for (const name of scope.keys()) names.add(name);
    return [...names].filter((name) => isSet(this.find(name))).sort();
  }

  exported(): Map<string, string> {
    const exported = new Map<string, string>();
    for (const name of this.names()) {
      const variable = this.find(name);
      if (variable?.isExported && variable.value !== undefined) exported.set(name, variable.value);
    }
    return exported;
  }
}

function ownIn(scope: Scope, name: string): Variable {
  const known = scope.get(name);
  if (known && !known.isShared) return known;
  const own: Variable = known ? { ...known, isShared: false } : emptyVariable();
  if (known?.indexed) own.indexed = new Map(known.indexed);
  if (known?.associative) own.associative = new Map(known.associative);
  scope.set(name, own);
  return own;
}

function isSet(variable: Variable | undefined): boolean {
  return (
    variable !== undefined &&
    (variable.value !== undefined || variable.indexed !== undefined || variable.associative !== undefined)
  );
}

/** Elements in the order in which `"${array[@]}"` gives them; a plain variable is its own element 0. */
export function elementsOf(variable: Variable | undefined): readonly (readonly [string, string])[] {
  if (!variable) return [];
  if (variable.indexed) {
    return [...variable.indexed]
      .sort(([one], [other]) => one - other)
      .map(([key, value]) => [String(key), value] as const);
  }
  if (variable.associative) return [...variable.associative];
  return variable.value === undefined ? [] : [['0', variable.value]];
}
