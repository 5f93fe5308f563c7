import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runAudit } from '../../src/audit/run.ts';
import { decodeContent } from '../../src/core/content.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { GATE_FILE, readDeclaredGates } from '../../src/declared/declare.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { isExpected } from '../shared/audit-clone.ts';
import { readCommandLine, runAsCommand, UsageError } from '../shared/command-line.ts';
import type { Candidate } from './candidate.ts';
import { anywhere, candidatesFor } from './candidates.ts';
import { gateFileText } from './compose-file.ts';
import { likeFiles, mayHoldRecords, type RecordTable, tablesInFile, tablesInFiles } from './record-tables.ts';
import { completeIn, referencesAmong, uniqueIn } from './records.ts';

const USAGE = `usage: npm run --silent init -- <clone> [--print]

  Looks at what is in the clone and writes a ${GATE_FILE} there, with gates that pass today. An existing one is never touched.
  --print  write it to standard output instead`;

/** Where it lies on this machine: a path that a file in a shared repo could not carry. */
const SCHEMA = join(import.meta.dirname, '../../docs/lanekeeper.schema.json');
const MOST_GATES = 8;
/** Files of records that are opened, groups of like files, and gates that come from them. */
const MOST_FILES = 60;
const MOST_GROUPS = 8;
const LARGEST_FILE = 200_000;
const PER_TABLE = 2;
const MOST_UNIQUE = 4;
const MOST_REFERENCES = 3;
const MOST_COMPLETE = 3;
const CROWD = 8;

/** The most telling first: what names things, what is named elsewhere, what its kind of repo needs, and then what all records say. */
async function candidatesIn(snapshot: Snapshot): Promise<readonly Candidate[]> {
  const regular = [...snapshot.entries].filter(([, { mode }]) => mode === '100644' || mode === '100755');
  const paths = regular.map(([path]) => path).sort();
  const small = regular.filter(([path, { size }]) => mayHoldRecords(path) && (size ?? 0) < LARGEST_FILE);
  const tables = await recordTablesIn(snapshot, small.map(([path]) => path).sort());
  const unique = tables.flatMap((table) => uniqueIn(table).slice(0, PER_TABLE));
  return [
    ...unique.slice(0, MOST_UNIQUE),
    ...referencesAmong(tables).slice(0, MOST_REFERENCES),
    ...candidatesFor(paths),
    ...tables.flatMap(completeIn).slice(0, MOST_COMPLETE),
    ...anywhere(paths, await encryptedIn(snapshot, paths)),
  ];
}

async function recordTablesIn(snapshot: Snapshot, paths: readonly string[]): Promise<readonly RecordTable[]> {
  const groups = [...likeFiles(paths)]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .slice(0, MOST_GROUPS);
  const known = await textsOf(snapshot, [...new Set(groups.flatMap(([, files]) => files))]);
  const many = groups.flatMap(([pattern, files]) =>
    tablesInFiles(pattern, new Map(files.map((path) => [path, known.get(path) ?? '']))),
  );
  const patterns = new Set(many.map(({ files }) => files));
  // One of many files that look alike and are not: whatever holds in it says nothing of the repo.
  const isCrowd = (files: readonly string[]) => files.length >= CROWD && files.some((path) => rank(path) >= 10);
  const grouped = new Set(groups.flatMap(([pattern, files]) => (patterns.has(pattern) || isCrowd(files) ? files : [])));
  const single = paths
    .filter((path) => !grouped.has(path))
    .toSorted(byRank)
    .slice(0, MOST_FILES);
  const one = [...(await textsOf(snapshot, single))].flatMap(([path, text]) => tablesInFile(path, text).slice(0, 1));
  const tables = [...many.toSorted((a, b) => byRank(a.files, b.files)), ...one];
  return [...new Map(tables.toReversed().map((table) => [table.name, table])).values()].reverse();
}

async function textsOf(snapshot: Snapshot, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const contents = await snapshot.read(paths);
  return new Map(
    paths.map((path) => {
      const content = contents.get(path);
      return [path, content && 'bytes' in content ? new TextDecoder().decode(content.bytes) : ''];
    }),
  );
}

