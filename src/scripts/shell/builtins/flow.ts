import { ArithmeticFault } from '../arithmetic.ts';
import { absolute } from '../file-system.ts';
import { quoteForShell } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { ExitShell, LeaveLoop, ReturnFrom } from '../signals.ts';
import type { Builtin } from './builtin.ts';

export const exit: Builtin = (shell, args) => {
  const [status] = args;
  if (status !== undefined && !/^[-+]?\d+$/.test(status)) {
    shell.complain(`exit: ${status}: numeric argument required`);
    throw new ExitShell(2);
  }
  throw new ExitShell(status === undefined ? shell.status : Number(status));
};

export const returnFrom: Builtin = (shell, args) => {
  const [status] = args;
  if (shell.frames.length <= 1 && shell.sourced === 0) {
    shell.complain("return: can only `return' from a function or sourced script");
    return 2;
  }
  if (status !== undefined && !/^[-+]?\d+$/.test(status)) {
    shell.complain(`return: ${status}: numeric argument required`);
    throw new ReturnFrom(2);
  }
  throw new ReturnFrom(status === undefined ? shell.status : Number(status));
};

function leave(kind: 'break' | 'continue'): Builtin {
  return (shell, args) => {
    if (shell.loops === 0) {
      shell.complain(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`);
      return 0;
    }
    throw new LeaveLoop(kind, Math.max(1, Number(args[0] ?? 1)));
  };
}

export const breakLoop = leave('break');
export const continueLoop = leave('continue');

export const shift: Builtin = (shell, args) => {
  const count = Number(args[0] ?? 1);
  if (count > shell.positional.length) return 1;
  shell.positional = shell.positional.slice(count);
  return 0;
};

export const evaluate: Builtin = async (shell, args, language) => {
  const { line } = shell;
  await language.runSource(shell, args.join(' '), line);
  return shell.status;
};

export const source: Builtin = async (shell, args, language) => {
  const [name, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (name === undefined) {
    shell.complain('source: filename argument required');
    return 2;
  }
  const text = await shell.host.files.read(absolute(shell.cwd, name));
  if (text === null) {
    shell.complain(`${name}: No such file or directory`);
    return 1;
  }
  const { frames, positional } = shell;
  shell.frames = [...frames, { name: 'source', source: name, calledAt: shell.line }];
  if (rest.length > 0) shell.positional = rest;
  shell.sourced++;
  shell.host.budget.enter();
  try {
    await language.runSource(shell, text);
    return shell.status;
  } catch (error) {
    if (!(error instanceof ReturnFrom)) throw error;
    return error.status;
  } finally {
    shell.host.budget.leave();
    shell.sourced--;
    shell.frames = frames;
    if (rest.length > 0) shell.positional = positional;
  }
};

/** In the order of their numbers, where they have one. */
const SIGNALS = 'EXIT HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM DEBUG ERR RETURN'.split(
  ' ',
);
const OTHER_SIGNALS = /^(?:CHLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|PWR|SYS|STKFLT|RTM\w+)$/;
const WITHOUT_NUMBER = ['EXIT', 'DEBUG', 'ERR', 'RETURN'];

function signalNamed(text: string): string {
  return /^\d+$/.test(text) ? (SIGNALS.slice(0, -3)[Number(text)] ?? text) : text.toUpperCase().replace(/^SIG/, '');
}

function printTraps(shell: Shell, wanted: readonly string[]): number {
  // A substitution shows the traps of the shell around it, which it does not have itself.
  if (shell.isSubshell) shell.host.needs('trap -p in a subshell');
  const names = wanted.length > 0 ? wanted.map(signalNamed) : [...shell.traps.keys()];
  if (names.some((name) => !SIGNALS.includes(name))) shell.host.needs('trap of an unusual signal');
  for (const name of SIGNALS) {
    const action = names.includes(name) ? shell.traps.get(name) : undefined;
    if (action === undefined) continue;
    shell.output.write(`trap -- ${quoteForShell(action)} ${WITHOUT_NUMBER.includes(name) ? '' : 'SIG'}${name}\n`);
  }
  return 0;
}

export const trap: Builtin = (shell, args) => {
  if (args[0] === '-l') shell.host.needs('trap -l');
  if (args[0] === '-p' || args.length === 0) return printTraps(shell, args.slice(1));
  const [action = '', ...signals] = args[0] === '--' ? args.slice(1) : args;
  let status = 0;
  const isReset = action === '-' || signals.length === 0;
  for (const signal of signals.length === 0 ? [action] : signals) {
    const name = signalNamed(signal);
    if (!SIGNALS.includes(name) && !OTHER_SIGNALS.test(name)) {
      if (/^\d+$/.test(name)) shell.host.needs(`trap of signal ${name}`);
      shell.complain(`trap: ${signal}: invalid signal specification`);
      status = 1;
      continue;
    }
    if (name === 'DEBUG' || name === 'RETURN' || name === 'CHLD') shell.host.needs(`trap ${name}`);
    if (isReset) shell.traps.delete(name);
    else shell.traps.set(name, action);
  }
  return status;
};

/** `exec command` replaces the shell; without a command the redirections stay. */
export const exec: Builtin = async (shell, args, language) => {
  if (args.length === 0) {
    // What reads from it would have to go on as long as the script does.
    if (shell.processes.some(({ direction }) => direction === '>')) shell.host.needs('exec with >( )');
    shell.keepsDescriptors = true;
    return 0;
  }
  shell.traps.delete('EXIT');
  throw new ExitShell(await language.invoke(shell, args));
};

export const letValues: Builtin = (shell, args) => {
  let last = 0n;
  try {
    for (const expression of args) last = shell.evaluate(expression);
  } catch (error) {
    if (!(error instanceof ArithmeticFault)) throw error;
    // Unlike elsewhere the command only fails, so `set -e` sees it.
    shell.complain(`let: ${error.message}`);
    return 1;
  }
  return last === 0n ? 1 : 0;
};
