import type { LoggedCommit } from '../../core/snapshot.ts';
import type { CommandResult } from '../command.ts';
import { BeyondGit, type GitCall, printed } from './checkout.ts';
import { asksForPeople, type Known, printLog } from './log-format.ts';
import { type LogRequest, readRequest } from './log-request.ts';

/** As many commits of one history are read. */
const MOST_COMMITS = 2000;

/** `git log` of HEAD, of what HEAD has beyond another commit, and over paths. Patches and other branches are not known. */
export async function log(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const request = await readRequest(args, call);
  return printed(printLog(await commitsOf(request, asksForPeople(request.format), call), request.format, call));
}

/** `git rev-list` of the same. */
export async function revList(args: readonly string[], call: GitCall): Promise<CommandResult> {
  if (args.includes('--left-right')) return leftRight(args, call);
  const isCount = args.includes('--count');
  const rest = args.filter((arg) => arg !== '--count');
  if (rest.some((arg) => /^--(?:format|pretty|oneline)/.test(arg))) throw new BeyondGit(`rev-list ${args.join(' ')}`);
  if (!rest.some((arg) => !arg.startsWith('-'))) throw new BeyondGit('rev-list without a commit');
  const commits = await commitsOf(await readRequest(['--format=%H', ...rest], call), false, call);
  return printed(isCount ? `${commits.length}\n` : commits.map(({ sha }) => `${sha}\n`).join(''));
}

/** `git rev-list --left-right --count HEAD...@{u}`: a fresh clone is where its upstream is. */
function leftRight(args: readonly string[], { checkout }: GitCall): CommandResult {
  const rest = args.filter((arg) => arg !== '--left-right' && arg !== '--count');
  const sides = rest.join(' ').split('...');
  const { branch } = checkout;
  const same = ['HEAD', '@{u}', '@{upstream}', ...(branch === null ? [] : [branch, `origin/${branch}`])];
  if (branch === null || !args.includes('--count') || sides.length !== 2 || !sides.every((side) => same.includes(side)))
    throw new BeyondGit(`rev-list ${args.join(' ')}`);
  return printed('0\t0\n');
}

async function commitsOf(request: LogRequest, wantsPeople: boolean, call: GitCall): Promise<readonly Known[]> {
  const { tip, after, paths, limit } = request;
  const { head, listed } = call;
  const isFiltered = request.since !== null || request.until !== null || request.merges !== null;
  if (limit === 0) return [];
  if (!isFiltered && !wantsPeople && !request.isReversed) {
    if (after === null && limit === 1 && paths.length === 0) {
      const known = listed.get(tip);
      if (known) return [known];
    }
    if (tip === head && after !== null && paths.length > 0) return between(after, paths, limit, call);
  }
  const commits = filtered(await wholeLog(request, isFiltered, call), request);
  const kept = limit === null ? commits : commits.slice(0, limit);
  return request.isReversed ? [...kept].reverse() : kept;
}

/** Names and messages of what touched paths since another commit. */
async function between(
  after: string,
  paths: readonly string[],
  limit: number | null,
  call: GitCall,
): Promise<readonly Known[]> {
  if (after === call.head) return [];
  const answer = await call.checkout.snapshot.history({ after, paths, limit });
  if ('unavailable' in answer) throw new BeyondGit(`history (${answer.unavailable})`);
  if (!answer.isAncestor) throw new BeyondGit(`log since ${after}`);
  if (answer.mayLackMerges) throw new BeyondGit('log of several paths across merges, which GitHub does not tell');
  for (const commit of answer.commits) call.listed.set(commit.sha, commit);
  return answer.commits;
}

/** All commits that a request could mean, as far as they are needed, with all that is known of them. */
async function wholeLog(
  { tip, after, paths, limit }: LogRequest,
  isFiltered: boolean,
  call: GitCall,
): Promise<readonly LoggedCommit[]> {
  const { head } = call;
  if (tip !== head) {
    // Of an older commit alone, its own line of the log says everything.
    if (limit !== 1 || after !== null || paths.length > 0 || isFiltered) throw new BeyondGit(`log up to ${tip}`);
    const found = (await read([], MOST_COMMITS, call)).find(({ sha }) => sha === tip);
    if (!found) throw new BeyondGit(`log of ${tip}`);
    return [found];
  }
  if (after === null) {
    const most = limit === null || isFiltered ? MOST_COMMITS : Math.min(limit, MOST_COMMITS);
    const commits = await read(paths, most, call);
    if (commits.length === MOST_COMMITS) throw new BeyondGit(`log of more than ${MOST_COMMITS} commits`);
    return commits;
  }
  if (paths.length === 0) return beyondOf(after, await read([], MOST_COMMITS, call), call);
  const names = new Set((await between(after, paths, null, call)).map(({ sha }) => sha));
  const known = (await read([], MOST_COMMITS, call)).filter(({ sha }) => names.has(sha));
  if (known.length < names.size) throw new BeyondGit(`log of more than ${MOST_COMMITS} commits`);
  return known;
}

async function read(paths: readonly string[], limit: number, { checkout }: GitCall): Promise<readonly LoggedCommit[]> {
  const answer = await checkout.snapshot.log({ paths, limit });
  if ('unavailable' in answer) throw new BeyondGit(`log (${answer.unavailable})`);
  return answer.commits;
}

/** What HEAD has and `after` has not. Throws `BeyondGit` where the commits that were read do not tell. */
function beyondOf(after: string, commits: readonly LoggedCommit[], { head }: GitCall): readonly LoggedCommit[] {
  const known = new Map(commits.map((commit) => [commit.sha, commit]));
  const start = commits.find(({ sha }) => sha.startsWith(after));
  if (!start || commits.length >= MOST_COMMITS) throw new BeyondGit(`log since ${after}`);
  const reach = (from: string) => {
    const found = new Set<string>();
    const pending = [from];
    for (let sha = pending.pop(); sha !== undefined; sha = pending.pop()) {
      if (found.has(sha)) continue;
      found.add(sha);
      pending.push(...(known.get(sha)?.parents ?? []));
    }
    return found;
  };
  const [ours, theirs] = [reach(head), reach(start.sha)];
  return commits.filter(({ sha }) => ours.has(sha) && !theirs.has(sha));
}

function filtered(commits: readonly LoggedCommit[], { since, until, merges }: LogRequest): readonly LoggedCommit[] {
  // Git stops where a commit is too old; with a clock that went back, that is not the same as leaving commits out.
  const isSteady = commits.every(
    ({ committer }, index) => committer.at <= (commits[index - 1]?.committer.at ?? Infinity),
  );
  if (since !== null && !isSteady) throw new BeyondGit('log --since where a clock went back');
  return commits.filter(
    ({ committer, parents }) =>
      (since === null || committer.at >= since) &&
      (until === null || committer.at <= until) &&
      (merges === null || merges === parents.length > 1),
  );
}
