import type { Repo } from '../core/repo.ts';
import { Abort, Unavailable } from '../core/signals.ts';
import { type Compiled, compileGateFiles } from './file/compile.ts';
import { type GateFile, readGateFile } from './file/read.ts';
import { filesMatching } from './tables/files.ts';

/** Where an ops repo declares its gates, unless a target says otherwise. */
export const GATE_FILE = 'lanekeeper.yaml';

export interface DeclareOptions {
  /** Paths and globs of gate files. */
  readonly files?: readonly string[];
  /** Names that other gates have. */
  readonly taken: ReadonlySet<string>;
}

/** The gates that an ops repo declares; undefined where it has no gate file. Reading may suspend. */
export function readDeclaredGates(repo: Repo, { files = [GATE_FILE], taken }: DeclareOptions): Compiled | undefined {
  const first = filesMatching(repo, files, []);
  if (first.length === 0) return undefined;
  repo.prefetch(first);
  const read = first.map((path) => gateFileAt(repo, path));
  const included = filesMatching(
    repo,
    read.flatMap(({ include }) => include),
    first,
  );
  repo.prefetch(included);
  return compileGateFiles([...read, ...included.map((path) => gateFileAt(repo, path))], taken);
}

function gateFileAt(repo: Repo, path: string): GateFile {
  try {
    return readGateFile(path, repo.text(path));
  } catch (error) {
    if (!(error instanceof Unavailable || error instanceof Abort)) throw error;
    const mistakes = [{ path, line: 1, column: 1, message: error.message }];
    return { path, include: [], lane: undefined, tables: [], gates: [], broken: [], mistakes };
  }
}
