import type { Program } from '../shell/shell.ts';
import { parseOptions } from './options.ts';

export const uname: Program = async (process) => {
  const options = parseOptions(process, 'uname', 's m r a o p n v');
  if (!options) return 1;
  const { host } = process.shell;
  for (const name of ['r', 'a', 'n', 'v', 'p']) if (options.has(name)) host.needs(`uname -${name}`);
  host.leansOn('system');
  const { system } = host.surroundings;
  const machine = system === 'Linux' ? 'x86_64' : 'arm64';
  const words = [...(options.has('s') || !options.has('m') ? [system] : []), ...(options.has('m') ? [machine] : [])];
  process.output.write(`${words.join(' ')}\n`);
  return 0;
};

export const id: Program = async (process) => {
  const options = parseOptions(process, 'id', 'u g n G user=u group=g name=n');
  if (!options) return 1;
  const { host } = process.shell;
  if (!options.has('u') || options.has('n') || options.operands.length > 0) host.needs('the user');
  host.leansOn('user');
  process.output.write(`${host.surroundings.user.number}\n`);
  return 0;
};

/** The locales of a plain Debian. */
export const locale: Program = async (process) => {
  const isList = process.args.join(' ') === '-a';
  if (isList) process.output.write('C\nC.utf8\nPOSIX\n');
  else process.shell.host.needs(`locale ${process.args.join(' ')}`.trim());
  return isList ? 0 : 1;
};
