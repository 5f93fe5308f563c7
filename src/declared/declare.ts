import type { Repo } from '../core/repo.ts';
import { Abort, Unavailable } from '../core/signals.ts';
import { type Compiled, compileGateFiles } from './file/compile.ts';
import { type GateFile, readGateFile, unusable } from './file/read.ts';
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

/** Characters of all gate files of a repo together. */
const MOST_CHARACTERS = 500_000;

/** The gates that an ops repo declares; undefined where it has no gate file. Reading may suspend. */
export function readDeclaredGates(
  repo: Repo,
  { files: paths = [GATE_FILE], given = [], taken }: DeclareOptions,
): Compiled | undefined {
  const first = filesMatching(repo, paths, []);
  if (first.length + given.length === 0) return paths.some((path) => path !== GATE_FILE) ? nothingAt(paths) : undefined;
  repo.prefetch(first);
  const budget = { characters: MOST_CHARACTERS };
  const read = [
    ...given.map(({ path, text }) => readGateFile(path, text)),
    ...first.map((path) => gateFileAt(repo, path, budget)),
  ];
  const included = filesMatching(
    repo,
    read.flatMap(({ include }) => include.map(({ pattern }) => pattern)),
    first,
  );
  repo.prefetch(included);
  const files = [...read, ...included.map((path) => gateFileAt(repo, path, budget))];
  const lost = read.flatMap((file) => absentIncludes(repo, file));
  return withSilenceTold(compileGateFiles([...files, ...lost], taken), files);
}

/** Files that are included and are not there: gates would be missed without a word. */
function absentIncludes(repo: Repo, { include }: GateFile): readonly GateFile[] {
  const absent = include.filter(({ pattern }) => filesMatching(repo, [pattern], []).length === 0);
  return absent.map((inclusion) => unusable(inclusion.absent));
}

/** Files that declare tables and nothing about them say so: whoever wrote them expects something to be checked. */
function withSilenceTold(compiled: Compiled, [first]: readonly GateFile[]): Compiled {
  const { gates, checks, mistakes } = compiled;
  if (!first || gates.length + checks.length + mistakes.length > 0) return compiled;
  const message = 'declares no gate: `gates` is missing';
  return { ...compiled, mistakes: [{ path: first.path, line: 1, column: 1, message }] };
}

/** Somebody named a gate file, and there is none. */
function nothingAt(files: readonly string[]): Compiled {
  return {
    gates: [],
    checks: [],
    mistakes: files.map((path) => ({ path, line: 1, column: 1, message: 'there is no such gate file' })),
  };
}

function gateFileAt(repo: Repo, path: string, budget: { characters: number }): GateFile {
  const unread = (message: string) => unusable({ path, line: 1, column: 1, message });
  const tooMuch = `is not read: gate files are longer than ${MOST_CHARACTERS.toLocaleString('en')} characters together`;
  if (budget.characters < 0) return unread(tooMuch);
  try {
    const text = repo.text(path);
    budget.characters -= text.length;
    return budget.characters < 0 ? unread(tooMuch) : readGateFile(path, text);
  } catch (error) {
    if (!(error instanceof Unavailable || error instanceof Abort)) throw error;
    return unread(error.message);
  }
}
