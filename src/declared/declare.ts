import type { Repo } from '../core/repo.ts';
import { Abort, Unavailable } from '../core/signals.ts';
import { type Compiled, compileGateFiles } from './file/compile.ts';
import { type GateFile, readGateFile } from './file/read.ts';
import { filesMatching } from './tables/files.ts';

/** Where an ops repo declares its gates, unless a target says otherwise. */
export const GATE_FILE = 'lanekeeper.yaml';

export interface GivenFile {
  readonly path: string;
  readonly text: string;
}

export interface DeclareOptions {
  /** Paths and globs of gate files. */
  readonly files?: readonly string[];
  /** Gate files that do not lie in the repo. */
  readonly given?: readonly GivenFile[];
  /** Names that other gates have. */
  readonly taken: ReadonlySet<string>;
}

/** The gates that an ops repo declares; undefined where it has no gate file. Reading may suspend. */
export function readDeclaredGates(
  repo: Repo,
  { files = [GATE_FILE], given = [], taken }: DeclareOptions,
): Compiled | undefined {
  const first = filesMatching(repo, files, []);
  if (first.length + given.length === 0) return files.some((file) => file !== GATE_FILE) ? nothingAt(files) : undefined;
  repo.prefetch(first);
  const read = [
    ...given.map(({ path, text }) => readGateFile(path, text)),
    ...first.map((path) => gateFileAt(repo, path)),
  ];
  const included = filesMatching(
    repo,
    read.flatMap(({ include }) => include),
    first,
  );
  repo.prefetch(included);
  return compileGateFiles([...read, ...included.map((path) => gateFileAt(repo, path))], taken);
}

/** Somebody named a gate file, and there is none. */
function nothingAt(files: readonly string[]): Compiled {
  return {
    gates: [],
    checks: [],
    mistakes: files.map((path) => ({ path, line: 1, column: 1, message: 'there is no such gate file' })),
  };
}

function gateFileAt(repo: Repo, path: string): GateFile {
  try {
    return readGateFile(path, repo.text(path));
  } catch (error) {
    if (!(error instanceof Unavailable || error instanceof Abort)) throw error;
    const mistakes = [{ path, line: 1, column: 1, message: error.message }];
    return { path, include: [], lane: undefined, checks: [], tables: [], gates: [], broken: [], mistakes };
  }
}
