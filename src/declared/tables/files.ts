import type { Repo } from '../../core/repo.ts';

/** `a.{yml,yaml}` as the two patterns that it stands for. Braces do not nest. */
export function expandBraces(pattern: string): readonly string[] {
  const [whole, start = '', choices = '', end = ''] = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return choices.split(',').flatMap((choice) => expandBraces(`${start}${choice}${end}`));
}

/** Paths that match one of `patterns` and none of `except`, each once, sorted. */
export function filesMatching(repo: Repo, patterns: readonly string[], except: readonly string[]): readonly string[] {
  const found = (list: readonly string[]) => list.flatMap(expandBraces).flatMap((pattern) => repo.files(pattern));
  const left = new Set(found(except));
  return [...new Set(found(patterns))].filter((path) => !left.has(path)).sort();
}
