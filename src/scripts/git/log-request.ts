import { BeyondGit, type GitCall, pathInRepo } from './checkout.ts';
import { parseMoment } from './dates.ts';
import type { LogFormat } from './log-format.ts';
import { commitNamed } from './revisions.ts';

/** What `git log` or `git rev-list` is asked for. */
export interface LogRequest {
  readonly format: LogFormat;
  readonly limit: number | null;
  readonly tip: string;
  /** Exclusive; null where the log goes back to the beginning. */
  readonly after: string | null;
  readonly paths: readonly string[];
  /** Seconds since the epoch, inclusive. */
  readonly since: number | null;
  readonly until: number | null;
  /** Only merges, or none. */
  readonly merges: boolean | null;
  readonly isReversed: boolean;
}

const PLAIN = ['-s', '--no-patch', '--no-color', '--color=never', '--no-decorate', '--no-notes', '--no-ext-diff'];

/** Reads the arguments; `now` is asked for only where a date depends on it. Throws `BeyondGit` for what is not known here. */
export async function readRequest(args: readonly string[], call: GitCall): Promise<LogRequest> {
  const request = { text: 'medium', date: 'default', limit: null as number | null, isReversed: false };
  const moments: { since: number | null; until: number | null } = { since: null, until: null };
  let merges: boolean | null = null;
  const operands: string[] = [];
  const end = args.indexOf('--');
  const pending = [...(end < 0 ? args : args.slice(0, end))];
  for (let arg = pending.shift(); arg !== undefined; arg = pending.shift()) {
    const [, option = arg, value] = /^(--[a-z-]+)=([\s\S]*)$/.exec(arg) ?? [];
    const given = () => value ?? pending.shift() ?? '';
    const count = /^-n?(\d+)$/.exec(arg)?.[1];
    if (count !== undefined) request.limit = Number(count);
    else if (option === '-n' || option === '--max-count') request.limit = Number(given());
    else if ((option === '--format' || option === '--pretty') && value !== undefined) request.text = value;
    else if (arg === '--oneline') request.text = '%h %s';
    else if (option === '--date') request.date = given();
    else if (option === '--since' || option === '--after')
      moments.since = parseMoment(given(), call.io.now(), () => call.io.localZone());
    else if (option === '--until' || option === '--before')
      moments.until = parseMoment(given(), call.io.now(), () => call.io.localZone());
    else if (arg === '--no-merges') merges = false;
    else if (arg === '--merges') merges = true;
    else if (arg === '--reverse') request.isReversed = true;
    else if (PLAIN.includes(arg)) continue;
    else if (arg.startsWith('-')) throw new BeyondGit(`log ${arg}`);
    else operands.push(arg);
  }
  const { text, date, limit, isReversed } = request;
  if (text !== 'medium' && !text.includes('%')) throw new BeyondGit(`log --format=${text}`);
  if (limit !== null && Number.isNaN(limit)) throw new BeyondGit('log of a number that is none');
  const { tip, after, rest } = await readRange(operands, end >= 0, call);
  const paths = pathsFrom(end < 0 ? rest : args.slice(end + 1), call);
  return { format: { text, date }, limit, tip, after, paths, ...moments, merges, isReversed };
}

function pathsFrom(written: readonly string[], call: GitCall): readonly string[] {
  const paths = written.map((path) => {
    const inRepo = pathInRepo(call, path);
    if (inRepo === null) throw new BeyondGit(`path outside of the repo (${path})`);
    return inRepo;
  });
  if (paths.some((path) => /[*?[]|^:/.test(path))) throw new BeyondGit('log of a pattern');
  return paths.includes('') ? [] : paths;
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
