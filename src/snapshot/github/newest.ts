import { z } from 'zod';
import type { BlobCache } from '../../core/blob-cache.ts';
import { shortHash } from '../../core/hash.ts';
import type { HistoryQuery } from '../../core/snapshot.ts';
import type { Aside } from './look.ts';
import { note, recall } from './remembered.ts';

/** More paths than that are not asked for along with the head. */
const MOST_PATHS = 8;
/** A push of more commits costs a request for the history. */
const LATEST = 30;
const ALIAS = 'newest';

/** The newest commit at a head that touches each of some paths, and the head's latest commits. */
export interface Newest {
  /** Null for a path that no commit touches. */
  readonly byPath: ReadonlyMap<string, string | null>;
  readonly latest: readonly string[];
}

const Paths = z.array(z.string());
const History = z.object({ nodes: z.array(z.object({ oid: z.string() })) });

/** Asks for the newest commits of the paths whose history was asked for before; undefined where none was. */
export async function askNewest(
  repo: string,
  cache: BlobCache,
): Promise<{ aside: Aside; paths: readonly string[] } | undefined> {
  const paths = (await recall(cache, pathsOf(repo), Paths)) ?? [];
  if (paths.length === 0) return undefined;
  const fields = paths.map((_, index) => `p${index}: history(first: 1, path: $p${index}) { nodes { oid } }`);
  const aside = {
    alias: ALIAS,
    fields: `latest: history(first: ${LATEST}) { nodes { oid } }\n${fields.join('\n')}`,
    declared: paths.map((_, index) => `$p${index}: String!`),
    variables: Object.fromEntries(paths.map((path, index) => [`p${index}`, path])),
  };
  return { aside, paths };
}

/** What a look gave of it. */
export function readNewest(commit: unknown, paths: readonly string[]): Newest | undefined {
  const parsed = z.record(z.string(), z.unknown()).safeParse(commit).data;
  if (!parsed) return undefined;
  const byPath = new Map<string, string | null>();
  for (const [index, path] of paths.entries()) {
    const history = History.safeParse(parsed[`p${index}`]).data;
    if (history) byPath.set(path, history.nodes[0]?.oid ?? null);
  }
  const latest = History.safeParse(parsed.latest).data?.nodes.map(({ oid }) => oid) ?? [];
  return { byPath, latest };
}

/** Remembers the paths of a query for the next look. */
export async function notePaths(repo: string, { paths }: HistoryQuery, cache: BlobCache): Promise<void> {
  const known = (await recall(cache, pathsOf(repo), Paths)) ?? [];
  const all = [...new Set([...paths, ...known])].slice(0, MOST_PATHS);
  if (all.every((path) => known.includes(path))) return;
  await note(cache, pathsOf(repo), all);
}

function pathsOf(repo: string): string {
  return `paths whose history is asked for in ${repo}`;
}

/**
 * A name for a query's answer that holds at every head at which each path's newest commit is the same: `git log` of one path goes straight down to that commit,
 * and whatever follows is behind it. Undefined where the newest commits are not known, or the query's start is a name that may move.
 */
export function lastingId(query: HistoryQuery, byPath: Newest['byPath']): string | undefined {
  const newest = query.paths.map((path) => byPath.get(path));
  if (!/^[0-9a-f]{40}$/.test(query.after) || newest.includes(undefined)) return undefined;
  return `history behind ${shortHash(JSON.stringify(newest))} ${JSON.stringify(query)}`;
}
