import { bytesOf, textOf } from '../files/bytes.ts';
import { type Disk, NotFetched } from '../files/disk.ts';
import { isFolder } from '../files/tree.ts';
import { isTerminal } from '../shell/conditions.ts';
import type { Process, Program, Shell } from '../shell/shell.ts';
import { LimitReached } from '../shell/signals.ts';
import { Capture, Input } from '../shell/streams.ts';
import type { Respect } from '../surroundings.ts';
import { localZone } from '../zone.ts';
import type { PythonParts } from './emscripten.ts';
import { type ProcessAnswer, type ProcessCall, type PythonRun, runPython } from './interpreter.ts';
import { needsIn } from './source-needs.ts';
import { type DatabaseQuestion, Databases } from './sqlite/databases.ts';
import type { Sqlite } from './sqlite/sql-js.ts';

/** Options that take no value and change nothing for us. */
const KEPT = /^-[uBOqs]+$/;
const ISOLATING = /^-[IEP]+$/;
/** Warnings that stay warnings, and UTF-8, which is what everybody has here. */
const HARMLESS_WARNINGS = /^(?:$|(?:ignore|default|always|module|once)\b)/;
const HARMLESS_VALUE = { '-W': HARMLESS_WARNINGS, '-X': /^utf8(?:=1)?$/ } as const;
/** Variables that make another Python of it. */
const UNSETTLING = ['PYTHONHOME', 'PYTHONDEVMODE', 'PYTHONINSPECT', 'PYTHONPLATLIBDIR', 'PYTHONMALLOC', 'PYTHONCASEOK'];
/** Tells `packages/lanekeeper_run.py` that the program's own folder is no place for modules. */
const SAFE = 'safe ';
/** Modules that are programs and need nothing but what they are given. */
const PROGRAM_MODULES = ['json.tool'];
/** How often a program may start over because of what it had not read yet: each time it comes further. */
const MOST_STARTS = 200;
const RUN = 'import lanekeeper_run; lanekeeper_run.run()';
const MOST_NEARBY = 200;
/** Answers of programs that are kept, and characters of one, with what the program was given. */
const MOST_SAID = 200;
const MOST_KEPT = 20_000;
/** A program that has started over so often walks through folders. */
const STARTS_UNTIL_WIDE = 4;
const TOP_FOLDERS = 2;

/** What to run, in the form that `packages/lanekeeper_run.py` takes; or what cannot be. */
type Invocation =
  | {
      readonly options: readonly string[];
      readonly isSafe: boolean;
      readonly kind: Kind;
      readonly argv: readonly string[];
    }
  | { readonly need: string };
type Kind = 'text' | 'stdin' | 'file' | 'module';

/** Python waits for what a process says; it is started over once that is known. */
class ProcessWanted extends Error {
  override readonly name = 'ProcessWanted';
  readonly call: ProcessCall;

  constructor(call: ProcessCall) {
    super(call.words.join(' '));
    this.call = call;
  }
}

/** SQLite is loaded for programs that ask for it, and they are started over then. */
class SqliteWanted extends Error {
  override readonly name = 'SqliteWanted';
}

/** What programs said that asked for nothing, by what they were given. Of one script on one machine. */
export type SaidBefore = Map<string, PythonRun>;

