import { z } from 'zod';
import { labelName } from '../../core/text/neutral.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import { colorOf } from '../labels.ts';

/** Makes labels exist before they are used, so that they have our colours; gives their names at GitHub. */
export function labelKeeper(client: GitHubClient, place: { readonly owner: string; readonly repo: string }) {
  const known = new Set<string>();
  return async (wanted: readonly string[]): Promise<readonly string[]> => {
    const names = wanted.map(labelName);
    if (known.size === 0) for (const name of await listLabels(client, place)) known.add(name.toLowerCase());
    for (const name of names.filter((label) => !known.has(label.toLowerCase()))) {
      const label = { ...place, name, color: colorOf(name), description: 'kept by Lanekeeper' };
      await client.rest('POST /repos/{owner}/{repo}/labels', label, z.unknown()).catch((error: unknown) => {
        // It exists already: somebody made it, or an earlier answer was lost.
        if (!(error instanceof GitHubError) || error.status !== 422) throw error;
      });
      known.add(name.toLowerCase());
    }
    return names;
  };
}

async function listLabels(client: GitHubClient, place: { readonly owner: string; readonly repo: string }) {
  const names: string[] = [];
  const Labels = z.array(z.object({ name: z.string() }));
  for await (const page of client.pages('GET /repos/{owner}/{repo}/labels', place, Labels)) {
    names.push(...page.map(({ name }) => name));
  }
  return names;
}

/** What GitHub silently left out of the labels that we set, as a sentence. */
export function droppedLabels(wanted: readonly string[], got: readonly string[], issue: number): string | undefined {
  const have = new Set(got.map((label) => label.toLowerCase()));
  const dropped = wanted.filter((label) => !have.has(label.toLowerCase()));
  if (dropped.length === 0) return undefined;
  return `GitHub dropped the labels ${dropped.join(', ')} of #${issue}: our credentials may write issues but not label them; give them write access`;
}
