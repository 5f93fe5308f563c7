import { createTrace, type Trace } from '../core/trace.ts';
import { Clock } from './clock.ts';
import type { Command, CommandIo } from './command.ts';
import { PROGRAMS } from './commands/programs.ts';
import type { Mount } from './files/access.ts';
import { Disk } from './files/disk.ts';
import { ScriptFiles } from './files/script-files.ts';
import type { SnapshotTree } from './files/tree.ts';
import { marksFailure } from './findings.ts';
import type { GitCheckout } from './git/checkout.ts';
import { gitCommand } from './git/git.ts';
import { recordGit } from './git-trace.ts';
import type { PythonParts } from './python/emscripten.ts';
import { pythonOn, type SaidBefore } from './python/python3.ts';
import { Races } from './races.ts';
import { Budget, LIMITS, type Limits } from './shell/budget.ts';
import { interpreterOf } from './shell/builtins/external.ts';
import { LANGUAGE } from './shell/collation.ts';
import { absolute } from './shell/file-system.ts';
import { Parser } from './shell/parser.ts';
import { ProcessNumbers } from './shell/process-numbers.ts';
import { asProcess, invoke, runProcess, runSource } from './shell/run.ts';
import { type Host, type Process, type Program, Shell } from './shell/shell.ts';
import { LimitReached } from './shell/signals.ts';
import { nowhere } from './shell/streams.ts';
import { type List, ShellSyntaxError } from './shell/syntax.ts';
import { type Respect, type Surroundings, USUAL_SURROUNDINGS } from './surroundings.ts';
import { eitherYq } from './yq/over-jq.ts';
import { yq } from './yq/yq.ts';
import { zoneOf } from './zone.ts';

/** Where a target's scripts expect things to be. */
export interface Layout {
  /** The absolute path of the checkout. */
  readonly root: string;
  readonly home: string;
  /** Absolute paths of siblings, by name. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Absolute paths of places that are known not to be there. */
  readonly absent?: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  /** The branch that is checked out, and the remotes' URLs by name; a script that asks where they are not known is blind. */
  readonly branch?: string;
  readonly remotes?: ReadonlyMap<string, string>;
}

export interface ScriptRequest {
  /** Path in the repo, and its arguments. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly tree: SnapshotTree;
  readonly siblings: ReadonlyMap<string, SnapshotTree>;
  /** Milliseconds since the epoch: the time that the script is told. */
  readonly now: number;
  readonly layout: Layout;
  readonly limits?: Limits;
  /** The Python that scripts are given; without it, one that calls Python is blind. */
  readonly python?: () => Promise<PythonParts>;
}

/** Something that the script needs and that is not here. */
export interface Need {
  readonly what: string;
  /** How much had been printed by then. */
  readonly at: number;
  /** The line that asked, such as `verify/check.sh:12`. */
  readonly place: string;
}

/** What happened when a script ran. */
export interface ScriptRun {
  readonly status: number;
  /** Both outputs, in the order in which they came. */
  readonly output: string;
  readonly needs: readonly Need[];
  /** What it was told that is the machine's and not the repo's, with the line that asked first. */
  readonly leansOn: ReadonlyMap<Respect, string>;
  /** Places that it asked for and that the layout says are absent. */
  readonly absent: readonly string[];
  readonly limit: string | null;
  readonly trace: Trace;
  readonly commands: number;
}

/**
 * Runs a script of the audited repo as it is. `budget` is for what may be used up in several runs together.
 * Throws `SnapshotError` when the repo cannot be read.
 */
export async function executeScript(
  request: ScriptRequest,
  surroundings: Surroundings = USUAL_SURROUNDINGS,
  budget: Budget = new Budget(request.limits ?? LIMITS),
): Promise<ScriptRun> {
  const { layout, now } = request;
  const transcript: string[] = [];
  let printed = 0;
  const needs = new Map<string, Need>();
  const trace = createTrace();
  const leansOn = new Map<Respect, string>();
  const commandsBefore = budget.commands;
  const note = (what: string, isPassing = false) => {
    // Only a failure that was printed before can still be the verdict.
    if (needs.size === 0 && !marksFailure(transcript.join(''))) budget.narrow();
    if (!needs.has(what)) needs.set(what, { what, at: printed, place: placeIn(host.running, layout.root) });
    if (isPassing) trace.record({ kind: 'lost', repo: 'target', subject: '' }, what);
  };
  const lean = (respect: Respect) => {
    if (!leansOn.has(respect)) leansOn.set(respect, placeIn(host.running, layout.root));
  };
  const mounts = mountsOf(request);
  const absent = new Set<string>();
  const races = new Races(note);
  const disk = new Disk(mounts, layout, {
    surroundings,
    races,
    umask: () => host.running?.umask ?? surroundings.umask,
    asked: (mount, question, path, answer) => trace.record({ kind: question, repo: mount.name, subject: path }, answer),
    needs: note,
    leansOn: lean,
    foundAbsent: (place) => absent.add(place),
  });
  const files = new ScriptFiles(disk);
  const saidBefore: SaidBefore = new Map();
  const git = gitCommand(mounts.map((mount) => checkoutOf(mount, layout, files)));
  const host: Host = {
    files,
    budget,
    clock: new Clock(now, surroundings, { asksTime: () => trace.askTime(now + 1000), leansOn: lean }),
    numbers: new ProcessNumbers(surroundings.seed),
    races,
    locks: new Map(),
    temporaryFiles: 0,
    surroundings,
    zone: zoneOf(surroundings, now),
    terminal: {
      write(text) {
        budget.wrote(text.length);
        printed += text.length;
        transcript.push(text);
      },
    },
    running: null,
    needs: note,
    leansOn: lean,
    isHere: (path) => disk.mountOf(path) !== undefined,
    program(name, how) {
      if (name === 'python3' && request.python) return pythonOn(disk, request.python, saidBefore);
      if (name === 'yq') return eitherYq(adapted(yq, note), layout.root);
      if (name === 'git') return adapted(git, note, (args) => recordGit(args, mounts, trace));
      return findProgram(name, how, note);
    },
    run: runProcess,
    runSource,
    invoke: (shell, words, streams) => invokeWith(shell, words, streams),
    checkSyntax,
  };
  const shell = new Shell(host);
  shell.cwd = layout.root;
  shell.descriptors.set(1, { output: host.terminal });
  shell.descriptors.set(2, { output: host.terminal });
  for (const [name, value] of environmentOf(request, surroundings)) {
    shell.set(name, value);
    shell.variables.writable(name).isExported = true;
  }
  let status = 0;
  let limit: string | null = null;
  try {
    const path = absolute(layout.root, request.script);
    const { name } = interpreterOf((await files.read(path)) ?? '');
    const interpreter = PLAIN_SHELLS.has(name) ? 'sh' : 'bash';
    status = await asProcess(shell, () => invoke(shell, [interpreter, path, ...(request.args ?? [])]));
  } catch (error) {
    if (!(error instanceof LimitReached || error instanceof RangeError)) throw error;
    limit = error.message;
    status = 126;
  }
  return {
    status,
    output: transcript.join(''),
    needs: [...needs.values()],
    leansOn,
    absent: [...absent],
    limit,
    trace,
    commands: budget.commands - commandsBefore,
  };
}

