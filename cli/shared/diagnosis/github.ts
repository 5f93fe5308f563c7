import { z } from 'zod';
import { SnapshotReader } from '../../../src/audit/read/reader.ts';
import { untilRead } from '../../../src/audit/read/until-all-read.ts';
import { viewOf } from '../../../src/audit/read/view.ts';
import { CouldNotAudit } from '../../../src/audit/registry/could-not-audit.ts';
import { type Governance, isGoverned, readGovernance } from '../../../src/audit/registry/governance.ts';
import { resolveLanes } from '../../../src/audit/registry/lanes.ts';
import { githubCheckRuns } from '../../../src/checks/github.ts';
import type { Target } from '../../../src/config/targets.ts';
import { createClock } from '../../../src/core/clock.ts';
import { type Snapshot, SnapshotError } from '../../../src/core/snapshot.ts';
import { createTrace } from '../../../src/core/trace.ts';
import { readDeclaredGates } from '../../../src/declared/declare.ts';
import type { GitHubClient } from '../../../src/github/client.ts';
import { type Credentials, openSession, type Session } from '../../../src/github/credentials.ts';
import { GitHubError } from '../../../src/github/error.ts';
import { githubInbox } from '../../../src/inbox/github/inbox.ts';
import { isOurLabel, LABELS } from '../../../src/inbox/labels.ts';
import { byFormerAuthor } from '../../../src/inbox/plan/former-authors.ts';
import { InboxError } from '../../../src/inbox/port.ts';
import { githubHead, githubSnapshot } from '../../../src/snapshot/github/snapshot.ts';
import { type Line, type Lines, ok, warning, wrong } from './lines.ts';

export interface GitHubOptions {
  readonly apiUrl: string;
  readonly now: () => number;
  /** Tries no write. */
  readonly readOnly: boolean;
}

const Repository = z.object({ id: z.number(), full_name: z.string(), archived: z.boolean(), has_issues: z.boolean() });
const Nothing = z.unknown();
const NO_CACHE = { get: async () => new Map(), put: async () => {} };

/** Tries everything that an audit of this target does at GitHub; leaves nothing behind. */
export async function* checkTarget(target: Target, credentials: Credentials, options: GitHubOptions): Lines {
  const about = target.repo;
  const place = splitName(about);
  let session: Session;
  try {
    session = await openSession(credentials, place, { baseUrl: options.apiUrl, now: options.now });
  } catch (error) {
    yield sessionLine(about, credentials, error);
    return;
  }
  yield ok(about, `GitHub knows us as ${session.login}`);
  const { client } = session;
  try {
    const { data } = await client.rest('GET /repos/{owner}/{repo}', place, Repository);
    if (data.full_name.toLowerCase() !== about.toLowerCase()) yield wrong(about, 'repo-renamed', data.full_name);
    yield* checkContents(target, client, options);
    for (const [name, sibling] of Object.entries(target.siblings)) {
      yield await checkSibling(about, name, sibling, client);
    }
    if (data.archived) yield wrong(about, 'repo-archived');
    else {
      yield* checkIssues(target, client, { hasIssues: data.has_issues, readOnly: options.readOnly });
      if (data.has_issues) yield* checkAuthors(target, session, data);
    }
    if (target.status && !options.readOnly) yield await checkStatuses(about, client);
  } catch (error) {
    yield diagnosisLine(about, error, 'repo-invisible');
  }
}

function sessionLine(about: string, credentials: Credentials, error: unknown): Line {
  const isApp = credentials.kind === 'app';
  if (isApp && error instanceof GitHubError && error.failure === 'not-found') return wrong(about, 'app-not-installed');
  return diagnosisLine(about, error, 'credentials-refused');
}

/** A refusal is what `otherwise` says; limits, lost access and silence are the same everywhere. */
function diagnosisLine(about: string, error: unknown, otherwise: Parameters<typeof wrong>[1]): Line {
  if (!(error instanceof GitHubError || error instanceof SnapshotError)) throw error;
  const { failure, message } = error;
  if (failure === 'unauthorized') return wrong(about, 'credentials-refused', message);
  if (failure === 'rate-limited') {
    const until = error.retryAt === null ? '' : `until ${new Date(error.retryAt).toISOString()}`;
    return warning(about, 'rate-limited', until);
  }
  return wrong(about, failure === 'transport' ? 'github-silent' : otherwise, message);
}

async function* checkContents(target: Target, client: GitHubClient, { now }: GitHubOptions): Lines {
  const { repo: about, branch } = target;
  const place = splitName(about);
  try {
    const sha = await githubHead(client, place, branch);
    yield ok(about, `the branch ${branch} stands at ${sha.slice(0, 10)}`);
    const snapshot = await githubSnapshot(client, place, sha, NO_CACHE);
    yield ok(about, `${snapshot.entries.size} files can be read`);
    if (target.governance === 'repo') yield await checkGovernance(about, snapshot, now());
    const checks = [...target.checks, ...(await declaredChecks(target, snapshot, now()))];
    if (checks.length > 0) yield await checkCiChecks(about, sha, client);
  } catch (error) {
    const isMissing = error instanceof SnapshotError && (error.failure === 'not-found' || error.failure === 'empty');
    yield diagnosisLine(about, error, isMissing ? 'branch-missing' : 'contents-unreadable');
  }
}

async function checkGovernance(about: string, snapshot: Snapshot, now: number): Promise<Line> {
  try {
    const governance = await readAll(snapshot, now);
    if (!governance)
      return ok(about, 'it has no governance files: what `lanekeeper.yaml` declares and our own gates are audited');
    const lanes = resolveLanes(governance).map(({ id }) => id);
    return ok(about, `${governance.gates.size} gates are registered, in ${lanes.length} lanes`);
  } catch (error) {
    if (error instanceof CouldNotAudit) return wrong(about, 'governance-missing', error.message);
    throw error;
  }
}

