import { matchesWildcard } from '../../core/text/wildcard.ts';
import { globRegExp } from '../commands/search/ignore.ts';
import { BeyondGit, type GitCall, pathInRepo } from './checkout.ts';

export type Admits = (path: string) => boolean;

export interface Pathspec {
  readonly written: string;
  readonly isExcluding: boolean;
  readonly admits: Admits;
}

/** What a pathspec takes: a file, all in a folder, or what a pattern matches, in which `*` also crosses folders. Throws `BeyondGit`. */
export function pathspec(call: GitCall, written: string): Pathspec {
  const [, magic = '', words = '', pattern = ''] = /^(:(?:\(([^)]*)\)|[!^/]+)?)?([\s\S]*)$/.exec(written) ?? [];
  const named = words === '' ? [] : words.split(',');
  const signs = words === '' ? magic.slice(1) : '';
  if (named.some((word) => !['top', 'exclude', 'glob', 'literal'].includes(word)))
    throw new BeyondGit(`pathspec ${written}`);
  const isTop = named.includes('top') || signs.includes('/');
  const from = isTop ? pattern : pathInRepo(call, pattern === '' ? '.' : pattern);
  if (from === null) throw new BeyondGit(`path outside of the repo (${written})`);
  const isExcluding = named.includes('exclude') || /[!^]/.test(signs);
  return { written, isExcluding, admits: admits(from.replace(/\/+$/, ''), named) };
}

function admits(pattern: string, magic: readonly string[]): Admits {
  const below = (path: string) => pattern === '' || path === pattern || path.startsWith(`${pattern}/`);
  if (magic.includes('literal') || !/[*?[]/.test(pattern)) return below;
  if (pattern.includes('[') && !magic.includes('glob')) throw new BeyondGit(`pathspec ${pattern}`);
  if (!magic.includes('glob')) return (path) => below(path) || matchesWildcard(path, pattern);
  const regExp = globRegExp(pattern, true);
  return (path) => below(path) || regExp.test(path);
}

/** Whether a path is taken by any of the specs and excluded by none; without specs, all below the current folder are. */
export function admitsAny(call: GitCall, specs: readonly Pathspec[]): Admits {
  const including = specs.filter(({ isExcluding }) => !isExcluding);
  const excluding = specs.filter(({ isExcluding }) => isExcluding);
  const isIncluded: Admits =
    including.length > 0
      ? (path) => including.some((spec) => spec.admits(path))
      : (path) => path.startsWith(call.prefix);
  return (path) => isIncluded(path) && !excluding.some((spec) => spec.admits(path));
}

/** A path as it is printed: from the current folder, in quotes where it holds unusual characters. */
export function shownPath({ prefix }: GitCall, path: string): string {
  return quoted(fromFolder(prefix, path));
}

function fromFolder(prefix: string, path: string): string {
  if (path.startsWith(prefix)) return path.slice(prefix.length);
  const folders = prefix.split('/').slice(0, -1);
  const parts = path.split('/');
  let shared = 0;
  while (shared < folders.length && folders[shared] === parts[shared]) shared++;
  return [...folders.slice(shared).map(() => '..'), ...parts.slice(shared)].join('/');
}

const ESCAPES: Readonly<Record<number, string>> = {
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  34: '"',
  92: '\\',
};

function quoted(path: string): string {
  const bytes = [...new TextEncoder().encode(path)];
  if (bytes.every((byte) => byte >= 32 && byte < 127 && byte !== 34 && byte !== 92)) return path;
  const text = bytes.map((byte) => {
    const sign = ESCAPES[byte];
    if (sign !== undefined) return `\\${sign}`;
    return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${text.join('')}"`;
}
