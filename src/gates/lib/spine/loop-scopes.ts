import type { Repo } from '../../../core/repo.ts';

/** Where each loop of work says what it is about. */
export const LOOP_SCOPES = 'mailroom/state/loop-scopes/*.scope.md';

/** Ids of the closed loops. Front matter is read line by line: only double quotes are taken off. */
export function closedLoops(repo: Repo): ReadonlySet<string> {
  const paths = repo.glob(LOOP_SCOPES);
  repo.prefetch(paths);
  const loops = paths.map((path) => frontMatter(repo, path)).filter((fieldOf) => fieldOf('status') === 'closed');
  return new Set(loops.map((fieldOf) => fieldOf('loop_id')).filter((id) => id !== ''));
}

function frontMatter(repo: Repo, path: string): (key: string) => string {
  const lines = repo.lines(path).map(({ text }) => text);
  const start = lines.indexOf('---');
  const end = lines.indexOf('---', start + 1);
  const block = start < 0 ? [] : lines.slice(start + 1, end < 0 ? undefined : end);
  return (key) => {
    const line = block.find((candidate) => candidate.startsWith(`${key}:`)) ?? '';
    const value = line.slice(key.length + 1).replace(/^ +/, '');
    return value.replaceAll('"', '');
  };
}