/** What a script asks for that needs no more than `sh`. */
const PLAIN_SHELLS: ReadonlySet<string> = new Set(['sh', 'dash']);

/** The variables that the script begins with. */
function environmentOf({ layout, tree, now }: ScriptRequest, surroundings: Surroundings): ReadonlyMap<string, string> {
  const places: Readonly<Record<string, string>> = {
    root: layout.root,
    home: layout.home,
    commit: tree.snapshot.sha ?? '',
    zone: zoneOf(surroundings, now).text,
  };
  const theirs = [...surroundings.environment].map(
    ([name, value]) => [name, value.replace(/\{(\w+)\}/, (_, place: string) => places[place] ?? '')] as const,
  );
  return new Map([
    ...theirs,
    ['HOME', layout.home],
    ['PATH', surroundings.programs.path],
    ['PWD', layout.root],
    ['USER', surroundings.user.name],
    ['LOGNAME', surroundings.user.name],
    ['LANG', LANGUAGE],
    ...layout.environment,
  ]);
}

function placeIn(shell: Shell | null, root: string): string {
  if (!shell) return '';
  const source = shell.frames.at(-1)?.source ?? shell.name;
  return `${source.startsWith(`${root}/`) ? source.slice(root.length + 1) : source}:${shell.line}`;
}

/** The target and the siblings that are there, each where scripts expect it. */
export function mountsOf({
  layout,
  tree,
  siblings,
}: Pick<ScriptRequest, 'layout' | 'tree' | 'siblings'>): readonly Mount[] {
  const mounts: Mount[] = [{ name: 'target', root: layout.root, tree }];
  for (const [name, root] of layout.siblings) {
    const sibling = siblings.get(name);
    if (sibling) mounts.push({ name, root, tree: sibling });
  }
  return mounts;
}

/** Only of the target is it known what is checked out; a sibling is just its commit. */
function checkoutOf(mount: Mount, { branch, remotes }: Layout, files: ScriptFiles): GitCheckout {
  const { name, root, tree } = mount;
  const isTarget = name === 'target';
  return {
    root,
    snapshot: tree.snapshot,
    branch: (isTarget && branch) || null,
    remotes: (isTarget && remotes) || null,
    changes: () => files.changesIn(mount),
  };
}

async function invokeWith(
  shell: Shell,
  words: readonly string[],
  { input, output, errors }: Parameters<Host['invoke']>[2],
): Promise<number> {
  const inner = shell.fork();
  if (input === null) inner.descriptors.delete(0);
  else if (input) inner.descriptors.set(0, { input });
  inner.descriptors.set(1, { output });
  inner.descriptors.set(2, { output: errors });
  inner.functions = new Map();
  inner.traps = new Map();
  return asProcess(inner, () => invoke(inner, words));
}

function findProgram(name: string, how: 'run' | 'asked', needs: CommandIo['needs']): Program | null {
  const program = PROGRAMS.get(name);
  if (program) return program;
  needs(how === 'run' ? name : `${name}, which it asks for`);
  return null;
}

/** A command that takes and gives texts, as a program with streams. */
function adapted(
  command: Command,
  needs: CommandIo['needs'],
  onRun: (args: readonly string[]) => void = () => {},
): Program {
  return async ({ args, shell, input, output, errors }: Process) => {
    const result = await command(args, {
      cwd: shell.cwd,
      env: shell.environment,
      get stdin() {
        return input.rest();
      },
      isUnread: output === nowhere,
      now: () => shell.host.clock.now(),
      localZone: () => shell.localZone(),
      readFile: (path) => shell.host.files.read(path),
      needs,
    });
    onRun(args);
    errors.write(result.stderr);
    output.write(result.stdout);
    return result.exitCode;
  };
}

function checkSyntax(text: string, tell: (message: string, line: number) => void, read: (list: List) => void): number {
  try {
    const parser = new Parser(text);
    for (let list = parser.next(); list; list = parser.next()) read(list);
    return 0;
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error;
    tell(`syntax error: ${error.message}`, error.line);
    return 2;
  }
}
