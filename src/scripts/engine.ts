import { digest } from '../core/digest.ts';
import type { ScriptEngine } from '../core/script-gate.ts';
import type { Layout } from './execute.ts';
import type { PythonParts } from './python/emscripten.ts';

/** Where one repo's scripts expect things, as far as somebody has said so. */
export interface Expectations {
  /** The absolute path of the checkout. */
  readonly root: string;
  /** Absolute paths of siblings by name; undefined for one that lies beside the checkout, under its name. */
  readonly siblings: Readonly<Record<string, string | undefined>>;
  /** Places of the machine that are not there, below `~` where they lie in the home. */
  readonly absent?: readonly string[];
  /** Variables beyond `PATH`, `PWD` and what locale and time zone need. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly branch?: string;
}

/** Where nobody lives, for a checkout that does not lie in somebody's home. */
const HOME = '/home/nobody';
/** What the reference's scripts look for their checkout in. */
const CHECKOUT_VARIABLES = ['SPINE_ROOT', 'SPINE_REPO', 'SPINE_CODE'];

/**
 * The script engine for one target. The shell itself is loaded when the first script runs: most audits run none.
 * Without `python`, a script that calls Python is blind.
 */
export function scriptEngine(expectations: Expectations, python?: () => Promise<PythonParts>): ScriptEngine {
  const layout = layoutOf(expectations);
  const { root, home, siblings, absent, environment, branch = '' } = layout;
  return {
    layout: digest(JSON.stringify([root, home, branch, [...siblings], absent, [...environment], python !== undefined])),
    async open(world) {
      const { runnerFor } = await import('./runner.ts');
      return runnerFor(world, layout, python);
    },
  };
}

/** Places of which some begin with `~`, as absolute paths. */
export function inHome(places: readonly string[], home: string): readonly string[] {
  return places.map((place) => place.replace(/^~/, home));
}

/** The same as scripts see it. */
export function layoutOf({ root, siblings, absent = [], environment = {}, branch }: Expectations): Layout {
  const parent = root.slice(0, root.lastIndexOf('/'));
  const own = CHECKOUT_VARIABLES.map((name) => [name, root] as const);
  const home = environment.HOME ?? /^\/(?:Users|home)\/[^/]+/.exec(root)?.[0] ?? HOME;
  return {
    root,
    home,
    siblings: new Map(Object.entries(siblings).map(([name, place]) => [name, place ?? `${parent}/${name}`])),
    absent: inHome(absent, home),
    environment: new Map([...own, ...Object.entries(environment)]),
    ...(branch === undefined ? {} : { branch }),
  };
}
