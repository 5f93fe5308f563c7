import { absolute } from '../file-system.ts';
import type { Shell } from '../shell.ts';

/** What a shell sets that is given none, as far as that is the same everywhere. */
export const DEFAULT_PATH = '/usr/bin:/bin';
/** Folders of `PATH` where only programs of the machine are. */
const SYSTEM = /^(?:\/usr|\/bin|\/sbin|\/opt|\/snap|\/nix|~|\$)/;
/** Where POSIX programs are on every machine. */
const EVERYWHERE = ['/usr/bin', '/bin'];
/** Where programs may lie: a script that leaves one of these out may miss some. */
const OFTEN = ['/usr/local/bin', '/usr/bin', '/bin'];
const POSIX = new Set(
  'awk basename bash cat chmod cmp comm cp cut date dash diff dirname env expr find fold grep head id ln ls mkdir mv nice od paste ps rm rmdir sed sh sleep sort tail tee touch tr uname uniq wc xargs'.split(
    ' ',
  ),
);

/** Where a program of the machine lies. */
export function programPath(shell: Shell, name: string): string {
  const { standard, others } = shell.host.surroundings.programs;
  return `${POSIX.has(name) ? standard : others}/${name}`;
}

function foldersOf(shell: Shell): readonly string[] {
  return (shell.get('PATH') ?? '').split(':');
}

/** The script that a name means by way of `PATH`, where a folder of the repo is part of it. */
export async function findInPath(shell: Shell, name: string): Promise<string | null> {
  const home = shell.get('HOME') ?? '/';
  for (const folder of foldersOf(shell)) {
    if (SYSTEM.test(folder) || folder.startsWith(`${home}/.`)) continue;
    if (folder === '' && !shell.get('PATH')) continue;
    const path = absolute(shell.cwd, folder === '' ? name : `${folder}/${name}`);
    const stat = await shell.host.files.stat(path);
    if (stat?.kind === 'file' && (stat.mode & 0o111) > 0) return path;
  }
  return null;
}

/** Whether a program may be missing because the script has left folders of the machine out of `PATH`: it is needed, then. */
export function isLeftOut(shell: Shell, name: string): boolean {
  const folders = foldersOf(shell).map((folder) => folder.replace(/(?<=.)\/+$/, ''));
  const wanted = POSIX.has(name) ? EVERYWHERE : OFTEN;
  if (wanted.every((folder) => folders.includes(folder))) return false;
  shell.host.needs(`${name} where PATH is ${shell.get('PATH') ?? 'not set'}`);
  return true;
}
