import { OTHER_SURROUNDINGS, type Respect } from '../surroundings.ts';

/** Who is told of what a script asks. */
interface Listener {
  needs(what: string): void;
  leansOn(respect: Respect): void;
}

/** Variables that hold what opens a service: scripts skip their check where these are not set. */
const CREDENTIAL =
  /^(?:[A-Z][A-Z0-9_]*_)?(?:TOKEN|PAT|SECRET|PASSWORD|PASSWD|PASS|API_?KEY|ACCESS_KEY(?:_ID)?|SECRET_KEY|PRIVATE_KEY|CREDENTIALS)$|^(?:SSH_AUTH_SOCK|KUBECONFIG)$/;

/**
 * Says so where a script asks for a variable that is not set. Whoever looks for a credential does something else once it is there;
 * what terminals and CI set, is set on another machine.
 */
export function askForUnset(name: string, listener: Listener): void {
  if (CREDENTIAL.test(name)) listener.needs(`$${name}`);
  if (OTHER_SURROUNDINGS.environment.has(name)) listener.leansOn('environment');
}

/** Says that a script goes through all variables: the machine that it was written for has others. */
export function askForAll(listener: Listener): void {
  listener.needs('the whole environment');
}

/** The exported variables as a program sees them. What it asks of those that are not here is a need. */
export class Environment<Value> extends Map<string, Value> {
  readonly #listener: Listener;

  constructor(variables: Iterable<readonly [string, Value]>, listener: Listener) {
    super(variables);
    this.#listener = listener;
  }

  override get(name: string): Value | undefined {
    if (!super.has(name)) askForUnset(name, this.#listener);
    return super.get(name);
  }

  override has(name: string): boolean {
    const isSet = super.has(name);
    if (!isSet) askForUnset(name, this.#listener);
    return isSet;
  }

  override get size(): number {
    askForAll(this.#listener);
    return super.size;
  }

  override keys(): MapIterator<string> {
    askForAll(this.#listener);
    return super.keys();
  }

  override values(): MapIterator<Value> {
    askForAll(this.#listener);
    return super.values();
  }

  override entries(): MapIterator<[string, Value]> {
    askForAll(this.#listener);
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}
