import { z } from 'zod';
import { neutralTitle } from '../../core/text/neutral.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import { LABELS } from '../labels.ts';
import { type Inbox, InboxError, type Issue, type Performed, type Whereabouts } from '../port.ts';
import { issueTitle } from '../title.ts';
import type { Call, IssueContent } from '../writes.ts';
import { bodyFor, isSameBody } from './body.ts';
import { orInboxError } from './failures.ts';
import { droppedLabels, labelKeeper } from './labels.ts';
import { addNote, formatCommentMarker, parseMarker } from './marker.ts';
import { asIssue, isOneOf, labelsOf, type Ourselves, RawIssue } from './raw-issue.ts';
import { ISSUE, ISSUES, issueReader } from './read-issues.ts';
import { renderComment } from './render/comment.ts';
import type { RenderContext } from './render/context.ts';

const Nothing = z.unknown();
/** A page that a gateway sends with status 200 is no comment. */
const Comment = z.object({ id: z.number() });

export interface GitHubInboxOptions extends RenderContext, Ourselves {
  readonly client: GitHubClient;
  readonly owner: string;
  readonly name: string;
}

/** The issue tracker at GitHub. Writes only to issues that carry our marker, were created by us and belong to this repository. */
export function githubInbox(options: GitHubInboxOptions): Inbox {
  const { client, owner, name: repo, authors } = options;
  const place = { owner, repo };
  const labels = labelKeeper(client, place);
  const issues = issueReader(client, place);

  async function create({ about, content, labels: wanted }: Extract<Call, { kind: 'create' }>, key: string) {
    if (content.kind === 'unverified') throw new Error('a note is not an issue');
    const names = await labels.ensure(wanted);
    const title = neutralTitle(issueTitle(content));
    const draft = { ...place, title, body: bodyFor({ about, key, content }, options), labels: names };
    const { data } = await client.rest(`POST ${ISSUES}`, draft, RawIssue);
    return performed(data.number, droppedLabels(names, labelsOf(data), data.number));
  }

  /** Labels first, and the body read last before it is written: GitHub has no "only if unchanged", so the time between is kept short. */
  async function edit({ issue, about, content, labels: wanted }: Extract<Call, { kind: 'edit' }>): Promise<Performed> {
    let before = await ours(issue);
    if (content.kind !== 'unverified') {
      const { hasChanged, warning } = await labels.set(before, wanted);
      if (hasChanged) before = await ours(issue);
      await writeBody(before, about, content);
      return performed(issue, warning);
    }
    await writeBody(before, about, content);
    return { issue };
  }

  async function writeBody({ number, body }: RawIssue, about: string, content: IssueContent): Promise<void> {
    const old = body ?? '';
    const key = parseMarker(old)?.key ?? '';
    const next =
      content.kind === 'unverified' ? addNote(old, content.since) : bodyFor({ about, key, content }, options, old);
    if (next === old) return;
    const { data } = await client.rest(`PATCH ${ISSUE}`, { ...place, number, body: next }, RawIssue);
    if (!isSameBody(data.body ?? '', next))
      throw new InboxError('invalid', `GitHub kept the old body of #${number}; the new one may be too long`);
  }

  /** Reads an issue right before it is written to: only ours may be. */
  async function ours(number: number): Promise<RawIssue> {
    const raw = await issues.read(number);
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
    switch (call.kind) {
      case 'comment': {
        const body = `${formatCommentMarker(key)}\n${renderComment(call.content, options)}`;
        await client.rest(`POST ${ISSUE}/comments`, { ...place, number: call.issue, body }, Comment);
        break;
      }
      case 'close':
        if (raw.state === 'open') await setState(raw, 'closed', call.reason);
        break;
      case 'reopen':
        if (raw.state === 'closed') await setState(raw, 'open', 'reopened');
        break;
      case 'add-label':
        return performed(call.issue, (await labels.add(raw, [call.label])).warning);
      case 'remove-label':
        await labels.remove(raw, call.label);
        break;
      case 'pin':
        await pin(raw);
    }
    return { issue: call.issue };
  }

  async function setState({ number }: RawIssue, state: 'open' | 'closed', reason: string): Promise<void> {
    await client.rest(`PATCH ${ISSUE}`, { ...place, number, state, state_reason: reason }, RawIssue);
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

  async function list({ closed, unlabelled = false }: Parameters<Inbox['list']>[0]): Promise<readonly Issue[]> {
    const query = unlabelled ? {} : { labels: LABELS.audit };
    const listed = await issues.list({ ...query, state: closed ? 'all' : 'open' });
    return listed.map((raw) => asIssue(raw, options));
  }

  async function get(number: number): Promise<Whereabouts> {
    const raw = await issues.read(number);
    if (typeof raw === 'string') return raw;
    return isHere(raw) ? asIssue(raw, options) : 'transferred';
  }

  /** Two different lists are asked, since one may lag or be wrong. */
  async function findCreated(key: string): Promise<Issue | null> {
    for (const query of [{ labels: LABELS.audit }, { sort: 'created' }]) {
      for (const raw of await issues.list({ ...query, state: 'all' })) {
        const issue = asIssue(raw, options);
        if (issue.marker?.key === key) return issue;
      }
    }
    return null;
  }

  async function hasComment(number: number, key: string): Promise<boolean> {
    const marker = formatCommentMarker(key);
    return issues.someComment(
      number,
      ({ body, user }) => isOneOf(user?.login, authors) && body?.startsWith(marker) === true,
    );
  }

  return {
    mode: 'on',
    list: (query) => orInboxError(() => list(query)),
    get: (number) => orInboxError(() => get(number)),
    perform: (call, key) => orInboxError(() => perform(call, key), call.kind === 'create' ? undefined : call.issue),
    findCreated: (key) => orInboxError(() => findCreated(key)),
    hasComment: (issue, key) => orInboxError(() => hasComment(issue, key)),
  };
}

function performed(issue: number, warning: string | undefined): Performed {
  return warning === undefined ? { issue } : { issue, warning };
}
