import type { Commit, HistoryAnswer, HistoryQuery } from '../../core/snapshot.ts';
import { revisionAt } from '../revision.ts';
import { git } from './git.ts';

/** Settings of the user's that would change what `git log` says. */
const PLAIN_LOG = ['-c', 'log.showSignature=false', '-c', 'log.follow=false', 'log', '--format=%H%n%B%x00'];

/** Answers from a clone which commits of `query.after`..`head` touch the query's paths, as `git log` simplifies it. */
export async function searchHistory(directory: string, head: string, query: HistoryQuery): Promise<HistoryAnswer> {
  const { paths, limit } = query;
  const after = await resolve(directory, revisionAt(head, query.after));
  const isAncestor = after !== undefined && (await isAncestorOf(directory, after, head));
  if (!isAncestor) {
    const isShallow = (await git(directory, 'rev-parse', '--is-shallow-repository').catch(() => '')).trim() === 'true';
    return isShallow ? { unavailable: `${directory} is a shallow clone` } : { isAncestor, commits: [] };
  }
  if (paths.length === 0) return { isAncestor, commits: [] };
  const count = limit === null ? [] : [`--max-count=${limit}`];
  const log = await git(directory, ...PLAIN_LOG, ...count, `${after}..${head}`, '--', ...paths);
  const records = log.split('\0').map((record) => record.replace(/^\n/, ''));
  return { isAncestor, commits: records.filter((record) => record !== '').map(parseCommit) };
}

async function resolve(directory: string, revision: string): Promise<string | undefined> {
  const commit = `${revision}^{commit}`;
  const sha = git(directory, 'rev-parse', '--verify', '--quiet', '--end-of-options', commit);
  return sha.then((text) => text.trim()).catch(() => undefined);
}

function isAncestorOf(directory: string, after: string, head: string): Promise<boolean> {
  return git(directory, 'merge-base', '--is-ancestor', after, head).then(
    () => true,
    () => false,
  );
}

function parseCommit(record: string): Commit {
  const end = record.indexOf('\n');
  return { sha: record.slice(0, end), message: record.slice(end + 1).replace(/\n+$/, '') };
}
