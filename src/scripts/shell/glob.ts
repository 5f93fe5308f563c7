import { collationOf } from './collation.ts';
import { absolute } from './file-system.ts';
import { matchesPattern, unescapePattern } from './patterns.ts';
import type { Shell } from './shell.ts';

/** Whether a pattern has an active wildcard. */
export function hasWildcard(pattern: string, extended: boolean): boolean {
  return /(?<!\\)(?:\\\\)*(?:[*?]|\[.*\])/s.test(pattern) || (extended && /[@?*+!]\(/.test(pattern));
}

/** Paths that match a pattern, sorted; empty where there are none. */
export async function glob(shell: Shell, pattern: string): Promise<readonly string[]> {
  const isAbsolute = pattern.startsWith('/');
  const wantsFolder = pattern.endsWith('/');
  const parts = stepsOf(pattern, shell.extended);
  let found: readonly string[] = [isAbsolute ? '/' : ''];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const next: string[] = [];
    for (const folder of found) next.push(...(await step(shell, folder, part, isLast)));
    found = next;
  }
  const kept: string[] = [];
  for (const path of found) {
    if (!wantsFolder) kept.push(path);
    else if ((await shell.host.files.stat(absolute(shell.cwd, path)))?.kind === 'folder') kept.push(`${path}/`);
  }
  return kept.sort(collationOf(shell));
}

/** The parts of a path; those without a wildcard are one step, since what lies on the way to them is not asked for by itself. */
function stepsOf(pattern: string, extended: boolean): readonly string[] {
  const steps: string[] = [];
  let isOpen = false;
  for (const part of pattern.split('/').filter((piece) => piece !== '')) {
    const isPlain = !hasWildcard(part, extended) && part !== '.' && part !== '..';
    const before = steps.at(-1);
    if (isPlain && isOpen && before !== undefined) steps[steps.length - 1] = `${before}/${part}`;
    else steps.push(part);
    isOpen = isPlain;
  }
  return steps;
}

function joined(folder: string, name: string): string {
  if (folder === '') return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

async function step(shell: Shell, folder: string, part: string, isLast: boolean): Promise<readonly string[]> {
  const { files } = shell.host;
  const place = (path: string) => absolute(shell.cwd, path === '' ? '.' : path);
  if (!hasWildcard(part, shell.extended)) {
    const path = joined(folder, unescapePattern(part));
    return (await files.stat(place(path), false)) ? [path] : [];
  }
  if (part === '**' && shell.shopts.has('globstar')) return below(shell, folder, isLast, true);
  const options = { extended: shell.extended, ignoreCase: shell.shopts.has('nocaseglob') };
  const matching = ((await files.list(place(folder))) ?? []).filter(
    (name) => isVisible(shell, name, part) && matchesPattern(name, part, options),
  );
  const paths = matching.map((name) => joined(folder, name));
  if (isLast) return paths;
  const folders: string[] = [];
  for (const path of paths) if ((await files.stat(place(path)))?.kind === 'folder') folders.push(path);
  return folders;
}

function isVisible(shell: Shell, name: string, part: string): boolean {
  return !name.startsWith('.') || part.startsWith('.') || part.startsWith('\\.') || shell.shopts.has('dotglob');
}

/** `**`: this folder and all folders below it; as the last part, all files too. */
async function below(shell: Shell, folder: string, withFiles: boolean, isStart: boolean): Promise<readonly string[]> {
  const { files } = shell.host;
  const found: string[] = [];
  if (folder !== '') found.push(withFiles && isStart ? `${folder}/` : folder);
  else if (!withFiles) found.push('');
  for (const name of (await files.list(absolute(shell.cwd, folder === '' ? '.' : folder))) ?? []) {
    if (!isVisible(shell, name, '*')) continue;
    const path = joined(folder, name);
    const stat = await files.stat(absolute(shell.cwd, path), false);
    if (stat?.kind === 'folder') found.push(...(await below(shell, path, withFiles, false)));
    else if (withFiles) found.push(path);
  }
  return found;
}
