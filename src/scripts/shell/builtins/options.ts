import { askForAll } from '../environment.ts';
import { quoteForShell } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, takeOptions } from './builtin.ts';

const LONG: Readonly<Record<string, string>> = {
  e: 'errexit',
  u: 'nounset',
  x: 'xtrace',
  f: 'noglob',
  a: 'allexport',
  E: 'errtrace',
  T: 'functrace',
  C: 'noclobber',
  h: 'hashall',
  m: 'monitor',
  b: 'notify',
  B: 'braceexpand',
  n: 'noexec',
  v: 'verbose',
  P: 'physical',
};
const NAMES = new Set([
  ...Object.values(LONG),
  'pipefail',
  'posix',
  'nolog',
  'vi',
  'emacs',
  'history',
  'histexpand',
  'ignoreeof',
]);
/** Options that would change what a script means and that this shell does not follow. */
const UNSUPPORTED = new Set(['noexec', 'noclobber', 'posix', 'functrace', 'verbose']);

export const set: Builtin = (shell, args) => {
  if (args.length === 0) {
    askForAll(shell.host);
    for (const name of shell.variables.names()) shell.output.write(`${name}=${quoteForShell(shell.get(name) ?? '')}\n`);
    return 0;
  }
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--' || arg === '-') {
      shell.positional = args.slice(at + 1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) break;
    const isOn = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      const name = letter === 'o' ? args[++at] : LONG[letter];
      if (name === undefined || !NAMES.has(name)) {
        shell.complain(`set: ${name ?? arg}: invalid option`);
        shell.host.needs(`set ${arg}`);
        return 2;
      }
      setOption(shell, name, isOn);
    }
  }
  if (at < args.length) shell.positional = args.slice(at);
  return 0;
};

function setOption(shell: Shell, name: string, isOn: boolean): void {
  if (isOn && UNSUPPORTED.has(name)) shell.host.needs(`set -o ${name}`);
  if (isOn) shell.options.add(name);
  else shell.options.delete(name);
}

const SHOPTS = new Set([
  'extglob',
  'nullglob',
  'dotglob',
  'globstar',
  'failglob',
  'nocaseglob',
  'nocasematch',
  'inherit_errexit',
  'xpg_echo',
  'sourcepath',
  'checkwinsize',
]);

export const shopt: Builtin = (shell, args) => {
  const taken = takeOptions(shell, 'shopt', args, 'supqo');
  if (!taken) return 2;
  const { options, rest } = taken;
  if (options.has('o')) {
    for (const name of rest) if (options.has('s') || options.has('u')) setOption(shell, name, options.has('s'));
    return rest.every((name) => shell.options.has(name)) ? 0 : 1;
  }
  for (const name of rest) if (!SHOPTS.has(name)) shell.host.needs(`shopt ${name}`);
  if (options.has('s')) for (const name of rest) shell.shopts.add(name);
  else if (options.has('u')) for (const name of rest) shell.shopts.delete(name);
  else {
    if (!options.has('q'))
      for (const name of rest) shell.output.write(`${name.padEnd(15)}\t${shell.shopts.has(name) ? 'on' : 'off'}\n`);
    return rest.every((name) => shell.shopts.has(name)) ? 0 : 1;
  }
  return 0;
};
