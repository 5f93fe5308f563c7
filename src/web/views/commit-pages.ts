import type { Target } from '../../config/targets.ts';
import { own } from '../../core/own.ts';
import type { Report } from '../../core/report.ts';
import type { CommitPages } from '../../formats/links.ts';

/** Where the pages of an audited commit and of its siblings are. */
export function commitPages(target: Target, { sha, siblings }: Report, webUrl: string): CommitPages {
  const known = Object.entries(target.siblings).map(
    ([name, { repo }]) => [name, { repo, sha: own(siblings, name) ?? null }] as const,
  );
  return { webUrl: webUrl.replace(/\/+$/, ''), repo: target.repo, sha, siblings: Object.fromEntries(known) };
}