/** `python3`, over a script's disk. `parts` are got once, when a program first runs. */
export function pythonOn(disk: Disk, parts: () => Promise<PythonParts>, saidBefore: SaidBefore): Program {
  return async (process) => {
    const { shell, errors, output } = process;
    const environment = shell.variables.exported();
    const invocation = parse(process.args, environment);
    if ('need' in invocation) {
      shell.host.needs(invocation.need);
      return 2;
    }
    let taken: Uint8Array | undefined;
    const stdin = () => {
      taken ??= bytesOf(process.input.rest());
      return taken;
    };
    const source = sourceOf(invocation, stdin);
    for (const need of needsIn(source)) shell.host.needs(need);
    const { options, isSafe, kind, argv } = invocation;
    const given = JSON.stringify([options, isSafe, kind, source, argv, shell.cwd, [...environment]]);
    const before = saidBefore.get(given);
    const args = [...options, '-c', RUN, (isSafe ? SAFE : '') + kind, ...argv];
    const run = before ?? (await untilFetched(disk, await parts(), process, args, stdin));
    if (!run.isWatched) throw new Error('Python did not start as it should');
    // What is on its input is the program's, or may be something else the next time.
    const isRepeatable = run.isAlone && (kind === 'stdin' || taken === undefined);
    const length = given.length + run.stdout.length + run.stderr.length;
    if (isRepeatable && length <= MOST_KEPT && saidBefore.size < MOST_SAID) saidBefore.set(given, run);
    output.write(run.stdout);
    errors.write(run.stderr);
    return run.status;
  };
}

function parse(args: readonly string[], environment: ReadonlyMap<string, string>): Invocation {
  const options: string[] = [];
  const set = (name: string) => (environment.get(name) ?? '') !== '';
  const unsettling = UNSETTLING.find(set);
  if (unsettling !== undefined) return { need: `$${unsettling}` };
  if (!HARMLESS_WARNINGS.test(environment.get('PYTHONWARNINGS') ?? '')) return { need: '$PYTHONWARNINGS' };
  let isSafe = set('PYTHONSAFEPATH');
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const rest = args.slice(i + 1);
    if (arg === '-') return { options, isSafe, kind: 'stdin', argv: args.slice(i) };
    if (arg === '-c') return { options, isSafe, kind: 'text', argv: rest };
    if (arg === '-m' && PROGRAM_MODULES.includes(rest[0] ?? '')) return { options, isSafe, kind: 'module', argv: rest };
    if (!arg.startsWith('-')) return { options, isSafe, kind: 'file', argv: args.slice(i) };
    if (arg === '-W' || arg === '-X') {
      if (!HARMLESS_VALUE[arg].test(rest[0] ?? '')) return { need: `python3 ${arg} ${rest[0] ?? ''}` };
      i++;
    } else if (ISOLATING.test(arg)) {
      const given = /[IE]/.test(arg) && [...environment.keys()].find((name) => name.startsWith('PYTHON'));
      if (given) return { need: `python3 ${arg} with $${given}` };
      isSafe ||= /[IP]/.test(arg);
    } else if (KEPT.test(arg)) options.push(arg);
    else return { need: `python3 ${arg}${arg === '-m' ? ` ${rest[0] ?? ''}` : ''}` };
  }
  return { options, isSafe, kind: 'stdin', argv: [''] };
}

/** The program, where it does not lie in a file: Python tells us of those that do. */
function sourceOf(
  { kind, argv: [first = ''] }: Exclude<Invocation, { need: string }>,
  stdin: () => Uint8Array,
): string {
  if (kind === 'stdin') return textOf(stdin());
  return kind === 'text' ? first : '';
}

