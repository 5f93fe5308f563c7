import type { Finding } from '../core/finding.ts';

/** Where the pages of an audited commit are. */
export interface Places {
  /** GitHub's pages, such as https://github.com. */
  readonly webUrl: string;
  /** `owner/name` of the audited repository; anything else, such as a local directory, has no pages. */
  readonly repo: string;
  /** The audited commit; null for a work tree, which has no pages. */
  readonly sha: string | null;
  /** The siblings' repositories and commits, where they are known. */
  readonly siblings?: Readonly<Record<string, { readonly repo: string; readonly sha: string | null }>>;
}

/** The page that shows a finding's line at the audited commit; null where there is none. */
export function findingUrl({ repo, path, line }: Finding, places: Places): string | null {
  const { repo: name, sha } =
    repo === 'target' ? places : { repo: undefined, sha: null, ...(places.siblings?.[repo] ?? {}) };
  const isAtGitHub = name !== undefined && /^[\w.-]+\/[\w.-]+$/.test(name);
  if (!isAtGitHub || sha === null || path === null) return null;
  // GitHub renders Markdown, where lines have no anchors.
  const isRendered = /\.(md|markdown)$/i.test(path);
  const anchor = line === null ? '' : `${isRendered ? '?plain=1' : ''}#L${line}`;
  return `${places.webUrl}/${name}/blob/${hex(sha)}/${path.split('/').map(encode).join('/')}${anchor}`;
}

export function commitUrl({ webUrl, repo }: Places, sha: string): string {
  return `${webUrl}/${repo}/commit/${hex(sha)}`;
}

export function compareUrl({ webUrl, repo }: Places, from: string, to: string): string {
  return `${webUrl}/${repo}/compare/${hex(from)}...${hex(to)}`;
}

export function issueUrl({ webUrl, repo }: Places, issue: number): string {
  return `${webUrl}/${repo}/issues/${issue}`;
}

/** `path:line`, with the sibling's name before it, or `the repository`. */
export function placeText({ repo, path, line }: Finding): string {
  if (path === null) return repo === 'target' ? 'the repository' : repo;
  const file = line === null ? path : `${path}:${line}`;
  return repo === 'target' ? file : `${repo}: ${file}`;
}

function encode(part: string): string {
  return encodeURIComponent(part).replace(/[()'*!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hex(sha: string): string {
  return sha.replace(/[^0-9a-f]/g, '');
}
