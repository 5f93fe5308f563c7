import { z } from 'zod';
import type { StatusBoard } from '../core/status.ts';
import type { GitHubClient } from '../github/client.ts';
import { GitHubError } from '../github/error.ts';

const CONTEXT = 'lanekeeper';

/** Commit statuses at GitHub; `targetUrl` is the page they link to, where the dashboard's address is known. */
export function githubStatus(
  client: GitHubClient,
  { owner, repo, pageUrl }: { readonly owner: string; readonly repo: string; readonly pageUrl: string | null },
): StatusBoard {
  return {
    async post({ sha, state, description }) {
      const link = pageUrl === null ? {} : { target_url: `${pageUrl}?at=${sha}` };
      const parameters = { owner, repo, sha, state, description, context: CONTEXT, ...link };
      try {
        await client.rest('POST /repos/{owner}/{repo}/statuses/{sha}', parameters, z.object({ state: z.string() }));
        return null;
      } catch (error) {
        if (!(error instanceof GitHubError)) throw error;
        const isRefused = error.failure === 'forbidden' || error.failure === 'not-found';
        const remedy = isRefused
          ? 'allow the token or the app to write commit statuses, or set `status: false`'
          : 'the next audit tries again';
        return `The commit status could not be written (${error.message}); ${remedy}.`;
      }
    },
  };
}
