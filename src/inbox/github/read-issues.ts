import { z } from 'zod';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import { asInboxError } from './failures.ts';
import { RawIssue } from './raw-issue.ts';

export const ISSUES = '/repos/{owner}/{repo}/issues';
export const ISSUE = `${ISSUES}/{number}`;
const Comments = z.array(z.object({ body: z.string().optional(), user: z.object({ login: z.string() }).nullable() }));
export type RawComment = z.infer<typeof Comments>[number];

/** Reads issues of one repository, whosever they are. */
export function issueReader(client: GitHubClient, place: { readonly owner: string; readonly repo: string }) {
  /** All pages of a list, pull requests left out. */
  async function list(query: Readonly<Record<string, unknown>>): Promise<readonly RawIssue[]> {
    const found: RawIssue[] = [];
    for await (const page of client.pages(`GET ${ISSUES}`, { ...place, ...query }, z.array(RawIssue)))
      found.push(...page.filter(({ pull_request }) => pull_request === undefined));
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

  async function someComment(number: number, isWanted: (comment: RawComment) => boolean): Promise<boolean> {
    for await (const page of client.pages(`GET ${ISSUE}/comments`, { ...place, number }, Comments))
      if (page.some(isWanted)) return true;
    return false;
  }

  return { list, read, someComment };
}
