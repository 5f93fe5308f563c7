import type {
  Commit,
  HistoryAnswer,
  HistoryQuery,
  LogAnswer,
  LoggedCommit,
  LogQuery,
  Signature,
} from '../../core/snapshot.ts';
import { revisionAt } from '../revision.ts';
import { git, isShallow } from './git.ts';

/** Settings of the user's that would change what `git log` says. */
const PLAIN_LOG = ['-c', 'log.showSignature=false', '-c', 'log.follow=false', 'log'];
const NAMES_AND_MESSAGES = '--format=%H%n%B%x00';
const ALL_FIELDS = '--format=%H%n%P%n%an%n%ae%n%ad%n%cn%n%ce%n%cd%n%B%x00';

/** Answers from a clone which commits of `query.after`..`head` touch the query's paths, as `git log` simplifies it. */
export async function searchHistory(directory: string, head: string, query: HistoryQuery): Promise<HistoryAnswer> {
  const { paths, limit } = query;
  const after = await resolve(directory, revisionAt(head, query.after));
  const isAncestor = after !== undefined && (await isAncestorOf(directory, after, head));
  if (!isAncestor) {
    return (await isShallow(directory))
      ? { unavailable: `${directory} is a shallow clone` }
      : { isAncestor, commits: [] };
  }
  if (paths.length === 0) return { isAncestor, commits: [] };
  const count = limit === null ? [] : [`--max-count=${limit}`];
  const log = await git(directory, ...PLAIN_LOG, NAMES_AND_MESSAGES, ...count, `${after}..${head}`, '--', ...paths);
  return { isAncestor, commits: recordsOf(log).map(parseCommit) };
}

/** Tells a clone's newest commits, with people and dates. */
export async function readLog(directory: string, head: string, { paths, limit }: LogQuery): Promise<LogAnswer> {
  if (await isShallow(directory)) return { unavailable: `${directory} is a shallow clone` };
  const options = ['--date=raw', ALL_FIELDS, `--max-count=${limit}`];
  const log = await git(directory, ...PLAIN_LOG, ...options, head, '--', ...paths);
  return { commits: recordsOf(log).map(parseLogged) };
}

function recordsOf(log: string): readonly string[] {
  const records = log.split('\0').map((record) => record.replace(/^\n/, ''));
  return records.filter((record) => record !== '');
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

function parseLogged(record: string): LoggedCommit {
  const [sha = '', parents = '', ...rest] = record.split('\n');
  return {
    sha,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author: parseSignature(rest.slice(0, 3)),
    committer: parseSignature(rest.slice(3, 6)),
    message: rest.slice(6).join('\n').replace(/\n+$/, ''),
  };
}

/** Name, address, and a date as `1767366000 -0500`. */
function parseSignature([name = '', email = '', date = '']: readonly string[]): Signature {
  const [, at, sign, hours, minutes] = /^(-?\d+) ([-+])(\d\d)(\d\d)$/.exec(date) ?? [];
  const offset = Number(hours) * 60 + Number(minutes);
  return { name, email, at: Number(at), offset: sign === '-' ? -offset : offset };
}
