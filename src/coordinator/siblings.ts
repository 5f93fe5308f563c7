import type { CommitGraph } from '../core/commit-graph.ts';
import { own } from '../core/own.ts';
import { type Snapshot, SnapshotError } from '../core/snapshot.ts';
import type { Repository, SiblingHeads } from './rows.ts';

/** A repository that can be read at its branch's head. */
export interface Branch {
  head(): Promise<string>;
  open(sha: string): Promise<Snapshot>;
  /** Its history; absent where nobody looks for the commit that broke something. */
  graph?(): CommitGraph;
}

/** A repository that gates read beside the audited one. */
export interface Sibling extends Branch {
  /** `owner/name`, as it is configured. */
  readonly configured: string;
  /** Which repository that is by now; known once its head was asked for. */
  found(): Repository | undefined;
}

/** Siblings for one audit: those that could be opened, and why others could not. */
export interface OpenSiblings {
  readonly siblings: Readonly<Record<string, Snapshot>>;
  readonly lostSiblings: Readonly<Record<string, string>>;
}

/** Asks where every sibling stands. One that cannot be read makes its gates blind and stops nothing else; throws `SnapshotError` for limits. */
export async function headsOf(branches: Readonly<Record<string, Branch>>): Promise<SiblingHeads> {
  const heads = Object.entries(branches).map(
    async ([name, branch]) => [name, await orLost(async () => ({ sha: await branch.head() }))] as const,
  );
  return Object.fromEntries(await Promise.all(heads));
}

/** Opens the siblings that have a head. Throws `SnapshotError` for limits. */
export async function openSiblings(
  branches: Readonly<Record<string, Branch>>,
  heads: SiblingHeads,
): Promise<OpenSiblings> {
  const siblings: Record<string, Snapshot> = {};
  const lostSiblings: Record<string, string> = {};
  for (const [name, branch] of Object.entries(branches)) {
    const head = own(heads, name) ?? { lost: 'nobody asked for it' };
    const opened = 'lost' in head ? head : await orLost(() => branch.open(head.sha));
    if ('lost' in opened) lostSiblings[name] = opened.lost;
    else siblings[name] = opened;
  }
  return { siblings, lostSiblings };
}

async function orLost<T>(read: () => Promise<T>): Promise<T | { readonly lost: string }> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SnapshotError) || error.failure === 'rate-limited') throw error;
    return { lost: error.message };
  }
}
