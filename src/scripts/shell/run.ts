import { ArithmeticFault } from './arithmetic.ts';
import { assignAll } from './assign.ts';
import { runBeside } from './background.ts';
import { isBuiltin, runBuiltin } from './builtins/builtins.ts';
import { keepsAssignments } from './builtins/plain.ts';
import { runArithmeticFor, runCase, runFor, runIf, runWhile } from './compound.ts';
import { BadTest, evaluateConditional } from './conditions.ts';
import { expandFields, expandText } from './expand.ts';
import { ignoresOrder } from './order.ts';
import { Parser } from './parser.ts';
import { bashOnlyIn } from './plain-sh.ts';
import { redirected, redirectedApart } from './redirect.ts';
import type { Shell, ShellFunction } from './shell.ts';
import { DiscardCommand, ExitShell, LeaveLoop, ReturnFrom } from './signals.ts';
import { Capture, Input } from './streams.ts';
import {
  type AndOr,
  type Assignment,
  type Command,
  type Compound,
  type CompoundCommand,
  isAssignment,
  type List,
  type Pipeline,
  ShellSyntaxError,
  type SimpleCommand,
  type Word,
} from './syntax.ts';

/** Runs a list as a process of its own: whatever leaves it ends in a status. */
export async function runProcess(shell: Shell, list: List): Promise<number> {
  return asProcess(shell, () => runList(shell, list));
}

/** Runs `body` and then the EXIT trap; `exit` and errors that end a shell become its status. */
export async function asProcess(shell: Shell, body: () => Promise<number>): Promise<number> {
  let status = await endedBy(shell, body);
  const trap = shell.traps.get('EXIT');
  if (trap !== undefined && trap !== '') {
    shell.traps.delete('EXIT');
    shell.status = status;
    const before = status;
    status = await endedBy(shell, async () => {
      await runSource(shell, trap);
      return before;
    });
  }
  return status;
}

async function endedBy(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof ExitShell || error instanceof ReturnFrom || error instanceof DiscardCommand) {
      shell.status = error.status;
      return error.status;
    }
    if (error instanceof LeaveLoop) return 0;
    throw error;
  }
}

/** Runs a script's text line by line. */
export async function runSource(shell: Shell, source: string, firstLine = 1): Promise<number> {
  const parser = new Parser(source, 0, firstLine);
  let isEmpty = true;
  for (;;) {
    let list: List | null;
    try {
      parser.isExtended = shell.extended;
      list = parser.next();
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      shell.line = error.line;
      shell.complain(`syntax error: ${error.message}`);
      shell.host.needs(`a shell that reads this: ${error.message}`);
      throw new ExitShell(2);
    }
    if (!list) {
      if (isEmpty) shell.status = 0;
      return shell.status;
    }
    isEmpty = false;
    const onlyInBash = shell.isSh ? bashOnlyIn(list) : null;
    if (onlyInBash !== null) shell.needsOfSh(onlyInBash);
    try {
      await runList(shell, list);
    } catch (error) {
      if (!(error instanceof DiscardCommand) || shell.isSubshell) throw error;
      shell.status = error.status;
      shell.setArray('PIPESTATUS', [String(error.status)]);
      if (error.isFailure && shell.options.has('errexit')) throw new ExitShell(error.status);
    }
  }
}

async function runList(shell: Shell, list: List): Promise<number> {
  for (const item of list) await runAndOr(shell, item);
  return shell.status;
}

async function runAndOr(shell: Shell, { first, rest, background }: AndOr): Promise<void> {
  if (background) return runInBackground(shell, { first, rest, background: false });
  if (rest.length === 0) {
    await runPipeline(shell, first);
    return;
  }
  const pipelines = [{ operator: '&&' as '&&' | '||', pipeline: first }, ...rest];
  for (const [index, { operator, pipeline }] of pipelines.entries()) {
    if (index > 0 && (operator === '&&') !== (shell.status === 0)) continue;
    const isLast = index === pipelines.length - 1;
    if (!isLast) shell.tolerant++;
    try {
      await runPipeline(shell, pipeline);
    } finally {
      if (!isLast) shell.tolerant--;
    }
  }
}

async function runInBackground(shell: Shell, item: AndOr): Promise<void> {
  const inner = shell.fork();
  inner.tolerant = 0;
  for (const [number, descriptor] of shell.descriptors) {
    if ('input' in descriptor)
      inner.descriptors.set(number, { ...descriptor, input: shell.host.races.shared(descriptor.input) });
  }
  await runBeside(shell, shell.host.numbers.next(), () => runProcess(inner, [item]));
  shell.status = 0;
}

