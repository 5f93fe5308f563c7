import type { Sighting } from '../../../core/inbox.ts';
import { minuteInUtc } from '../../../core/instants.ts';
import { MARKDOWN_WORDING, type Wording } from '../../../formats/broken-by.ts';
import { type CommitPages, commitUrl } from '../../../formats/links.ts';

/** What issues need to know of the place they appear in. */
export interface RenderContext extends CommitPages {
  /** The audited commit. */
  readonly sha: string;
  /** The dashboard's address, where one is known. */
  readonly dashboardUrl: string | null;
  /** The badge that says how old the last audit is; null where GitHub could not show it, since the badge is not public. */
  readonly badgeUrl?: string | null;
}

/** The audited commit, as a link. */
export function commitHere(context: RenderContext): string {
  return `[\`${shortSha(context.sha)}\`](${commitUrl(context, context.sha)})`;
}

/** A commit and when it was seen, as a link. */
export function commitLink({ sha, at }: Sighting, context: RenderContext): string {
  return `[\`${shortSha(sha)}\`](${commitUrl(context, sha)}) (${minuteInUtc(at)})`;
}

/** How issues show what broke a gate: commits as links, what people wrote as nothing but text. */
export function wordingFor(context: RenderContext): Wording {
  return {
    commit: (sha) => `[\`${shortSha(sha)}\`](${commitUrl(context, sha)})`,
    text: MARKDOWN_WORDING.text,
  };
}

export function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

export function hexOf(sha: string): string {
  return sha.replace(/[^0-9a-f]/g, '');
}

function shortSha(sha: string): string {
  return hexOf(sha).slice(0, 10);
}
