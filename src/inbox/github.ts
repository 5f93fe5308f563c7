import { z } from 'zod';
import { shortHash } from '../core/hash.ts';
import {
  type Call,
  findingKey,
  type Inbox,
  InboxError,
  type InboxFailure,
  type Issue,
  type IssueContent,
  type Marker,
  type Whereabouts,
} from '../core/inbox.ts';
import { labelName } from '../core/neutral-text.ts';
import type { GitHubClient } from '../github/client.ts';
import { GitHubError, type GitHubFailure } from '../github/error.ts';
import { asBlock, formatCommentMarker, formatMarker, parseMarker, replaceBlock } from './marker.ts';
import { type RenderContext, renderBody, renderComment, renderTitle } from './render.ts';

const RawIssue = z.object({
  number: z.number(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  title: z.string(),
  body: z.string().nullish(),
  locked: z.boolean(),
  closed_at: z.string().nullish(),
  closed_by: z.object({ login: z.string() }).nullish(),
  user: z.object({ login: z.string() }).nullable(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().optional() })])),
  pull_request: z.unknown().optional(),
  repository_url: z.string(),
});
type RawIssue = z.infer<typeof RawIssue>;

const Comments = z.array(z.object({ body: z.string().optional(), user: z.object({ login: z.string() }).nullable() }));
const Nothing = z.unknown();

export interface GitHubInboxOptions extends RenderContext {
  readonly client: GitHubClient;
  readonly owner: string;
  readonly name: string;
  /** Our own login, and those of earlier credentials. */
  readonly authors: readonly string[];
  /** The repository's numeric id: a rename orphans nothing. */
  readonly repositoryId: number;
}