async function runPipeline(shell: Shell, { negated, timed, commands }: Pipeline): Promise<void> {
  if (timed) shell.host.needs('the time that a command takes');
  const [only] = commands;
  if (negated) shell.tolerant++;
  let statuses: number[];
  try {
    if (commands.length === 1 && only) statuses = [await runCommand(shell, only)];
    else statuses = await runStages(shell, commands);
  } finally {
    if (negated) shell.tolerant--;
  }
  const failed = shell.options.has('pipefail') ? statuses.findLast((status) => status !== 0) : undefined;
  const status = failed ?? statuses.at(-1) ?? 0;
  if (commands.length > 1 || !only || isChecked(only)) shell.setArray('PIPESTATUS', statuses.map(String));
  shell.status = negated ? Number(status === 0) : status;
  if (commands.length > 1) await afterFailure(shell, negated);
}

async function runStages(shell: Shell, commands: readonly Command[]): Promise<number[]> {
  const statuses: number[] = [];
  let input = shell.descriptors.get(0);
  for (const [index, command] of commands.entries()) {
    const stage = shell.fork();
    const capture = new Capture();
    if (input) stage.descriptors.set(0, input);
    if (index < commands.length - 1) {
      const isUnordered = ignoresOrder(shell, commands[index + 1]);
      const watched = shell.host.races.watched(capture, isUnordered);
      const pipe = { output: { ...shell.host.budget.counted(watched), isUnordered } };
      stage.descriptors.set(1, pipe);
      if (command.pipesStderr) stage.descriptors.set(2, pipe);
    }
    statuses.push(await asProcess(stage, () => runCommand(stage, command)));
    input = { input: new Input(capture.text, true) };
  }
  return statuses;
}

/** What `set -e` and the ERR trap do after a failing command. */
async function afterFailure(shell: Shell, isForgiven: boolean): Promise<void> {
  if (shell.status === 0 || shell.tolerant > 0 || isForgiven) return;
  const trap = shell.traps.get('ERR');
  if (trap && (shell.frames.length <= 1 || shell.options.has('errtrace'))) {
    const { status, line } = shell;
    shell.traps.delete('ERR');
    await runSource(shell, trap, line);
    shell.traps.set('ERR', trap);
    shell.status = status;
  }
  if (shell.options.has('errexit')) throw new ExitShell(shell.status);
}

/** Compound commands whose own status `set -e` and `PIPESTATUS` look at; of the others it is that of what runs in them. */
const CHECKED: ReadonlySet<Compound['kind']> = new Set(['subshell', 'arithmetic', 'conditional']);

async function runCommand(shell: Shell, command: Command): Promise<number> {
  shell.host.budget.step();
  shell.line = command.line;
  shell.host.running = shell;
  const processes = shell.processes.length;
  shell.status = command.kind === 'simple' ? await runSimple(shell, command) : await runCompound(shell, command);
  if (shell.processes.length > processes) await endProcesses(shell, processes);
  if (isChecked(command)) await afterFailure(shell, false);
  return shell.status;
}

function isChecked(command: Command): boolean {
  return command.kind === 'simple' || CHECKED.has(command.body.kind);
}

/** `>(…)` reads what was written to it; the files of both kinds go. */
async function endProcesses(shell: Shell, from: number): Promise<void> {
  const { status } = shell;
  for (const { path, list, direction, number } of shell.processes.splice(from)) {
    if (direction === '>') {
      const inner = shell.fork();
      inner.descriptors.set(0, { input: new Input((await shell.host.files.read(path)) ?? '', true) });
      await runBeside(shell, number, () => runProcess(inner, list), true);
    }
    await shell.host.files.remove(path);
  }
  shell.status = status;
}

async function runCompound(shell: Shell, { body, redirects, line }: CompoundCommand): Promise<number> {
  if (redirects.length === 0) return runBody(shell, body, line);
  let hasRun = false;
  const status = await redirected(shell, redirects, () => {
    hasRun = true;
    return runBody(shell, body, line);
  });
  if (hasRun) return status;
  shell.status = 1;
  await afterFailure(shell, false);
  return 1;
}

async function runBody(shell: Shell, body: Compound, line: number): Promise<number> {
  switch (body.kind) {
    case 'group':
      return runList(shell, body.list);
    case 'subshell': {
      const inner = shell.fork();
      return runProcess(inner, body.list);
    }
    case 'if':
      return runIf(shell, runList, body);
    case 'for':
      return runFor(shell, runList, body);
    case 'arithmetic-for':
      return runArithmeticFor(shell, runList, body);
    case 'while':
      return runWhile(shell, runList, body);
    case 'case':
      return runCase(shell, runList, body);
    case 'function': {
      const source = shell.frames.at(-1)?.source ?? shell.name;
      shell.functions.set(body.name, { name: body.name, command: body.command, source });
      return 0;
    }
    case 'arithmetic':
      return runArithmetic(shell, body.expression);
    default:
      return runConditional(shell, body, line);
  }
}

