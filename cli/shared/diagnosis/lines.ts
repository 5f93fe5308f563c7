import { DIAGNOSES, type DiagnosisName } from './diagnoses.ts';

/** What doctor found out about one thing. */
export interface Line {
  readonly state: 'ok' | 'warning' | 'wrong';
  /** What was looked at: `config`, a repository, `worker`. */
  readonly about: string;
  readonly text: string;
  readonly problem: DiagnosisName | null;
}

/** Where lines come from, one at a time, as they are found out. */
export type Lines = AsyncIterable<Line>;

/** All is well. */
export function ok(about: string, text: string): Line {
  return { state: 'ok', about, text, problem: null };
}

/** Something keeps Lanekeeper from its work. */
export function wrong(about: string, problem: DiagnosisName, detail = ''): Line {
  return { state: 'wrong', about, problem, text: withDetail(problem, detail) };
}

/** Something is missing that it can do without, or could not be looked at. */
export function warning(about: string, problem: DiagnosisName, detail = ''): Line {
  return { state: 'warning', about, problem, text: withDetail(problem, detail) };
}

function withDetail(problem: DiagnosisName, detail: string): string {
  return detail === '' ? DIAGNOSES[problem].says : `${DIAGNOSES[problem].says}: ${detail}`;
}

/** One line for the terminal, with the remedy below it where there is a problem. */
export function printLine({ state, about, text, problem }: Line): string {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const indent = ' '.repeat(9);
  const lines = [`${state.padEnd(8)} ${about}: ${first}`, ...rest.map((line) => `${indent}${line}`)];
  if (problem) lines.push(`${indent}→ ${DIAGNOSES[problem].remedy}`);
  return `${lines.join('\n')}\n`;
}
