import { textOf } from '../files/bytes.ts';
import type { Disk } from '../files/disk.ts';
import { LimitReached } from '../shell/signals.ts';
import type { Respect, Surroundings } from '../surroundings.ts';
import type { Zone } from '../zone.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { mountDisk } from './disk-mount.ts';
import { type Emscripten, ERROR, type PythonParts } from './emscripten.ts';
import { isolate } from './isolation.ts';
import type { FreshInstance, WasmImports } from './one-instance.ts';
import type { DatabaseAnswer, DatabaseQuestion } from './sqlite/databases.ts';

/** A process that the program starts. */
export interface ProcessCall {
  readonly words: readonly string[];
  readonly stdin: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Its errors go where its output goes. */
  readonly merges: boolean;
}

export interface ProcessAnswer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program, and what surrounds it. */
export interface PythonRequest {
  /** Arguments of the interpreter itself, then the program's. */
  readonly args: readonly string[];
  /** Asked when the program first reads it. */
  stdin(): Uint8Array;
  readonly cwd: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly disk: Disk;
  readonly surroundings: Surroundings;
  /** By which it tells the time, and what is called when it does. */
  readonly zone: Zone;
  asksForZone(): void;
  now(): number;
  isTerminal(file: number): boolean;
  /** Something that is not here. */
  needs(what: string): void;
  /** The answer is the machine's and not the repo's. */
  leansOn(respect: Respect): void;
  /** A module of the repo runs, too; an absolute path. May throw, like `call`. */
  runs(path: string): void;
  /** A variable that the program looked for and that is not set. */
  misses(variable: string): void;
  /** What a process said; `number` counts them from 0. What it throws ends the program and comes out of `runPython`. */
  call(number: number, call: ProcessCall): ProcessAnswer;
  /** What SQLite says; may throw, like `call`. */
  database(question: DatabaseQuestion): DatabaseAnswer;
  /** Called as the program goes on; what it throws ends the program and comes out of `runPython`. */
  tick(): void;
}

/** What Python itself is made of. */
type Interpreter = Omit<PythonParts, 'sqlite'>;

