import { absolute } from '../file-system.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, takeOptions } from './builtin.ts';

/** Makes a folder the one that the shell is in, or says why it cannot. */
export async function changeTo(shell: Shell, command: string, path: string, physical: boolean): Promise<number> {
  const place = absolute(shell.cwd, path);
  const stat = path === '' ? null : await shell.host.files.stat(place);
  if (stat?.kind !== 'folder') {
    shell.complain(`${command}: ${path}: ${stat ? 'Not a directory' : 'No such file or directory'}`);
    return 1;
  }
  shell.set('OLDPWD', shell.cwd);
  shell.cwd = physical ? ((await shell.host.files.realPath(place)) ?? place) : place;
  shell.set('PWD', shell.cwd);
  return 0;
}

export const cd: Builtin = async (shell, args) => {
  const taken =
    args[0] === '-' ? { options: new Map<string, string>(), rest: args } : takeOptions(shell, 'cd', args, 'LPe');
  if (!taken) return 2;
  const { options, rest } = taken;
  if (rest.length > 1) {
    shell.complain('cd: too many arguments');
    return 1;
  }
  const [path = shell.get('HOME') ?? ''] = rest;
  if (path !== '-') return changeTo(shell, 'cd', path === '' ? '.' : path, options.has('P'));
  const status = await changeTo(shell, 'cd', shell.get('OLDPWD') ?? '', options.has('P'));
  if (status === 0) shell.output.write(`${shell.cwd}\n`);
  return status;
};

export const pwd: Builtin = async (shell, args) => {
  const isPhysical = args.includes('-P');
  shell.output.write(`${isPhysical ? ((await shell.host.files.realPath(shell.cwd)) ?? shell.cwd) : shell.cwd}\n`);
  return 0;
};