/** Files in clear by their name, and encrypted: a gate about all files would be blind for them. */
async function encryptedIn(snapshot: Snapshot, paths: readonly string[]): Promise<readonly string[]> {
  const small = paths.filter(
    (path) => /\.(?:ya?ml|json)$/.test(path) && (snapshot.entries.get(path)?.size ?? 0) < LARGEST_FILE,
  );
  const contents = await snapshot.read(small);
  const isEncrypted = (path: string) => {
    const content = contents.get(path);
    return content !== undefined && 'bytes' in content && 'unreadable' in decodeContent(content.bytes);
  };
  return small.filter(isEncrypted).slice(0, MOST_FILES);
}

function byRank(one: string, other: string): number {
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

/** Tables and inventories before anything else, and what lies near the root before what lies deep. */
function rank(path: string): number {
  const isTable = /\.[ct]sv$/.test(path);
  const isInventory = /inventor|hosts|machines|stacks|nodes|devices|network|vms|servers|users/i.test(path);
  return (isTable || isInventory ? 0 : 10) + path.split('/').length;
}

/** Those that pass when they are judged all at once, at most eight, one of each name. */
async function passing(
  snapshot: Snapshot,
  candidates: readonly Candidate[],
  now: number,
): Promise<readonly Candidate[]> {
  const distinct = [
    ...new Map(candidates.toReversed().map((candidate) => [candidate.id, candidate])).values(),
  ].reverse();
  const given = [{ path: GATE_FILE, text: gateFileText(distinct) }];
  const { report } = await runAudit({
    target: snapshot,
    siblings: {},
    now,
    gates: [],
    defaultRegistry: { gates: [], lanes: [] },
    governance: 'none',
    declare: (repo, taken) => readDeclaredGates(repo, { files: [], given, taken }),
  });
  const passes = new Set(report.gates.filter(({ verdict }) => verdict === 'pass').map(({ name }) => name));
  const sound = distinct.filter(({ id }) => passes.has(id));
  return withoutWeaker(sound).slice(0, MOST_GATES);
}

/** Gates that say less than another, which stands behind them. */
const WEAKER: Readonly<Record<string, string>> = {
  'actions-have-a-version': 'actions-are-pinned',
  'no-unindented-private-keys': 'no-private-keys',
};

/** A gate that says less than another is left out. */
function withoutWeaker(candidates: readonly Candidate[]): readonly Candidate[] {
  const ids = new Set(candidates.map(({ id }) => id));
  return candidates.filter(({ id }) => !ids.has(WEAKER[id] ?? ''));
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readCommandLine(argv, { print: { type: 'boolean' } });
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw new UsageError('Name one clone.');
  const place = join(directory, GATE_FILE);
  try {
    const isWorkTree = await exists(join(directory, '.git'));
    const snapshot = await directorySnapshot(
      directory,
      isWorkTree || !(await exists(join(directory, 'HEAD'))) ? undefined : 'HEAD',
    );
    if (snapshot.entries.has(GATE_FILE) || (await exists(place))) {
      process.stderr.write(`${place} is there already, and stays as it is.\n`);
      return 2;
    }
    const gates = await passing(snapshot, await candidatesIn(snapshot), Date.now());
    if (gates.length === 0) {
      process.stderr.write('Nothing was found to write a gate about. docs/recipes shows how to write one.\n');
      return 2;
    }
    const text = gateFileText(gates);
    if (values.print || !isWorkTree) {
      process.stdout.write(text);
      return 0;
    }
    await writeFile(place, text, { flag: 'wx' });
    process.stdout.write(
      `${place} holds ${gates.length === 1 ? 'one gate that passes' : `${gates.length} gates that pass`} today:\n${gates.map(({ id, reason }) => `  ${id}: ${reason}\n`).join('')}For completion in an editor, put this over it: # yaml-language-server: $schema=${SCHEMA}\nNext: npm run --silent audit -- ${directory}\nThen commit it: \`npm start\` and the Worker judge commits.\n`,
    );
    return 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`could not look at ${directory}: ${error.message}\n`);
    return 2;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

await runAsCommand(USAGE, main);
