import { z } from 'zod';
import { labelName } from '../../core/text/neutral.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import { colorOf, hasLabel, isDerived } from '../labels.ts';
import { labelsOf, RawIssue } from './raw-issue.ts';

const LABELS = '/repos/{owner}/{repo}/labels';
const OF_ISSUE = '/repos/{owner}/{repo}/issues/{number}/labels';
const Named = z.array(z.object({ name: z.string() }));

interface Place {
  readonly owner: string;
  readonly repo: string;
}

/** What was done about the labels of one issue. */
export interface Labelled {
  readonly hasChanged: boolean;
  /** What GitHub refused or silently left out, as a sentence. */
  readonly warning?: string | undefined;
}

/** The labels of one repository. They are put on and taken off one by one, never set as a whole: people's labels stay. */
export function labelKeeper(client: GitHubClient, place: Place) {
  const known = new Set<string>();

  async function readKnown(): Promise<void> {
    for await (const page of client.pages(`GET ${LABELS}`, { ...place }, Named))
      for (const { name } of page) known.add(name.toLowerCase());
  }

  /** Makes labels exist before they are used, so that they have our colours; gives their names at GitHub. */
  async function ensure(wanted: readonly string[]): Promise<readonly string[]> {
    const names = [...new Map(wanted.map(labelName).map((name) => [name.toLowerCase(), name])).values()];
    if (known.size === 0) await readKnown();
    for (const name of names) {
      if (known.has(name.toLowerCase())) continue;
      const label = { ...place, name, color: colorOf(name), description: 'kept by Lanekeeper' };
      // 422: it exists already. Somebody made it, or an earlier answer was lost.
      await client.rest(`POST ${LABELS}`, label, z.object({ name: z.string() })).catch(unless(422));
      known.add(name.toLowerCase());
    }
    return names;
  }

  async function add(issue: RawIssue, wanted: readonly string[]): Promise<Labelled> {
    const had = labelsOf(issue);
    const missing = wanted.map(labelName).filter((name) => !hasLabel(had, name));
    if (missing.length === 0) return { hasChanged: false };
    const labels = await ensure(missing);
    const { number } = issue;
    try {
      const body = { ...place, number, labels };
      const { data } = await client.rest(`POST ${OF_ISSUE}`, body, RawIssue.shape.labels);
      return { hasChanged: true, warning: droppedLabels(labels, labelsOf({ labels: data }), number) };
    } catch (error) {
      if (!(error instanceof GitHubError) || error.status !== 422) throw error;
      // GitHub allows 100 labels on an issue.
      return { hasChanged: false, warning: `GitHub did not take the labels ${labels.join(', ')} for #${number}` };
    }
  }

  /** Takes a label off, in whatever case it is written there. */
  async function remove(issue: RawIssue, label: string): Promise<void> {
    const { number } = issue;
    // 404: somebody was faster.
    for (const name of labelsOf(issue).filter((had) => hasLabel([had], labelName(label))))
      await client
        .rest(`DELETE ${OF_ISSUE}/{name}`, { ...place, number, name }, RawIssue.shape.labels)
        .catch(unless(404));
  }

  /** Puts on what is wanted, and takes off what we once derived and is not wanted any more. */
  async function set(issue: RawIssue, wanted: readonly string[]): Promise<Labelled> {
    const { hasChanged, warning } = await add(issue, wanted);
    const names = wanted.map(labelName);
    const outdated = labelsOf(issue).filter((label) => isDerived(label) && !hasLabel(names, label));
    for (const label of outdated) await remove(issue, label);
    return { hasChanged: hasChanged || outdated.length > 0, warning };
  }

  return { ensure, add, remove, set };
}

function unless(status: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof GitHubError) || error.status !== status) throw error;
    return undefined;
  };
}

/** What GitHub silently left out of the labels that we set, as a sentence. */
export function droppedLabels(wanted: readonly string[], got: readonly string[], issue: number): string | undefined {
  const dropped = wanted.filter((label) => !hasLabel(got, label));
  if (dropped.length === 0) return undefined;
  return `GitHub dropped the labels ${dropped.join(', ')} of #${issue}: our credentials may write issues but not label them; give them write access`;
}
