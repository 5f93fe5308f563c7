import type { Repo } from '../../../core/repo.ts';
import { globTest } from '../../../core/text/glob.ts';
import { matching, textOr } from './define.ts';

/** Tells which paths a `.gitignore` of the repo keeps out of it: they are made, or brought along, before they are used. Lines with `!` count for nothing. */
export function ignoredPaths(repo: Repo): (path: string) => boolean {
  const files = matching(repo, ['**/.gitignore']);
  repo.prefetch(files);
  const tests = files.flatMap((file) => {
    const text = textOr(repo, file);
    if (typeof text !== 'string') return [];
    const folder = file.slice(0, -'.gitignore'.length);
    return text.split('\n').flatMap((line) => patternsOf(line.trim(), folder).map(globTest));
  });
  return (path) => tests.some((one) => one.test(path));
}

/** A line as globs from the root: for the path itself and for what lies below it. */
function patternsOf(line: string, folder: string): readonly string[] {
  if (line === '' || /^[#!]/.test(line)) return [];
  const bare = line.replace(/\/+$/, '');
  const isAnchored = bare.includes('/');
  const pattern = `${folder}${isAnchored ? bare.replace(/^\//, '') : `**/${bare}`}`;
  return [pattern, `${pattern}/**`];
}
