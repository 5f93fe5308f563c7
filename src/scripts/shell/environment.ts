/** Variables that hold what opens a service: scripts skip their check where these are not set. */
const CREDENTIAL =
  /^(?:[A-Z][A-Z0-9_]*_)?(?:TOKEN|PAT|SECRET|PASSWORD|PASSWD|PASS|API_?KEY|ACCESS_KEY(?:_ID)?|SECRET_KEY|PRIVATE_KEY|CREDENTIALS)$|^(?:SSH_AUTH_SOCK|KUBECONFIG)$/;

/** Says what is needed where a script asks for a variable that is not set. Whoever looks for a credential does something else once it is there. */
export function askForUnset(name: string, needs: (what: string) => void): void {
  if (CREDENTIAL.test(name)) needs(`$${name}`);
}

/** Says that a script goes through all variables: the machine that it was written for has others. */
export function askForAll(needs: (what: string) => void): void {
  needs('the whole environment');
}

/** The exported variables as a program sees them. What it asks of those that are not here is a need. */
export class Environment<Value> extends Map<string, Value> {
  readonly #needs: (what: string) => void;

  constructor(variables: Iterable<readonly [string, Value]>, needs: (what: string) => void) {
    super(variables);
    this.#needs = needs;
  }

  override get(name: string): Value | undefined {
    if (!super.has(name)) askForUnset(name, this.#needs);
    return super.get(name);
  }

  override has(name: string): boolean {
    const isSet = super.has(name);
    if (!isSet) askForUnset(name, this.#needs);
    return isSet;
  }

  override get size(): number {
    askForAll(this.#needs);
    return super.size;
  }

  override keys(): MapIterator<string> {
    askForAll(this.#needs);
    return super.keys();
  }

  override values(): MapIterator<Value> {
    askForAll(this.#needs);
    return super.values();
  }

  override entries(): MapIterator<[string, Value]> {
    askForAll(this.#needs);
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}
