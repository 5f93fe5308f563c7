import type { Repo } from '../../core/repo.ts';
import { expandBraces } from './braces.ts';

/** Paths that match one of `patterns` and none of `except`, each once, sorted. */
export function filesMatching(repo: Repo, patterns: readonly string[], except: readonly string[]): readonly string[] {
  const found = (list: readonly string[]) => list.flatMap(expandBraces).flatMap((pattern) => repo.files(pattern));
  const left = new Set(found(except));
  return [...new Set(found(patterns))].filter((path) => !left.has(path)).sort();
}

/** Of these paths and patterns, the first path at which something lies that is no file: a folder, a submodule, a link that leads nowhere in the repo. */
export function notFileAmong(repo: Repo, patterns: readonly string[]): string | undefined {
  return patterns.flatMap(expandBraces).find((path) => {
    if (/[*?[\\]/.test(path) || repo.isFile(path)) return false;
    const cut = path.lastIndexOf('/');
    return repo.names(path.slice(0, Math.max(cut, 0))).includes(path.slice(cut + 1));
  });
}