export interface PythonRun {
  readonly status: number;
  /** Whether `packages/sitecustomize.py` ran first: only then is it known what the program asked for. */
  readonly isWatched: boolean;
  /** It asked neither disk nor clock nor anybody else: given the same, input included, it says the same again. What it needs and leans on is noted. */
  readonly isAlone: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const HERE = '/.lanekeeper';
/** Python asks for a path in this folder to tell us something; the path's name says what. */
const MESSAGES = `${HERE}/says`;
/** Where it writes what it wants of a process or of SQLite, and finds what that said. */
const CALLS = `${HERE}/calls`;
const RUNS = 'runs ';
const VARIABLE = 'variable ';
const LEANS = 'leans ';
/** Variables by which we set Python up; what the script gave them comes back before its program runs. */
const SETTINGS: Readonly<Record<string, string>> = {
  PYTHONHOME: HERE,
  PYTHONPATH: `${HERE}/library.zip:${HERE}/packages.zip`,
  // The order of sets hangs on it; `packages/lanekeeper_sets.py` makes it another.
  PYTHONHASHSEED: '4242',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHON_COLORS: '0',
  // What this Python warns of and that of the machine may not yet.
  PYTHONWARNINGS: 'ignore::DeprecationWarning,ignore::SyntaxWarning',
};
/**
 * Runs a Python program once, in an interpreter that is new to it. Throws `NotFetched` when it must be run again after a fetch (its writes are
 * to be undone before), `LimitReached`, and what `tick` throws.
 */
export function runPython(parts: Interpreter, request: PythonRequest): Promise<PythonRun> {
  return parts.interpreter.run((start) => runIn(start, parts, request));
}

async function runIn(
  start: (imports: WasmImports) => FreshInstance,
  parts: Interpreter,
  request: PythonRequest,
): Promise<PythonRun> {
  const { disk, cwd } = request;
  const stdout = new ByteBuffer();
  const stderr = new ByteBuffer();
  const fate: { isOver: boolean; reason: unknown } = { isOver: false, reason: undefined };
  let isReady = false;
  let isAlone = true;
  let calls = 0;
  const end = (reason: unknown) => {
    if (!fate.isOver) Object.assign(fate, { isOver: true, reason });
    return fate.reason;
  };
  const attempt = <Answer>(question: () => Answer): Answer => {
    if (fate.isOver) throw fate.reason;
    try {
      return question();
    } catch (error) {
      throw end(error);
    }
  };
  const ask = <Answer>(question: () => Answer): Answer => {
    if (isReady) isAlone = false;
    return attempt(question);
  };
  const world = {
    surroundings: request.surroundings,
    now: () => (isReady ? ask(request.now) : 0),
    localZone() {
      if (isReady) ask(request.asksForZone);
      return request.zone;
    },
    isTerminal: (file: number) => isReady && ask(() => request.isTerminal(file)),
    tick: () => attempt(request.tick),
    exceeds(what: string): never {
      throw end(new LimitReached(what));
    },
  };
  const told = ({ FS }: Emscripten, message: string) => {
    const [, kind, number] = /^(call|database) (\d+)$/.exec(message) ?? [];
    if (number !== undefined) {
      const asked = JSON.parse(new TextDecoder().decode(FS.readFile(`${CALLS}/${number}.asked`)));
      const answer = ask(() => (kind === 'call' ? request.call(calls++, asked) : request.database(asked)));
      FS.writeFile(`${CALLS}/${number}.answer`, new TextEncoder().encode(JSON.stringify(answer)));
      return;
    }
    const said = message.replaceAll('%2F', '/').replaceAll('%25', '%');
    if (said === 'ready') isReady = true;
    else if (said.startsWith(RUNS)) ask(() => request.runs(said.slice(RUNS.length)));
    else if (said.startsWith(LEANS)) request.leansOn(said.slice(LEANS.length) as Respect);
    else if (said.startsWith(VARIABLE)) ask(() => request.misses(said.slice(VARIABLE.length)));
    else request.needs(said);
  };
  const put = (to: ByteBuffer) => (byte: number | null) => {
    if (byte !== null) to.add(byte);
  };
  let read = 0;
  let flush: (() => void) | undefined;
  const exitCode = globalThis.process?.exitCode;
  const python = await parts.create({
    noInitialRun: true,
    thisProgram: `${HERE}/bin/python3`,
    stdin: () => request.stdin()[read++] ?? null,
    stdout: put(stdout),
    stderr: put(stderr),
    preRun: [
      (module) => {
        furnish(module, parts, request);
        hearMessages(module, told);
        flush = mountDisk(module.FS, disk, {
          home: HERE,
          listing: request.surroundings.listing,
          ask,
          exceeds: world.exceeds,
          isReady: () => isReady,
        }).flush;
      },
    ],
    instantiateWasm(imports, receive) {
      // Emscripten offers all that it has by each name of a module.
      const { instance, memory } = start(isolate(imports.env, () => memory, world));
      receive(instance);
      new Uint8Array(memory.buffer)[addressOf(instance, 'Py_EMSCRIPTEN_SIGNAL_HANDLING')] = 1;
      return instance.exports;
    },
  });
  let status: number;
  try {
    python.FS.chdir(cwd);
    status = python.callMain([...request.args]);
  } catch (error) {
    throw end(error);
  } finally {
    flush?.();
    // Emscripten sets it for the whole of Node.
    if (globalThis.process) globalThis.process.exitCode = exitCode;
  }
  if (fate.isOver) throw fate.reason;
  return {
    status,
    isWatched: isReady,
    isAlone,
    stdout: textOf(stdout.all()),
    stderr: textOf(stderr.all()),
  };
}

function furnish({ FS, ENV }: Emscripten, parts: Interpreter, { environment, surroundings }: PythonRequest): void {
  const { user } = surroundings;
  FS.mkdirTree(`${HERE}/lib/python3.13/lib-dynload`);
  FS.writeFile(`${HERE}/library.zip`, parts.library, { canOwn: true });
  FS.writeFile(`${HERE}/packages.zip`, parts.packages, { canOwn: true });
  // What Emscripten would put there itself.
  for (const name of ['USER', 'LOGNAME', 'PATH', 'PWD', 'HOME', 'LANG', '_']) ENV[name] = undefined;
  for (const [name, value] of environment) ENV[name in SETTINGS ? `LANEKEEPER_${name}` : name] = value;
  Object.assign(ENV, SETTINGS, {
    LANEKEEPER_SETTINGS: Object.keys(SETTINGS).join(' '),
    LANEKEEPER_SURROUNDINGS: [surroundings.system, user.number, user.name, surroundings.seed].join(' '),
  });
}

/** Python tells us something by asking for a path: the answer is always that there is none. */
function hearMessages(module: Emscripten, told: (module: Emscripten, message: string) => void): void {
  const { FS } = module;
  FS.mkdirTree(MESSAGES);
  FS.mkdirTree(CALLS);
  const ears = FS.createNode(null, '/', 0o040_755, 0);
  ears.node_ops = {
    getattr: () => {
      throw new FS.ErrnoError(ERROR.notFound);
    },
    lookup(_parent, name) {
      told(module, name);
      throw new FS.ErrnoError(ERROR.notFound);
    },
  };
  FS.mount({ mount: () => ears }, {}, MESSAGES);
}

function addressOf({ exports }: WebAssembly.Instance, name: string): number {
  return Number((exports[name] as WebAssembly.Global).value);
}
