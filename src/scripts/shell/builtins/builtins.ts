import { BadTest, evaluateTest } from '../conditions.ts';
import type { Shell } from '../shell.ts';
import { alias, unalias } from './alias.ts';
import type { Builtin, Language } from './builtin.ts';
import { declare, exportVariables, local, readonlyVariables, unset } from './declare.ts';
import { runExternal } from './external.ts';
import { breakLoop, continueLoop, evaluate, exec, exit, letValues, returnFrom, shift, source, trap } from './flow.ts';
import { cd, pwd } from './folder.ts';
import { dirs, popd, pushd } from './folder-stack.ts';
import { getopts } from './getopts.ts';
import { disown, wait } from './jobs.ts';
import { commandBuiltin, hash, typeBuiltin, which } from './lookup.ts';
import { set, shopt } from './options.ts';
import { echo } from './output.ts';
import { differenceOf } from './plain.ts';
import { printf } from './printf.ts';
import { mapfile, read } from './read.ts';

const nothing: Builtin = () => 0;

async function testAs(shell: Shell, name: string, args: readonly string[]): Promise<number> {
  try {
    return (await evaluateTest(shell, args)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadTest)) throw error;
    shell.complain(`${name}: ${error.message}`);
    return 2;
  }
}

const test: Builtin = (shell, args) => testAs(shell, 'test', args);

const bracket: Builtin = (shell, args) => {
  if (args.at(-1) === ']') return testAs(shell, '[', args.slice(0, -1));
  shell.complain("[: missing `]'");
  return 2;
};

/** Parts of the shell that say something about the machine or about processes. */
function elsewhere(name: string): Builtin {
  return (shell) => {
    shell.host.needs(name);
    return 1;
  };
}

/** Says or sets what new files do not get. Until it is set, that is the machine's. */
const umask: Builtin = (shell, [mask, ...more]) => {
  if (mask === undefined) {
    shell.host.leansOn('modes');
    shell.output.write(`${(shell.umask ?? shell.host.surroundings.umask).toString(8).padStart(4, '0')}\n`);
  } else if (/^[0-7]{1,4}$/.test(mask) && more.length === 0) shell.umask = Number.parseInt(mask, 8) & 0o777;
  else shell.host.needs(`umask ${mask}`);
  return 0;
};

/** Says how words are completed, which a script never asks for. */
const complete: Builtin = (shell, args) => {
  if (!/^-[WFACGoabcdefgjksuv]/.test(args[0] ?? '')) shell.host.needs(`complete ${args.join(' ')}`.trim());
  return 0;
};

const builtin: Builtin = (shell, [name = ':', ...args], language) => {
  if (isBuiltin(name)) return runBuiltin(shell, name, args, language);
  shell.complain(`builtin: ${name}: not a shell builtin`);
  return 1;
};

/** `which` is a program, in truth. */
export function isBuiltin(name: string): boolean {
  return name !== 'which' && name in BUILTINS;
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  __proto__: null as never,
  ':': nothing,
  true: nothing,
  false: () => 1,
  echo,
  printf,
  read,
  mapfile,
  readarray: mapfile,
  cd,
  pwd,
  pushd,
  popd,
  declare,
  typeset: declare,
  local,
  export: exportVariables,
  readonly: readonlyVariables,
  unset,
  set,
  shopt,
  shift,
  exit,
  return: returnFrom,
  break: breakLoop,
  continue: continueLoop,
  eval: evaluate,
  source,
  '.': source,
  exec,
  trap,
  wait,
  let: letValues,
  test,
  '[': bracket,
  getopts,
  command: commandBuiltin(isBuiltin),
  builtin,
  type: typeBuiltin(isBuiltin),
  hash,
  which,
  umask,
  enable: elsewhere('enable'),
  alias,
  unalias,
  disown,
  jobs: elsewhere('jobs'),
  kill: elsewhere('kill'),
  ulimit: elsewhere('ulimit'),
  times: elsewhere('times'),
  fg: elsewhere('fg'),
  bg: elsewhere('bg'),
  caller: elsewhere('caller'),
  compgen: elsewhere('compgen'),
  complete,
  dirs,
  suspend: elsewhere('suspend'),
  history: elsewhere('history'),
  bind: elsewhere('bind'),
};

/** Runs a builtin, or else what the name means outside the shell. */
export async function runBuiltin(
  shell: Shell,
  name: string,
  args: readonly string[],
  language: Language,
): Promise<number> {
  const builtin = BUILTINS[name];
  const difference = shell.isSh && isBuiltin(name) ? differenceOf(shell, name, args) : null;
  if (difference !== null) shell.needsOfSh(difference);
  return builtin ? builtin(shell, args, language) : runExternal(shell, name, args, language);
}