function worldOf(snapshot: Snapshot, now: number) {
  return { target: new SnapshotReader('target', snapshot), siblings: new Map(), now, gates: new Map() };
}

async function readAll(snapshot: Snapshot, now: number): Promise<Governance | undefined> {
  return untilRead(worldOf(snapshot, now), ({ target }) => {
    const repo = viewOf(target, createTrace());
    return isGoverned(repo) ? readGovernance(repo, createClock(now)) : undefined;
  });
}

/** The checks of CI that the repo's own gate files name. */
async function declaredChecks({ gates }: Target, snapshot: Snapshot, now: number): Promise<readonly string[]> {
  const declared = await untilRead(worldOf(snapshot, now), ({ target }) =>
    readDeclaredGates(viewOf(target, createTrace()), { files: [gates].flat(), taken: new Set() }),
  );
  return declared?.checks ?? [];
}

async function checkCiChecks(about: string, sha: string, client: GitHubClient): Promise<Line> {
  try {
    const runs = await githubCheckRuns(client.for('target'), splitName(about)).read(sha);
    return ok(about, `CI's checks can be read; ${runs.length} ran at the newest commit`);
  } catch (error) {
    return diagnosisLine(about, error, 'checks-unreadable');
  }
}

async function checkSibling(
  about: string,
  name: string,
  sibling: { readonly repo: string; readonly branch: string },
  client: GitHubClient,
): Promise<Line> {
  try {
    const sha = await githubHead(client.for('sibling'), splitName(sibling.repo), sibling.branch);
    return ok(about, `the sibling ${name}, ${sibling.repo}, stands at ${sha.slice(0, 10)}`);
  } catch (error) {
    return diagnosisLine(about, error, 'sibling-unreadable');
  }
}

interface IssueOptions {
  readonly hasIssues: boolean;
  readonly readOnly: boolean;
}

async function* checkIssues(target: Target, client: GitHubClient, { hasIssues, readOnly }: IssueOptions): Lines {
  const { repo: about, inbox } = target;
  const place = splitName(about);
  /** A dry run does without what it would need later. */
  const needed = inbox === 'on' ? wrong : warning;
  if (!hasIssues) {
    yield needed(about, 'issues-off');
    return;
  }
  try {
    await client.for('inbox').rest('GET /repos/{owner}/{repo}/issues', { ...place, per_page: 1 }, z.array(Nothing));
    yield ok(about, 'issues can be read');
    yield await checkLabels(about, client);
  } catch (error) {
    yield diagnosisLine(about, error, 'issues-unreadable');
    return;
  }
  if (readOnly) yield ok(about, 'writing was not tried (--read-only)');
  else if (await mayWriteIssues(about, client)) yield ok(about, `issues can be written; the inbox is ${inbox}`);
  else yield needed(about, 'issues-unwritable');
}

/** Issues that a former account opened are invisible to an audit until it is named. */
async function* checkAuthors(
  { repo: about, formerAuthors }: Target,
  { client, login }: Session,
  { id, full_name }: z.infer<typeof Repository>,
): Lines {
  const { owner, repo: name } = splitName(full_name);
  const authors = [login, ...formerAuthors];
  const where = { owner, name, repo: full_name, webUrl: '', sha: '', dashboardUrl: null };
  const inbox = githubInbox({ client: client.for('inbox'), authors, repositoryId: id, ...where });
  try {
    for (const [author, numbers] of byFormerAuthor(await inbox.list({ closed: false })))
      yield wrong(about, 'former-author', `${numbers.map((number) => `#${number}`).join(', ')} by ${author}`);
  } catch (error) {
    // Why issues cannot be read was said before.
    if (!(error instanceof InboxError)) throw error;
  }
}

async function checkLabels(about: string, client: GitHubClient): Promise<Line> {
  const Labels = z.array(z.object({ name: z.string() }));
  const parameters = { ...splitName(about), per_page: 100 };
  const { data } = await client.for('inbox').rest('GET /repos/{owner}/{repo}/labels', parameters, Labels);
  const count = data.filter(({ name }) => isOurLabel(name)).length;
  return ok(
    about,
    count === 0 ? 'none of our labels is there yet; the first issue brings them' : `${count} of our labels are there`,
  );
}

/** Asks for a label whose colour is none: GitHub checks the permission first, then refuses. */
async function mayWriteIssues(about: string, client: GitHubClient): Promise<boolean> {
  const label = { ...splitName(about), name: LABELS.doctor, color: 'no colour' };
  return isAllowed(() => client.for('inbox').rest('POST /repos/{owner}/{repo}/labels', label, Nothing));
}

/** Sets the status of a commit that cannot be. */
async function checkStatuses(about: string, client: GitHubClient): Promise<Line> {
  const status = { ...splitName(about), sha: '0'.repeat(40), state: 'success', context: 'lanekeeper/doctor' };
  const send = () => client.for('status').rest('POST /repos/{owner}/{repo}/statuses/{sha}', status, Nothing);
  return (await isAllowed(send)) ? ok(about, 'commit statuses can be written') : wrong(about, 'statuses-unwritable');
}

/** Whether GitHub refuses a nonsensical write for being nonsensical rather than for who asks. */
async function isAllowed(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.status === 422) return true;
    if (error.failure === 'forbidden' || error.failure === 'not-found') return false;
    throw error;
  }
}

function splitName(name: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}
