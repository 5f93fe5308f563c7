import type { Commit, FileMode, HistoryAnswer, HistoryQuery, Snapshot } from '../core/snapshot.ts';
import { SUBMODULE } from './file-mode.ts';
import { revisionAt } from './revision.ts';

/** A repository held in memory, for examples and tests. */
export interface MemoryRepo {
  readonly repo?: string;
  readonly sha?: string | null;
  /** Path → text. A symbolic link's text is its target; a submodule's is never seen. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly modes?: Readonly<Record<string, FileMode>>;
  /** Paths whose content can not be had, with the reason. */
  readonly unavailable?: Readonly<Record<string, string>>;
  readonly uncommitted?: readonly string[];
  /** Newest first. */
  readonly commits?: readonly (Commit & { readonly paths: readonly string[] })[];
  readonly history?: ((query: HistoryQuery) => HistoryAnswer) | undefined;
}

/** Opens a repository held in memory as a snapshot. */
export function memorySnapshot(source: MemoryRepo): Snapshot {
  const { files, modes = {}, unavailable = {}, uncommitted = [] } = source;
  const bytes = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ]),
  );
  return {
    repo: source.repo ?? 'memory',
    sha: source.sha ?? null,
    entries: new Map(
      [...bytes].map(([path, { length }]) => {
        const mode = modes[path] ?? '100644';
        return [path, { mode, sha: null, size: mode === '160000' ? null : length }];
      }),
    ),
    async read(paths) {
      return new Map(
        paths.map((path) => {
          const content = bytes.get(path);
          if (!content) throw new Error(`${path} is not a file of this snapshot`);
          const reason = modes[path] === '160000' ? SUBMODULE : unavailable[path];
          return [path, reason === undefined ? { bytes: content } : { unavailable: reason }];
        }),
      );
    },
    async history(query) {
      return source.history ? source.history(query) : searchHistory(source.commits ?? [], query);
    },
    log: async () => ({ unavailable: 'a repository in memory has no dates' }),
    async uncommitted() {
      return uncommitted;
    },
  };
}

function searchHistory(
  commits: readonly (Commit & { readonly paths: readonly string[] })[],
  { after, paths, limit }: HistoryQuery,
): HistoryAnswer {
  const start = revisionAt(commits[0]?.sha ?? '', after);
  const boundary = commits.findIndex(({ sha }) => start.length >= 4 && sha.startsWith(start));
  if (boundary < 0) return { isAncestor: false, commits: [] };
  const isAsked = (changed: string) => paths.some((path) => changed === path || changed.startsWith(`${path}/`));
  const touching = commits.slice(0, boundary).filter((commit) => commit.paths.some(isAsked));
  return {
    isAncestor: true,
    commits: touching
      .slice(0, limit ?? undefined)
      .map(({ sha, message }) => ({ sha, message: message.replace(/\n+$/, '') })),
  };
}
