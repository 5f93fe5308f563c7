import type { GateReport } from '../core/report.ts';

/** What several formats say, in the same words. */

/** Behind the name of a lane that we bring along. */
export const BUILT_IN = '(built in)';

/** What to do where nothing was judged. */
export const WHY_NOTHING_JUDGED =
  'Every gate is blind, provisional or does not apply. `npm run init -- <clone>` writes a `lanekeeper.yaml` with gates for what is there.';

/** What stands over a report in which no gate passed or failed. */
export const NOTHING_JUDGED = `Nothing was judged. ${WHY_NOTHING_JUDGED}`;

/** Why a gate may fail at the commit where it passed, when nobody found out which of these it was. */
export const WITHOUT_A_COMMIT =
  'A time limit passed, a sibling moved, something else was reported, or Lanekeeper itself is newer.';

export const INCOMPLETE = 'Some files could not be read, or a gate crashed.';

/** What is to be said of a gate where runners and audit, or runners among themselves, differ about the audited commit; undefined for any other. */
export function contradictionSentence({ verdict, reported }: GateReport): string | undefined {
  if (!reported || reported.verdict === 'blind') return undefined;
  const { runner, otherwise = [] } = reported;
  const says = reported.verdict === 'pass' ? 'passes' : 'fails';
  if ((verdict === 'pass' || verdict === 'fail') && verdict !== reported.verdict)
    return `${runner} reports that it ${says} at this commit; the audit's own verdict counts.`;
  if (otherwise.length === 0) return undefined;
  return `${otherwise.join(', ')} ${otherwise.length === 1 ? 'reports' : 'report'} otherwise of this commit; a failure counts before a pass.`;
}

/** Where the verdict of a gate comes from that a runner decided; undefined for any other. */
export function originSentence({ verdict, reported }: GateReport): string | undefined {
  if (!reported || reported.verdict !== verdict) return undefined;
  return `Reported by ${reported.runner} at ${reported.at.slice(0, 16).replace('T', ' ')} UTC.`;
}

/** What is to be said of a gate whose script is none that its verdict was verified against; undefined for any other. */
export function scriptSentence({ scriptChanged, script, verdict, reported }: GateReport): string | undefined {
  if (!scriptChanged) return undefined;
  const changed = "The gate's script has changed since Lanekeeper was checked against it";
  if (reported?.verdict === verdict) return `${changed}; run by ${reported.runner}, the changed script says the same.`;
  if (script?.inPlaceOf !== undefined)
    return `${changed}. The changed script is ${script.standing}, so its verdict counts; Lanekeeper's own would be ${script.inPlaceOf}.`;
  if (script?.standing !== 'compared') return `${changed}. Compare with a run of your own.`;
  if (script.verdict === verdict) return `${changed}; run by the script engine, the changed script agrees.`;
  const why = script.reason === undefined ? '' : ` (${script.reason})`;
  if (script.verdict === 'blind' || script.verdict === 'crashed')
    return `${changed}, and the script engine cannot tell what it says now${why}. Compare with a run of your own.`;
  const says = script.verdict === 'pass' ? 'passes' : 'fails';
  return `${changed}; run by the script engine, the changed script ${says} where Lanekeeper's own verdict is ${verdict}. Compare with a run of your own.`;
}
