import { z } from 'zod';
import type { Issue } from '../port.ts';
import { parseMarker } from './marker.ts';

/** An issue as GitHub answers; what we do not use is not asked of it. */
export const RawIssue = z.object({
  number: z.number(),
  title: z.string(),
  node_id: z.string().optional(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  body: z.string().nullish(),
  locked: z.boolean(),
  closed_at: z.string().nullish(),
  closed_by: z.object({ login: z.string(), type: z.string().optional() }).nullish(),
  user: z.object({ login: z.string() }).nullable(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().optional() })])),
  pull_request: z.unknown().optional(),
  repository_url: z.string(),
});
export type RawIssue = z.infer<typeof RawIssue>;

export interface Ourselves {
  /** Our own login, and those of earlier credentials. */
  readonly authors: readonly string[];
  /** The repository's numeric id: a rename orphans nothing. */
  readonly repositoryId: number;
}

/** An issue is ours only with an intact marker, created by us, for this repository. */
export function asIssue(raw: RawIssue, { authors, repositoryId }: Ourselves): Issue {
  const found = parseMarker(raw.body ?? '');
  const marker = found?.repositoryId === repositoryId ? found : null;
  const author = raw.user?.login ?? '';
  const isOurs = isOneOf(author, authors);
  return {
    number: raw.number,
    title: raw.title,
    state: raw.state,
    stateReason: asReason(raw.state_reason),
    labels: labelsOf(raw),
    isLocked: raw.locked,
    closedAt: raw.closed_at ? Date.parse(raw.closed_at) : null,
    closedBy: raw.state === 'closed' ? closerOf(raw, authors) : null,
    marker: isOurs ? marker : null,
    formerAuthor: marker && !isOurs ? author : null,
  };
}

/** To GitHub, accounts in another case are the same. */
export function isOneOf(login: string | undefined, authors: readonly string[]): boolean {
  return login !== undefined && authors.some((author) => author.toLowerCase() === login.toLowerCase());
}

function closerOf({ closed_by: closer }: RawIssue, authors: readonly string[]): Issue['closedBy'] {
  if (isOneOf(closer?.login, authors)) return 'us';
  return closer?.type === 'Bot' || closer?.login.endsWith('[bot]') ? 'bot' : 'person';
}

export function labelsOf({ labels }: Pick<RawIssue, 'labels'>): readonly string[] {
  return labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
}

function asReason(reason: string | null | undefined): Issue['stateReason'] {
  return reason === 'completed' || reason === 'not_planned' || reason === 'reopened' || reason === 'duplicate'
    ? reason
    : null;
}