/** The issue tracker at GitHub. Writes only to issues that carry our marker, were created by us and belong to this repository. */
export function githubInbox(options: GitHubInboxOptions): Inbox {
  const { client, owner, name: repo, authors } = options;
  const place = { owner, repo };
  const knownLabels = new Set<string>();

  const asIssue = (raw: RawIssue): Issue => {
    const marker = authors.includes(raw.user?.login ?? '') ? parseMarker(raw.body ?? '') : null;
    return {
      number: raw.number,
      state: raw.state,
      stateReason: asReason(raw.state_reason),
      labels: labelsOf(raw),
      isLocked: raw.locked,
      closedAt: raw.closed_at ? Date.parse(raw.closed_at) : null,
      isClosedByUs: raw.state === 'closed' && authors.includes(raw.closed_by?.login ?? ''),
      marker: marker?.repositoryId === options.repositoryId ? marker : null,
    };
  };

  async function listAll(query: Readonly<Record<string, unknown>>): Promise<readonly RawIssue[]> {
    const found: RawIssue[] = [];
    for (let page = 1, more = true; more; page++) {
      const parameters = { ...place, ...query, per_page: 100, page };
      const { data, next } = await client.rest('GET /repos/{owner}/{repo}/issues', parameters, z.array(RawIssue));
      found.push(...data.filter(({ pull_request }) => pull_request === undefined));
      more = next !== undefined;
    }
    return found;
  }

  async function read(number: number): Promise<RawIssue | 'deleted' | 'transferred'> {
    try {
      const { data } = await client.rest('GET /repos/{owner}/{repo}/issues/{number}', { ...place, number }, RawIssue);
      return data;
    } catch (error) {
      if (error instanceof GitHubError && error.failure === 'gone')
        return (await hasIssues()) ? 'deleted' : fail(error);
      if (error instanceof GitHubError && error.failure === 'moved') return 'transferred';
      throw error;
    }
  }

  /** A repository whose issues are switched off answers 410 for every issue, as a deleted issue does. */
  async function hasIssues(): Promise<boolean> {
    const { data } = await client.rest('GET /repos/{owner}/{repo}', place, z.object({ has_issues: z.boolean() }));
    return data.has_issues;
  }

  async function ensureLabels(wanted: readonly string[]): Promise<readonly string[]> {
    const names = wanted.map(labelName);
    if (knownLabels.size === 0) {
      for (let page = 1, more = true; more; page++) {
        const { data, next } = await client.rest(
          'GET /repos/{owner}/{repo}/labels',
          { ...place, per_page: 100, page },
          z.array(z.object({ name: z.string() })),
        );
        for (const { name } of data) knownLabels.add(name);
        more = next !== undefined;
      }
    }
    for (const name of names.filter((label) => !knownLabels.has(label))) {
      const label = { ...place, name, color: colorOf(name), description: 'kept by Lanekeeper' };
      await client.rest('POST /repos/{owner}/{repo}/labels', label, Nothing).catch((error: unknown) => {
        if (!(error instanceof GitHubError) || error.status !== 422) throw error;
      });
      knownLabels.add(name);
    }
    return names;
  }

  function bodyFor(about: string, content: IssueContent, key: string, theirs = ''): string {
    const marker: Marker = { about, repositoryId: options.repositoryId, sha: options.sha, key, ...hashes(content) };
    return replaceBlock(theirs, asBlock(formatMarker(marker), renderBody(content, options)));
  }

  async function create(call: Extract<Call, { kind: 'create' }>, key: string): Promise<number> {
    const labels = await ensureLabels(call.labels);
    const draft = { ...place, title: renderTitle(call.content), body: bodyFor(call.about, call.content, key), labels };
    const { data } = await client.rest('POST /repos/{owner}/{repo}/issues', draft, RawIssue);
    return data.number;
  }

  async function edit(call: Extract<Call, { kind: 'edit' }>): Promise<number> {
    const before = await ours(call.issue);
    const marker = parseMarker(before.body ?? '');
    const isNote = call.content.kind === 'gate' && call.content.unverifiedSince !== null;
    const body = isNote
      ? withNote(before.body ?? '', call.content)
      : bodyFor(call.about, call.content, marker?.key ?? '', before.body ?? '');
    const theirs = labelsOf(before).filter((label) => !isDerived(label));
    const labels = isNote ? labelsOf(before) : [...new Set([...theirs, ...(await ensureLabels(call.labels))])];
    const sameLabels =
      labels.length === before.labels.length && labels.every((label) => labelsOf(before).includes(label));
    const change = { ...place, number: call.issue, body, ...(sameLabels ? {} : { labels }) };
    const { data } = await client.rest('PATCH /repos/{owner}/{repo}/issues/{number}', change, RawIssue);
    if ((data.body ?? '') !== body)
      throw new InboxError('invalid', `GitHub kept the old body of #${call.issue}; the new one may be too long`);
    return call.issue;
  }

  /** Reads an issue right before it is written to: only ours may be. */
  async function ours(number: number): Promise<RawIssue> {
    const raw = await read(number);
    if (typeof raw === 'string') throw new InboxError('not-found', `#${number} was ${raw}`);
    if (!asIssue(raw).marker)
      throw new InboxError('not-found', `#${number} is not ours (no marker, another author or another repository)`);
    return raw;
  }

  async function perform(call: Call, key: string): Promise<number> {
    switch (call.kind) {
      case 'create':
        return create(call, key);
      case 'edit':
        return edit(call);
      case 'comment': {
        await ours(call.issue);
        const body = `${formatCommentMarker(key)}\n${renderComment(call.content, options)}`;
        await client.rest(
          'POST /repos/{owner}/{repo}/issues/{number}/comments',
          { ...place, number: call.issue, body },
          Nothing,
        );
        return call.issue;
      }
      case 'close':
      case 'reopen': {
        const { state } = await ours(call.issue);
        const change =
          call.kind === 'close'
            ? { state: 'closed', state_reason: call.reason }
            : { state: 'open', state_reason: 'reopened' };
        if (state !== change.state)
          await client.rest(
            'PATCH /repos/{owner}/{repo}/issues/{number}',
            { ...place, number: call.issue, ...change },
            RawIssue,
          );
        return call.issue;
      }
      case 'add-label': {
        await ours(call.issue);
        const labels = await ensureLabels([call.label]);
        await client.rest(
          'POST /repos/{owner}/{repo}/issues/{number}/labels',
          { ...place, number: call.issue, labels },
          Nothing,
        );
        return call.issue;
      }
      case 'remove-label': {
        await ours(call.issue);
        const label = { ...place, number: call.issue, name: labelName(call.label) };
        await client
          .rest('DELETE /repos/{owner}/{repo}/issues/{number}/labels/{name}', label, Nothing)
          .catch((error: unknown) => {
            if (!(error instanceof GitHubError) || error.failure !== 'not-found') throw error;
          });
        return call.issue;
      }
    }
  }

  /** Two different lists are asked, since one may lag or be wrong. */
  async function findTrace(call: Call, key: string): Promise<number | null> {
    if (call.kind === 'comment') {
      const marker = formatCommentMarker(key);
      for (let page = 1, more = true; more; page++) {
        const parameters = { ...place, number: call.issue, per_page: 100, page };
        const { data, next } = await client.rest(
          'GET /repos/{owner}/{repo}/issues/{number}/comments',
          parameters,
          Comments,
        );
        if (data.some(({ body, user }) => authors.includes(user?.login ?? '') && body?.startsWith(marker)))
          return call.issue;
        more = next !== undefined;
      }
      return null;
    }
    if (call.kind !== 'create') return null;
    const candidates = [
      ...(await listAll({ labels: 'audit', state: 'all' })),
      ...(await listAll({ state: 'all', sort: 'created' })),
    ];
    const found = candidates.map(asIssue).find(({ marker }) => marker?.key === key && marker.about === call.about);
    return found?.number ?? null;
  }

  return {
    mode: 'on',
    list: ({ closed }) =>
      orInboxError(async () => (await listAll({ labels: 'audit', state: closed ? 'all' : 'open' })).map(asIssue)),
    get: (number): Promise<Whereabouts> =>
      orInboxError(async () => {
        const raw = await read(number);
        if (typeof raw === 'string') return raw;
        return raw.repository_url.toLowerCase().endsWith(`/${owner}/${repo}`.toLowerCase())
          ? asIssue(raw)
          : 'transferred';
      }),
    perform: (call, key) => orInboxError(() => perform(call, key)),
    findTrace: (call, key) => orInboxError(() => findTrace(call, key)),
  };
}

