import { type GateReport, isProvisional, type Report } from '../core/report.ts';
import { plural } from '../core/text/plural.ts';

/** What stands over the gates whose own scripts nobody has certified. */
export const PROVISIONAL =
  'By their own scripts, provisionally: these verdicts count as nothing until `npm run certify` has compared the scripts with bash, or the target says `trust_scripts: true`.';

/** The same of one gate. */
export const PROVISIONAL_GATE =
  'This verdict is provisional: it counts as nothing until `npm run certify` has compared the script with bash, or the target says `trust_scripts: true`.';

/** The gates of a report whose verdict nobody has certified, by what their scripts said. */
export interface ProvisionalGates {
  readonly failing: readonly GateReport[];
  readonly passing: readonly GateReport[];
  /** Blind and crashed ones, by reason, the commonest first. */
  readonly unknown: readonly (readonly [reason: string, gates: readonly GateReport[]])[];
}

export function provisionalGates({ gates }: Pick<Report, 'gates'>): ProvisionalGates {
  const all = gates.filter(isProvisional);
  const saying = (verdict: string) => all.filter(({ script }) => script?.verdict === verdict);
  const unknown = Map.groupBy(
    [...saying('crashed'), ...saying('blind')],
    ({ script }) => script?.reason ?? 'no reason given',
  );
  return {
    failing: saying('fail'),
    passing: saying('pass'),
    unknown: [...unknown].sort(([, some], [, others]) => others.length - some.length),
  };
}

/** `2 findings`, and what a script could not look at. */
export function provisionalFailure({ script }: GateReport): string {
  const count = plural(script?.findings.length ?? 0, 'finding');
  return script?.reason === undefined ? count : `${count}; ${script.reason}`;
}
