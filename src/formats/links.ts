import type { Finding } from '../core/finding.ts';
import { own } from '../core/own.ts';

/** What links to GitHub's pages of an audited commit are made of. */
export interface CommitPages {
  /** Where GitHub's pages are, such as https://github.com. */
  readonly webUrl: string;
  /** `owner/name` of the audited repository; anything else, such as a local directory, has no pages. */
  readonly repo: string;
  /** The audited commit; null for a work tree, which has no pages. */
  readonly sha: string | null;
  /** The siblings' repositories and commits, where they are known. */
  readonly siblings?: Readonly<Record<string, { readonly repo: string; readonly sha: string | null }>>;
}

type RepoPages = Pick<CommitPages, 'webUrl' | 'repo'>;

/** The page that shows a finding's line at the audited commit; null where there is none. */
export function findingUrl({ repo, path, line }: Finding, pages: CommitPages): string | null {
  const { siblings = {} } = pages;
  const sibling = own(siblings, repo);
  const { repo: name, sha } = repo === 'target' ? pages : (sibling ?? { repo: '', sha: null });
  const isAtGitHub = /^[\w.-]+\/[\w.-]+$/.test(name);
  if (!isAtGitHub || sha === null || path === null) return null;
  return `${pages.webUrl}/${name}/blob/${hex(sha)}/${path.split('/').map(encode).join('/')}${anchorOf(path, line)}`;
}

/** GitHub renders Markdown, where lines have no anchors: there it is asked for the text. */
function anchorOf(path: string, line: number | null): string {
  if (line === null) return '';
  return /\.(md|markdown)$/i.test(path) ? `?plain=1#L${line}` : `#L${line}`;
}

/** The page of a commit of the audited repository. */
export function commitUrl({ webUrl, repo }: RepoPages, sha: string): string {
  return `${webUrl}/${repo}/commit/${hex(sha)}`;
}

/** The page that shows what changed between two commits of the audited repository. */
export function compareUrl({ webUrl, repo }: RepoPages, from: string, to: string): string {
  return `${webUrl}/${repo}/compare/${hex(from)}...${hex(to)}`;
}

/** The page of an issue of the audited repository. */
export function issueUrl({ webUrl, repo }: RepoPages, issue: number): string {
  return `${webUrl}/${repo}/issues/${issue}`;
}

/** `path:line:column` as far as they are known, with the sibling's name before it, or `the repository`. */
export function placeText({ repo, path, line, column }: Finding): string {
  if (path === null) return repo === 'target' ? 'the repository' : repo;
  const file = [path, line, column].filter((part) => part !== null && part !== undefined).join(':');
  return repo === 'target' ? file : `${repo}: ${file}`;
}

function encode(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replace(
    /[()'*!]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hex(sha: string): string {
  return sha.replace(/[^0-9a-f]/g, '');
}
