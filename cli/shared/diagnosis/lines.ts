import { DIAGNOSES, type DiagnosisName } from './diagnoses.ts';

/** What doctor found out about one thing. */
export interface Line {
  readonly state: 'ok' | 'warning' | 'wrong';
  /** What was looked at: `config`, a repository, `worker`. */
  readonly about: string;
  readonly text: string;
  readonly diagnosis: DiagnosisName | null;
}

/** Where lines come from, one at a time, as they are found out. */
export type Lines = AsyncIterable<Line>;

/** All is well. */
export function ok(about: string, text: string): Line {
  return { state: 'ok', about, text, diagnosis: null };
}

/** Something keeps Lanekeeper from its work. */
export function wrong(about: string, diagnosis: DiagnosisName, detail = ''): Line {
  return { state: 'wrong', about, diagnosis, text: withDetail(diagnosis, detail) };
}

/** Something is missing that it can do without, or could not be looked at. */
export function warning(about: string, diagnosis: DiagnosisName, detail = ''): Line {
  return { state: 'warning', about, diagnosis, text: withDetail(diagnosis, detail) };
}

function withDetail(diagnosis: DiagnosisName, detail: string): string {
  return detail === '' ? DIAGNOSES[diagnosis].says : `${DIAGNOSES[diagnosis].says}: ${detail}`;
}

/** One line for the terminal, with the remedy below it where there is a diagnosis. */
export function printLine({ state, about, text, diagnosis }: Line): string {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const indent = ' '.repeat(9);
  const lines = [`${state.padEnd(8)} ${about}: ${first}`, ...rest.map((line) => `${indent}${line}`)];
  if (diagnosis) lines.push(`${indent}→ ${DIAGNOSES[diagnosis].remedy}`);
  return `${lines.join('\n')}\n`;
}