async function runArithmetic(shell: Shell, expression: Word): Promise<number> {
  try {
    return shell.evaluate(await expandText(shell, expression)) === 0n ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ArithmeticFault)) throw error;
    shell.complain(`((: ${error.message}`);
    return 1;
  }
}

async function runConditional(
  shell: Shell,
  body: Extract<Compound, { kind: 'conditional' }>,
  line: number,
): Promise<number> {
  shell.line = line;
  try {
    return (await evaluateConditional(shell, body.expression)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadTest)) throw error;
    if (error.message !== '') shell.complain(error.message);
    return 2;
  }
}

async function runSimple(shell: Shell, command: SimpleCommand): Promise<number> {
  shell.substitutionStatus = null;
  const { words } = command;
  const fields = words.some(isAssignment)
    ? await declared(shell, words)
    : await expandFields(shell, words as readonly Word[]);
  const [name] = fields;
  if (name === undefined) return runAssignments(shell, command);
  const isOfShell = shell.functions.has(name) || isBuiltin(name);
  if (command.assignments.length > 0 && keepsAssignments(shell, name))
    shell.needsOfSh(`${command.assignments[0]?.name}= before ${name}`);
  return (isOfShell ? redirected : redirectedApart)(shell, command.redirects, async () => {
    const restore = await assignTemporarily(shell, command);
    try {
      return await invoke(shell, fields);
    } finally {
      restore();
    }
  });
}

/** Words after `local` and its like: assignments are not split; arrays are handed over as they are. */
async function declared(shell: Shell, words: SimpleCommand['words']): Promise<string[]> {
  const fields: string[] = [];
  const arrays: Assignment[] = [];
  for (const item of words) {
    if (!isAssignment(item)) {
      fields.push(...(await expandFields(shell, [item])));
      continue;
    }
    const sign = item.append ? '+=' : '=';
    const index = item.index ? `[${await expandText(shell, item.index)}]` : '';
    if (item.isArray) {
      arrays.push(item);
      fields.push(`${item.name}${sign}(`);
    } else {
      const text = await expandText(shell, item.value as Word, true);
      if (/[\s*?[]/.test(text) && (item.value as Word).some((part) => 'quoted' in part && !part.quoted))
        shell.needsOfSh(`${item.name}=${text} without quotes`);
      fields.push(`${item.name}${index}${sign}${text}`);
    }
  }
  shell.declaredArrays = arrays;
  return fields;
}

/** A command that is only assignments, or only redirections. */
async function runAssignments(shell: Shell, { assignments, redirects }: SimpleCommand): Promise<number> {
  await assignAll(shell, assignments);
  return redirected(shell, redirects, async () => shell.substitutionStatus ?? 0);
}

/** `NAME=value command`: the variable is there and exported while the command runs. */
async function assignTemporarily(shell: Shell, { assignments }: SimpleCommand): Promise<() => void> {
  if (assignments.length === 0) return () => {};
  const before = assignments.map(({ name }) => [name, shell.variables.find(name)] as const);
  for (const [, variable] of before) if (variable) variable.isShared = true;
  await assignAll(shell, assignments);
  for (const { name } of assignments) shell.variables.writable(name).isExported = true;
  return () => {
    for (const [name, variable] of before) shell.variables.restore(name, variable);
  };
}

export async function invoke(shell: Shell, fields: readonly string[]): Promise<number> {
  const [name = '', ...args] = fields;
  if (shell.options.has('xtrace')) shell.errors.write(`+ ${fields.join(' ')}\n`);
  const declaredFunction = shell.functions.get(name);
  if (declaredFunction) return callFunction(shell, declaredFunction, args);
  return runBuiltin(shell, name, args, { runSource, asProcess, invoke });
}

async function callFunction(shell: Shell, called: ShellFunction, args: readonly string[]): Promise<number> {
  const { positional, frames, loops } = shell;
  shell.host.budget.enter();
  shell.variables.pushScope();
  shell.positional = args;
  shell.loops = 0;
  shell.frames = [...frames, { name: called.name, source: called.source, calledAt: shell.line }];
  try {
    return await runCommand(shell, called.command);
  } catch (error) {
    if (!(error instanceof ReturnFrom)) throw error;
    return error.status;
  } finally {
    shell.variables.popScope();
    shell.positional = positional;
    shell.frames = frames;
    shell.loops = loops;
    shell.host.budget.leave();
  }
}
