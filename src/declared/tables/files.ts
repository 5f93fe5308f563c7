import type { Repo } from '../../core/repo.ts';
import { expandBraces } from './braces.ts';

/** Paths that match one of `patterns` and none of `except`, each once, sorted. */
export function filesMatching(repo: Repo, patterns: readonly string[], except: readonly string[]): readonly string[] {
  const found = (list: readonly string[]) => list.flatMap(expandBraces).flatMap((pattern) => repo.files(pattern));
  const left = new Set(found(except));
  return [...new Set(found(patterns))].filter((path) => !left.has(path)).sort();
}