/** Runs a program, over and over until all that it reads has been fetched. What a run writes that did not get to its end is undone. */
async function untilFetched(
  disk: Disk,
  parts: PythonParts,
  { shell }: Process,
  args: readonly string[],
  stdin: () => Uint8Array,
): Promise<PythonRun> {
  const { host, cwd } = shell;
  const answers: ProcessAnswer[] = [];
  let sqlite: Sqlite | undefined;
  let databases: Databases | undefined;
  const request = {
    args,
    stdin,
    cwd,
    environment: shell.variables.exported(),
    disk,
    now: host.clock.standing(),
    surroundings: host.surroundings,
    zone: localZone(shell.variables.exported().get('TZ'), { zone: host.zone, needs() {}, leansOn() {} }),
    asksForZone: () => void shell.localZone(),
    isTerminal: (file: number) => isTerminal(shell, file),
    needs: (what: string) => host.needs(what),
    leansOn: (respect: Respect) => host.leansOn(respect),
    runs(path: string) {
      for (const need of needsIn(disk.read(path) ?? '')) host.needs(need);
    },
    misses: (variable: string) => void shell.special(variable),
    call(number: number, call: ProcessCall) {
      const answer = answers[number];
      if (!answer) throw new ProcessWanted(call);
      return answer;
    },
    database(question: DatabaseQuestion) {
      if (!sqlite) throw new SqliteWanted();
      databases ??= new Databases(sqlite, (what) => host.needs(what));
      return databases.answer(question);
    },
    tick: () => host.budget.tick(),
  };
  for (let start = 0; start < MOST_STARTS; start++) {
    host.budget.startPython();
    const undo = disk.checkpoint();
    try {
      return await runPython(parts, request);
    } catch (error) {
      if (error instanceof ProcessWanted) answers.push(await runProcess(error.call, disk, shell));
      else if (error instanceof SqliteWanted) sqlite = await parts.sqlite();
      else if (!(error instanceof NotFetched)) throw error;
      undo();
      if (error instanceof NotFetched) await Promise.all(nearby(error, start).map((path) => error.tree.fetch(path)));
    } finally {
      databases?.closeAll();
      databases = undefined;
    }
  }
  throw new LimitReached(`Python was started over ${MOST_STARTS} times to read files`);
}

/** Runs a process that Python starts, with the disk as Python has left it. What it writes itself would be undone, so it must not. */
async function runProcess(call: ProcessCall, disk: Disk, shell: Shell): Promise<ProcessAnswer> {
  const { words, stdin, cwd, env, merges } = call;
  const before = disk.changes;
  const inner = shell.fork();
  inner.cwd = cwd;
  const output = new Capture();
  const errors = merges ? output : new Capture();
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const streams = { input: new Input(stdin), output, errors };
  const status = await shell.host.invoke(inner, ['env', '-i', ...variables, ...words], streams);
  if (disk.changes !== before) shell.host.needs('a process that Python starts and that writes files');
  return { status, stdout: output.text, stderr: merges ? '' : errors.text };
}

/**
 * The file that is wanted, and, for a program that reads several, others that it mostly reads next: those beside it with the same ending,
 * and for one that goes on and on whatever else lies around it.
 */
function nearby({ path, tree }: NotFetched, start: number): readonly string[] {
  if (start === 0) return [path];
  const others = start < STARTS_UNTIL_WIDE ? besides(path, tree) : around(path, tree);
  return [...new Set([path, ...others.filter((other) => isUnread(tree, other)).slice(0, MOST_NEARBY)])];
}

function besides(path: string, tree: NotFetched['tree']): readonly string[] {
  const folder = tree.at(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const ending = path.slice(path.lastIndexOf('.'));
  const names = folder && isFolder(folder) ? [...folder.names.keys()] : [];
  const prefix = path.slice(0, path.lastIndexOf('/') + 1);
  return names.map((name) => prefix + name).filter((other) => other.endsWith(ending));
}

/** What lies next to it in the order of paths, in turns after and before, below the same top folders. */
function around(path: string, tree: NotFetched['tree']): readonly string[] {
  const top = path.split('/').slice(0, TOP_FOLDERS).join('/');
  const paths = [...tree.snapshot.entries.keys()].filter(
    (other) => other.startsWith(`${top}/`) && isUnread(tree, other),
  );
  const sorted = paths.sort();
  const before = sorted.filter((other) => other < path).reverse();
  const after = sorted.filter((other) => other > path);
  const places = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
  return places.flatMap((index) => [after[index] ?? [], before[index] ?? []].flat());
}

function isUnread(tree: NotFetched['tree'], path: string): boolean {
  return tree.snapshot.entries.get(path)?.mode.startsWith('100') === true && tree.known(path) === undefined;
}
