import { z } from 'zod';
import { shortHash } from '../../core/hash.ts';
import { labelName } from '../../core/text/neutral.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import { isDerived } from '../labels.ts';
import { type Inbox, InboxError, type Marker, type Performed, type Whereabouts } from '../port.ts';
import type { Call, IssueContent } from '../writes.ts';
import { asInboxError, orInboxError } from './failures.ts';
import { droppedLabels, labelKeeper } from './labels.ts';
import { addNote, asBlock, formatCommentMarker, formatMarker, parseMarker, replaceBlock } from './marker.ts';
import { asIssue, labelsOf, type Ourselves, RawIssue } from './raw-issue.ts';
import { MAX_BODY_BYTES, type RenderContext, renderBody, renderComment, renderTitle } from './render.ts';

const ISSUES = '/repos/{owner}/{repo}/issues';
const ISSUE = `${ISSUES}/{number}`;
const Comments = z.array(z.object({ body: z.string().optional(), user: z.object({ login: z.string() }).nullable() }));
const Nothing = z.unknown();

export interface GitHubInboxOptions extends RenderContext, Ourselves {
  readonly client: GitHubClient;
  readonly owner: string;
  readonly name: string;
}

/** The issue tracker at GitHub. Writes only to issues that carry our marker, were created by us and belong to this repository. */
export function githubInbox(options: GitHubInboxOptions): Inbox {
  const { client, owner, name: repo, authors } = options;
  const place = { owner, repo };
  const ensureLabels = labelKeeper(client, place);

  async function listAll(query: Readonly<Record<string, unknown>>): Promise<readonly RawIssue[]> {
    const found: RawIssue[] = [];
    for await (const page of client.pages(`GET ${ISSUES}`, { ...place, ...query }, z.array(RawIssue))) {
      found.push(...page.filter(({ pull_request }) => pull_request === undefined));
    }
    return found;
  }

  async function read(number: number): Promise<RawIssue | 'deleted' | 'transferred'> {
    try {
      const { data } = await client.rest(`GET ${ISSUE}`, { ...place, number }, RawIssue);
      return data;
    } catch (error) {
      if (error instanceof GitHubError && error.failure === 'gone') {
        if (await hasIssues()) return 'deleted';
        throw asInboxError(error);
      }
      if (error instanceof GitHubError && error.failure === 'moved') return 'transferred';
      throw error;
    }
  }

  /** A repository whose issues are switched off answers 410 for every issue, as a deleted issue does. */
  async function hasIssues(): Promise<boolean> {
    const { data } = await client.rest('GET /repos/{owner}/{repo}', place, z.object({ has_issues: z.boolean() }));
    return data.has_issues;
  }

  /** Our block, and after it what people wrote. Both together stay within GitHub's limit. */
  function bodyFor(about: string, content: IssueContent, key: string, theirs = ''): string {
    const marker = formatMarker({
      about,
      repositoryId: options.repositoryId,
      sha: options.sha,
      key,
      ...hashes(content),
    });
    const taken = byteLength(marker) + byteLength(replaceBlock(theirs, '')) + 100;
    return replaceBlock(theirs, asBlock(marker, renderBody(content, options, MAX_BODY_BYTES - taken)));
  }

  async function create(call: Extract<Call, { kind: 'create' }>, key: string): Promise<Performed> {
    const labels = await ensureLabels(call.labels);
    const draft = { ...place, title: renderTitle(call.content), body: bodyFor(call.about, call.content, key), labels };
    const { data } = await client.rest(`POST ${ISSUES}`, draft, RawIssue);
    return performed(data.number, droppedLabels(labels, labelsOf(data), data.number));
  }

  async function edit({ issue, about, content, labels: own }: Extract<Call, { kind: 'edit' }>): Promise<Performed> {
    const before = await ours(issue);
    const old = before.body ?? '';
    const isNote = content.kind === 'unverified';
    const body = isNote ? addNote(old, content.since) : bodyFor(about, content, parseMarker(old)?.key ?? '', old);
    const had = labelsOf(before);
    const theirs = had.filter((label) => !isDerived(label));
    const labels = isNote ? had : [...new Set([...theirs, ...(await ensureLabels(own))])];
    const hasSame = labels.length === had.length && labels.every((label) => had.includes(label));
    if (body === old && hasSame) return { issue };
    const change = { ...place, number: issue, body, ...(hasSame ? {} : { labels }) };
    const { data } = await client.rest(`PATCH ${ISSUE}`, change, RawIssue);
    if (plain(data.body ?? '') !== plain(body))
      throw new InboxError('invalid', `GitHub kept the old body of #${issue}; the new one may be too long`);
    return performed(issue, droppedLabels(labels, labelsOf(data), issue));
  }

  /** Reads an issue right before it is written to: only ours may be. */
  async function ours(number: number): Promise<RawIssue> {
    const raw = await read(number);
    if (typeof raw === 'string') throw new InboxError('not-found', `#${number} was ${raw}`);
    if (!isHere(raw) || !asIssue(raw, options).marker)
      throw new InboxError('not-found', `#${number} is not ours (no marker, another author or another repository)`);
    return raw;
  }

  function isHere({ repository_url }: RawIssue): boolean {
    return repository_url.toLowerCase().endsWith(`/${owner}/${repo}`.toLowerCase());
  }

  async function perform(call: Call, key: string): Promise<Performed> {
    if (call.kind === 'create') return create(call, key);
    if (call.kind === 'edit') return edit(call);
    const raw = await ours(call.issue);
    const here = { ...place, number: call.issue };
    switch (call.kind) {
      case 'comment': {
        const body = `${formatCommentMarker(key)}\n${renderComment(call.content, options)}`;
        await client.rest(`POST ${ISSUE}/comments`, { ...here, body }, Nothing);
        break;
      }
      case 'close': {
        const change = { ...here, state: 'closed', state_reason: call.reason };
        if (raw.state === 'open') await client.rest(`PATCH ${ISSUE}`, change, RawIssue);
        break;
      }
      case 'reopen': {
        const change = { ...here, state: 'open', state_reason: 'reopened' };
        if (raw.state === 'closed') await client.rest(`PATCH ${ISSUE}`, change, RawIssue);
        break;
      }
      case 'add-label': {
        const labels = await ensureLabels([call.label]);
        const Labels = RawIssue.shape.labels;
        const { data } = await client.rest(`POST ${ISSUE}/labels`, { ...here, labels }, Labels);
        return performed(call.issue, droppedLabels(labels, labelsOf({ labels: data }), call.issue));
      }
      case 'remove-label': {
        const name = labelName(call.label);
        if (labelsOf(raw).includes(name))
          await client.rest(`DELETE ${ISSUE}/labels/{name}`, { ...here, name }, Nothing);
        break;
      }
      case 'pin':
        await pin(raw);
    }
    return { issue: call.issue };
  }

  /** Where GitHub does not let us pin, the issue stays unpinned. */
  async function pin({ node_id: id }: RawIssue): Promise<void> {
    const query = 'mutation ($id: ID!) { pinIssue(input: { issueId: $id }) { issue { number } } }';
    if (!id) return;
    await client.graphql(query, { id }, Nothing).catch((error: unknown) => {
      const isRefused = error instanceof GitHubError && (error.status === 200 || error.failure === 'forbidden');
      if (!isRefused || error.failure === 'rate-limited') throw error;
    });
  }

  async function hasComment(number: number, key: string): Promise<boolean> {
    const marker = formatCommentMarker(key);
    for await (const page of client.pages(`GET ${ISSUE}/comments`, { ...place, number }, Comments)) {
      if (page.some(({ body, user }) => authors.includes(user?.login ?? '') && body?.startsWith(marker))) return true;
    }
    return false;
  }

  /** Two different lists are asked, since one may lag or be wrong. */
  async function findCreated(key: string) {
    for (const query of [{ labels: 'audit' }, { sort: 'created' }]) {
      const found = (await listAll({ ...query, state: 'all' })).find(
        (raw) => asIssue(raw, options).marker?.key === key,
      );
      if (found) return asIssue(found, options);
    }
    return null;
  }

  return {
    mode: 'on',
    list: ({ closed }) =>
      orInboxError(async () => {
        const listed = await listAll({ labels: 'audit', state: closed ? 'all' : 'open' });
        return listed.map((raw) => asIssue(raw, options));
      }),
    get: (number): Promise<Whereabouts> =>
      orInboxError(async () => {
        const raw = await read(number);
        if (typeof raw === 'string') return raw;
        return isHere(raw) ? asIssue(raw, options) : 'transferred';
      }),
    perform: (call, key) => orInboxError(() => perform(call, key)),
    findCreated: (key) => orInboxError(() => findCreated(key)),
    hasComment: (issue, key) => orInboxError(() => hasComment(issue, key)),
  };
}

function performed(issue: number, warning: string | undefined): Performed {
  return warning === undefined ? { issue } : { issue, warning };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Line ends and blanks at the end may come back otherwise than they went. */
function plain(body: string): string {
  return body.replaceAll('\r\n', '\n').trimEnd();
}

/** The identities that a marker keeps, for when our own memory is lost. */
function hashes(content: IssueContent): Pick<Marker, 'findings' | 'known'> {
  if (content.kind === 'gate') return { findings: content.fresh.map(shortHash), known: content.known.map(shortHash) };
  if (content.kind !== 'group') return { findings: [], known: [] };
  const findings = content.gates.flatMap(({ gate, fresh }) => fresh.map((key) => shortHash(`${gate.name} ${key}`)));
  return { findings: [...new Set(findings)], known: content.gates.map(({ gate }) => shortHash(gate.name)) };
}
