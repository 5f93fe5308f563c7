import { expandArithmetic, expandFields, expandPattern, expandText } from './expand.ts';
import { matchesPattern } from './patterns.ts';
import type { Shell } from './shell.ts';
import { LeaveLoop } from './signals.ts';
import type { Compound, List } from './syntax.ts';

/** Runs the commands inside of a compound one. */
type RunList = (shell: Shell, list: List) => Promise<number>;

/** Runs a list whose failure ends nothing. */
async function succeeds(shell: Shell, runList: RunList, list: List): Promise<boolean> {
  shell.tolerant++;
  try {
    return (await runList(shell, list)) === 0;
  } finally {
    shell.tolerant--;
  }
}

export async function runIf(
  shell: Shell,
  runList: RunList,
  { clauses, otherwise }: Extract<Compound, { kind: 'if' }>,
): Promise<number> {
  for (const { condition, list } of clauses) if (await succeeds(shell, runList, condition)) return runList(shell, list);
  return otherwise ? runList(shell, otherwise) : 0;
}

/** Runs a loop's body once. False when the loop ends. */
async function runRound(shell: Shell, runList: RunList, list: List): Promise<boolean> {
  shell.host.budget.step();
  shell.loops++;
  try {
    await runList(shell, list);
    return true;
  } catch (error) {
    if (!(error instanceof LeaveLoop)) throw error;
    shell.status = 0;
    if (error.levels > 1 && shell.loops > 1) throw new LeaveLoop(error.kind, error.levels - 1);
    return error.kind === 'continue';
  } finally {
    shell.loops--;
  }
}

export async function runFor(
  shell: Shell,
  runList: RunList,
  { name, words, list }: Extract<Compound, { kind: 'for' }>,
): Promise<number> {
  const values = words ? await expandFields(shell, words) : shell.positional;
  if (values.length === 0) shell.status = 0;
  for (const value of values) {
    shell.set(name, value);
    if (!(await runRound(shell, runList, list))) break;
  }
  return shell.status;
}

export async function runArithmeticFor(
  shell: Shell,
  runList: RunList,
  loop: Extract<Compound, { kind: 'arithmetic-for' }>,
): Promise<number> {
  await expandArithmetic(shell, loop.start);
  let status = 0;
  while (
    (await expandText(shell, loop.condition)).trim() === '' ||
    (await expandArithmetic(shell, loop.condition)) !== 0n
  ) {
    const goesOn = await runRound(shell, runList, loop.list);
    status = shell.status;
    if (!goesOn) break;
    await expandArithmetic(shell, loop.step);
  }
  return status;
}

export async function runWhile(
  shell: Shell,
  runList: RunList,
  { until, condition, list }: Extract<Compound, { kind: 'while' }>,
): Promise<number> {
  let status = 0;
  for (;;) {
    let goesOn: boolean;
    shell.loops++;
    try {
      goesOn = (await succeeds(shell, runList, condition)) !== until;
    } catch (error) {
      if (!(error instanceof LeaveLoop)) throw error;
      if (error.levels > 1 && shell.loops > 1) throw new LeaveLoop(error.kind, error.levels - 1);
      goesOn = error.kind === 'continue';
      status = 0;
      if (goesOn) continue;
    } finally {
      shell.loops--;
    }
    if (!goesOn) return status;
    goesOn = await runRound(shell, runList, list);
    status = shell.status;
    if (!goesOn) return status;
  }
}

export async function runCase(
  shell: Shell,
  runList: RunList,
  { word, items }: Extract<Compound, { kind: 'case' }>,
): Promise<number> {
  const text = await expandText(shell, word);
  if (/[^\0-\x7f]/.test(text)) shell.needsOfSh(`case of ${text}`);
  const options = { extended: shell.extended, ignoreCase: shell.shopts.has('nocasematch') };
  let falls = false;
  let status = 0;
  for (const { patterns, list, then } of items) {
    let isMatch = falls;
    for (const pattern of patterns) isMatch ||= matchesPattern(text, await expandPattern(shell, pattern), options);
    if (!isMatch) continue;
    status = list.length === 0 ? 0 : await runList(shell, list);
    if (then === 'end') return status;
    falls = then === 'next';
  }
  return status;
}
