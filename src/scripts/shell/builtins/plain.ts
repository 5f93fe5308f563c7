import type { Shell } from '../shell.ts';

/** Builtins that dash has as well. */
const SHARED = new Set(
  ': . [ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait'.split(
    ' ',
  ),
);
/** Builtins whose assignments stay, by POSIX: `NAME=value set`. */
const SPECIAL = new Set(
  ': . break continue eval exec exit export readonly return set shift times trap unset'.split(' '),
);
/** Options of `set` that both have. */
const SET = /^[-+][aefuxC]+$/;
const SET_BY_NAME = new Set(['allexport', 'errexit', 'noglob', 'nounset', 'xtrace']);

/** What a builtin with these arguments does in bash and not, or otherwise, where `sh` is dash or a bash by POSIX rules; null where all do the same. */
export function differenceOf(shell: Shell, name: string, args: readonly string[]): string | null {
  if (!SHARED.has(name)) return name;
  const isDifferent = DIFFERENT[name]?.(args, shell) ?? false;
  return isDifferent ? [name, ...args].join(' ') : null;
}

/** Whether assignments before a command may stay once it has run: by POSIX they do for functions and special builtins. */
export function keepsAssignments(shell: Shell, name: string): boolean {
  return shell.functions.has(name) || SPECIAL.has(name);
}

type Check = (args: readonly string[], shell: Shell) => boolean;

const hasOptions: Check = ([first = '']) => /^-./.test(first) && first !== '--';
const tests: Check = (args) =>
  args.some((arg, index) => /^(?:==|<|>|=~)$/.test(arg) && index > 0) ||
  args.some((arg) => /^-[voNRaGO]$/.test(arg) && (args.indexOf(arg) === 0 || arg === '-v' || arg === '-R'));

const DIFFERENT: Readonly<Record<string, Check>> = {
  echo: (args) => /^-[neE]+$/.test(args[0] ?? '') || args.some((arg) => arg.includes('\\')),
  printf: ([format = '', ...rest]) =>
    format.startsWith('-') ||
    /%(?![-+ #0]*[\d*]*(?:\.[\d*]*)?[sdiuoxXcb])|\\[^\\nrtabfv0-7"]/.test(format.replaceAll('%%', '')) ||
    (/%b/.test(format) && rest.some((arg) => /\\[^\\nrtabfv0]/.test(arg))) ||
    (/[.\d]/.test(format) && /[^\0-\x7f]/.test(rest.join(''))),
  test: tests,
  '[': tests,
  read: (args) => args.some((arg) => /^-./.test(arg) && arg !== '-r') || args.every((arg) => arg.startsWith('-')),
  local: (args, shell) => hasOptions(args, shell) || args.some((arg) => isInherited(arg, shell)),
  export: (args, shell) => args.length === 0 || hasOptions(args, shell),
  readonly: (args, shell) => args.length === 0 || hasOptions(args, shell),
  unset: ([first = '', second], shell) =>
    !/^-[vf]$/.test(first) ? hasOptions([first], shell) || /\[/.test(first) : second === undefined || /\[/.test(second),
  set: (args) =>
    args.length === 0 ||
    args.some((arg, index) =>
      /^[-+]o$/.test(args[index - 1] ?? '') ? !SET_BY_NAME.has(arg) : isUnknownOption(args, index),
    ),
  trap: (args) => args.length < 2 || args.slice(1).some((signal) => !/^(?:EXIT|0|HUP|INT|QUIT|TERM)$/.test(signal)),
  '.': ([path = '', ...rest]) => !path.includes('/') || rest.length > 0,
  command: (args, shell) => /^-[pV]/.test(args[0] ?? '') || hasOptions(args.slice(0, args[0] === '-v' ? 0 : 1), shell),
  type: () => true,
  cd: (args, shell) => hasOptions(args, shell) && !/^-[LP]?$/.test(args[0] ?? ''),
  pwd: ([first = '']) => first !== '' && !/^-[LP]$/.test(first),
  hash: ([first]) => first === undefined || (first.startsWith('-') && first !== '-r'),
  shift: ([count = '1'], shell) => Number(count) > shell.positional.length,
  wait: hasOptions,
  exec: hasOptions,
  alias: () => true,
  unalias: () => true,
  getopts: () => false,
  return: ([status = '0']) => !/^\d{1,3}$/.test(status) || Number(status) > 255,
  exit: ([status = '0']) => !/^\d{1,3}$/.test(status) || Number(status) > 255,
};

/** In dash, a variable that is made local keeps its value until it gets another one. */
function isInherited(arg: string, shell: Shell): boolean {
  return !arg.includes('=') && shell.get(arg) !== undefined;
}

/** Whether an argument of `set` is an option that only bash has. What follows `--` or an operand is none. */
function isUnknownOption(args: readonly string[], index: number): boolean {
  const before = args.slice(0, index);
  if (before.includes('--') || before.some((arg, at) => !/^[-+]/.test(arg) && !/^[-+]\w*o$/.test(args[at - 1] ?? '')))
    return false;
  const arg = args[index] ?? '';
  return /^[-+]./.test(arg) && arg !== '--' && !SET.test(arg) && !/^[-+]o$/.test(arg);
}
