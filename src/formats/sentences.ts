/** What several formats say, in the same words. */

/** Behind the name of a lane that we bring along. */
export const BUILT_IN = '(built in)';

export const INCOMPLETE = 'Some files could not be read, or a gate crashed.';

export const SCRIPT_CHANGED =
  "The gate's script has changed since Lanekeeper was checked against it. Compare with a run of your own.";
