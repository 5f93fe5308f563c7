import type { Commit } from '../../core/snapshot.ts';
import type { CommandResult } from '../command.ts';
import { BeyondGit, type GitCall, pathInRepo, printed } from './checkout.ts';
import { commitNamed } from './revisions.ts';

interface LogRequest {
  readonly format: string;
  readonly limit: number | null;
  readonly tip: string;
  /** Exclusive; null where the log goes back to the beginning. */
  readonly after: string | null;
  readonly paths: readonly string[];
}

/** What is known of a commit: always its name; the message of those that history tells of. */
type Known = Pick<Commit, 'sha'> & Partial<Commit>;

const SHORT = 7;

/** `git log` of `A..HEAD` over paths, and of HEAD itself as far as its name goes. Dates, people and patches are not known. */
export async function log(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const request = await readRequest(args, call);
  const commits = await commitsOf(request, call);
  const { format } = request;
  const isTerminated = !format.startsWith('format:');
  const texts = commits.map((commit) => fill(format.replace(/^t?format:/, ''), commit));
  if (texts.length === 0) return printed('');
  return printed(isTerminated ? texts.map((text) => `${text}\n`).join('') : texts.join('\n'));
}

/** `git rev-list` of the same. */
export async function revList(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const isCount = args.includes('--count');
  const rest = args.filter((arg) => arg !== '--count');
  if (rest.some((arg) => /^--(?:format|pretty|oneline)/.test(arg))) throw new BeyondGit(`rev-list ${args.join(' ')}`);
  const commits = await commitsOf(await readRequest(['--format=%H', ...rest], call), call);
  return printed(isCount ? `${commits.length}\n` : commits.map(({ sha }) => `${sha}\n`).join(''));
}

async function commitsOf({ tip, after, paths, limit }: LogRequest, call: GitCall): Promise<readonly Known[]> {
  const { head, listed } = call;
  if (after === null) {
    if (limit !== 1 || paths.length > 0) throw new BeyondGit('log back to the first commit');
    const known = listed.get(tip);
    if (!known && tip !== head) throw new BeyondGit(`log of ${tip}`);
    return [known ?? { sha: head }];
  }
  if (tip !== head) throw new BeyondGit(`log up to ${tip}`);
  if (after === head) return [];
  if (paths.length === 0) throw new BeyondGit('log without paths');
  const answer = await call.checkout.snapshot.history({ after, paths, limit });
  if ('unavailable' in answer) throw new BeyondGit(`history (${answer.unavailable})`, { isPassing: true });
  if (!answer.isAncestor) throw new BeyondGit(`log since ${after}`);
  for (const commit of answer.commits) listed.set(commit.sha, commit);
  return answer.commits;
}

async function readRequest(args: readonly string[], call: GitCall): Promise<LogRequest> {
  let format = 'medium';
  let limit: number | null = null;
  const operands: string[] = [];
  const end = args.indexOf('--');
  const pending = [...(end < 0 ? args : args.slice(0, end))];
  for (let arg = pending.shift(); arg !== undefined; arg = pending.shift()) {
    const count = /^(?:-n?|--max-count=)(\d+)$/.exec(arg)?.[1];
    const given = /^--(?:format|pretty)=([\s\S]*)$/.exec(arg)?.[1];
    if (count !== undefined) limit = Number(count);
    else if (arg === '-n' || arg === '--max-count') limit = Number(pending.shift());
    else if (given !== undefined) format = given;
    else if (arg === '--oneline') format = '%h %s';
    else if (arg === '-s' || arg === '--no-patch' || arg === '--no-color' || arg === '--no-decorate') continue;
    else if (arg.startsWith('-')) throw new BeyondGit(`log ${arg}`);
    else operands.push(arg);
  }
  if (!format.includes('%')) throw new BeyondGit(`log --format=${format}`);
  const { tip, after, rest } = await readRange(operands, end >= 0, call);
  const written = end < 0 ? rest : args.slice(end + 1);
  const paths = written.map((path) => pathInRepo(call, path) ?? beyond(`path outside of the repo (${path})`));
  if (paths.some((path) => /[*?[]|^:/.test(path))) throw new BeyondGit('log of a pattern');
  return { format, limit, tip, after, paths: paths.includes('') ? [] : paths };
}

async function readRange(
  operands: readonly string[],
  onlyRevisions: boolean,
  call: GitCall,
): Promise<{ readonly tip: string; readonly after: string | null; readonly rest: readonly string[] }> {
  const [first, ...rest] = operands;
  if (first === undefined) return { tip: call.head, after: null, rest: [] };
  const range = /^(.*?)\.\.(?!\.)(.*)$/.exec(first);
  const [, from = '', to = ''] = range ?? [];
  const isRevision = range !== null || onlyRevisions || !call.checkout.snapshot.entries.has(call.prefix + first);
  if (!isRevision) return { tip: call.head, after: null, rest: operands };
  if (onlyRevisions && rest.length > 0) throw new BeyondGit(`log ${operands.join(' ')}`);
  const tip = await commitNamed(call, range === null ? first : to || 'HEAD');
  return { tip, after: range === null ? null : await commitNamed(call, from || 'HEAD'), rest };
}

function beyond(what: string): never {
  throw new BeyondGit(what);
}

function fill(format: string, commit: Known): string {
  return format.replace(
    /%(x[0-9a-fA-F]{2}|C(?:\([^)]*\)|red|green|blue|reset)|[a-zA-Z%][a-zA-Z]?)/g,
    (whole, name: string) => {
      if (name.startsWith('x')) return String.fromCharCode(Number.parseInt(name.slice(1), 16));
      if (name.startsWith('C')) return '';
      const placeholder = name.charAt(0);
      // Only dates and people have names of two letters.
      if (/^[ac]/.test(name) || whole === '%d' || whole === '%D') throw new BeyondGit(`log placeholder ${whole}`);
      return `${filled(placeholder, commit)}${name.slice(1)}`;
    },
  );
}

function filled(placeholder: string, commit: Known): string {
  const message = () => commit.message ?? beyond('message of the commit');
  const [subject = '', body = ''] = /^[%nHh]$/.test(placeholder) ? [] : splitMessage(message());
  switch (placeholder) {
    case '%':
      return '%';
    case 'n':
      return '\n';
    case 'H':
      return commit.sha;
    case 'h':
      return commit.sha.slice(0, SHORT);
    case 's':
      return subject;
    case 'b':
      return body === '' ? '' : `${body}\n`;
    case 'B':
      return `${message().trimStart()}\n`;
    default:
      throw new BeyondGit(`log placeholder %${placeholder}`);
  }
}

/** The first paragraph in one line, and what follows it. */
function splitMessage(message: string): readonly [subject: string, body: string] {
  const lines = message.replace(/^\n+/, '').split('\n');
  const gap = lines.findIndex((line) => line.trim() === '');
  const subject = gap < 0 ? lines : lines.slice(0, gap);
  return [
    subject.map((line) => line.trim()).join(' '),
    gap < 0
      ? ''
      : lines
          .slice(gap)
          .join('\n')
          .replace(/^\s*\n/, ''),
  ];
}