/** Labels that we derive from lanes and severity; the ones that people set (`audit/quiet`, `audit/accepted`) are theirs. */
function isDerived(label: string): boolean {
  return label.startsWith('audit/lane:') || label.startsWith('audit/severity:');
}

function labelsOf({ labels }: RawIssue): readonly string[] {
  return labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
}

const NOTE = /\n?<!-- lanekeeper:note -->[^\n]*\n/;

/** Says once in our block since when nobody could verify it, leaving the rest of the block as it is. */
function withNote(body: string, content: IssueContent): string {
  const since = content.kind === 'gate' ? content.unverifiedSince : '';
  const lines = body.replace(NOTE, '\n').split('\n');
  return [lines[0], `<!-- lanekeeper:note -->**Not verified since ${since}.**`, ...lines.slice(1)].join('\n');
}

function hashes(content: IssueContent): Pick<Marker, 'findings' | 'known'> {
  if (content.kind === 'gate') return { findings: content.fresh.map(shortHash), known: content.known.map(shortHash) };
  if (content.kind !== 'group') return { findings: [], known: [] };
  const findings = content.gates.flatMap(({ gate, fresh }) =>
    gate.findings
      .map(findingKey)
      .filter((key) => fresh.includes(key))
      .map((key) => shortHash(`${gate.name} ${key}`)),
  );
  return { findings: [...new Set(findings)], known: content.gates.map(({ gate }) => shortHash(gate.name)) };
}

function asReason(reason: string | null | undefined): Issue['stateReason'] {
  return reason === 'completed' || reason === 'not_planned' || reason === 'reopened' || reason === 'duplicate'
    ? reason
    : null;
}

const COLORS: readonly (readonly [prefix: string, color: string])[] = [
  ['audit/severity:critical', 'b60205'],
  ['audit/severity:high', 'd93f0b'],
  ['audit/severity:medium', 'fbca04'],
  ['audit/severity:low', 'c2e0c6'],
  ['audit/lane:', 'bfd4f2'],
  ['audit/', 'd4c5f9'],
];

function colorOf(label: string): string {
  return COLORS.find(([prefix]) => label.startsWith(prefix))?.[1] ?? '5319e7';
}

const FAILURES: Readonly<Record<GitHubFailure, InboxFailure>> = {
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  'rate-limited': 'rate-limited',
  'not-found': 'not-found',
  moved: 'not-found',
  gone: 'disabled',
  invalid: 'invalid',
  empty: 'invalid',
  transport: 'transport',
};

function fail(error: GitHubError): never {
  const isArchived = /archived/i.test(error.message);
  const failure = isArchived ? 'archived' : FAILURES[error.failure];
  throw new InboxError(failure, `${REMEDIES[failure]} (${error.message})`, { cause: error, retryAt: error.retryAt });
}

const REMEDIES: Readonly<Record<InboxFailure, string>> = {
  unauthorized: 'GitHub refuses our credentials: renew the token or the app key',
  forbidden: 'Our credentials may not write issues: grant issues: write',
  disabled: 'Issues are switched off in this repository: switch them on, or set `inbox: off`',
  archived: 'This repository is archived, so nothing can be written',
  'rate-limited': 'GitHub limits us; the rest waits until it allows more',
  'not-found': 'GitHub does not show this: check that the credentials reach the repository',
  invalid: 'GitHub did not accept it',
  transport: 'GitHub did not answer properly',
};

async function orInboxError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GitHubError) fail(error);
    throw error;
  }
}
