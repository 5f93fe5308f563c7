import type { DeclarationProblem } from '../core/declaration.ts';

/** What several formats say, in the same words. */

/** Behind the name of a lane that we bring along. */
export const BUILT_IN = '(built in)';

/** What stands over a report in which no gate passed or failed. */
export const NOTHING_JUDGED =
  'Nothing was judged: every gate is blind or does not apply. `npm run init -- <clone>` writes a `lanekeeper.yaml` with gates for what is there.';

/** A mistake in what a repo declares, with its place. */
export function problemLine({ path, line, column, message }: DeclarationProblem): string {
  return `${path}:${line}:${column}: ${message}`;
}

export const INCOMPLETE = 'Some files could not be read, or a gate crashed.';

export const SCRIPT_CHANGED =
  "The gate's script has changed since Lanekeeper was checked against it. Compare with a run of your own.";
