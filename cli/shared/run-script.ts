import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

/** Characters of output that are kept, half of them from its beginning and half from its end: a tool gone wild prints more. */
const MOST_KEPT = 1_000_000;
/** Milliseconds that a process left behind may hold the output open after the script has ended. */
const PATIENCE = 2000;
/** What leads git elsewhere, and what our own posting is authenticated by: neither is any script's business. */
const WITHHELD = [
  ...['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR', 'GIT_PREFIX'],
  ...['LANEKEEPER_KEY', 'LANEKEEPER_KEY_FILE', 'RESULTS_SECRET'],
  ...['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
];

export interface ScriptRun {
  /** Exit status; null where it was stopped or could not start. */
  readonly status: number | null;
  /** Why there is no status. */
  readonly problem: string | null;
  readonly output: string;
}

export interface RunOptions {
  readonly directory: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Stops it early. */
  readonly signal?: AbortSignal;
}

/** Runs one script of a checkout to its end, or stops it and all it started after `timeout` ms. */
export function runScript(script: string, options: RunOptions): Promise<ScriptRun> {
  return runCommand(['bash', script], options);
}

/** Runs a program to its end, or stops it and all it started after `timeout` ms. */
export function runCommand(
  [program = 'false', ...args]: readonly string[],
  { directory, timeout, environment, signal }: RunOptions,
): Promise<ScriptRun> {
  return new Promise((resolve) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...environmentIn(directory), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const output = keepEnds(MOST_KEPT);
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream.on('data', (chunk: Buffer) => output.add(decoder.write(chunk)));
    }
    let problem: string | null = null;
    const stopBecause = (why: string) => {
      problem ??= why;
      killGroup(child.pid);
    };
    const onAbort = () => stopBecause('it was stopped with the run');
    const timer = setTimeout(() => stopBecause(`it did not end within ${timeout / 1000} seconds`), timeout);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort);
    const end = (run: Omit<ScriptRun, 'output'>) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve({ ...run, output: output.text() });
    };
    child.on('error', (error) => end({ status: null, problem: `it could not start: ${error.message}` }));
    child.on('exit', () => {
      clearTimeout(timer);
      setTimeout(() => {
        killGroup(child.pid);
        child.stdout.destroy();
        child.stderr.destroy();
      }, PATIENCE).unref();
    });
    child.on('close', (status, ended) => {
      if (status === null) problem ??= `it was ended by ${ended}`;
      end({ status: problem === null ? status : null, problem });
    });
  });
}

function environmentIn(directory: string): NodeJS.ProcessEnv {
  const given = { ...process.env, SPINE_ROOT: directory, SPINE_REPO: directory, SPINE_CODE: directory };
  return Object.fromEntries(Object.entries(given).filter(([name]) => !WITHHELD.includes(name)));
}

/** Collects a text, and forgets its middle where it is longer than `most`. */
function keepEnds(most: number): { add(piece: string): void; text(): string } {
  let head = '';
  let tail = '';
  let left = 0;
  return {
    add(piece) {
      const room = most / 2 - head.length;
      head += piece.slice(0, Math.max(room, 0));
      tail += piece.slice(Math.max(room, 0));
      if (tail.length <= most) return;
      left += tail.length - most / 2;
      tail = tail.slice(-most / 2);
    },
    text() {
      if (left === 0) return `${head}${tail}`;
      const [begin, end] = [wholeLines(head, 'first'), wholeLines(tail, 'last')];
      left += head.length - begin.length + tail.length - end.length;
      return `${begin}\n… ${left} characters are left out …\n${end}`;
    },
  };
}

/** The lines of a text but for the one where it was cut: half a line looks like another finding. A line longer than half of it stays. */
function wholeLines(text: string, kept: 'first' | 'last'): string {
  const half = text.length / 2;
  const end = text.lastIndexOf('\n');
  if (kept === 'first') return end > half ? text.slice(0, end) : text;
  const start = text.indexOf('\n');
  return start !== -1 && start < half ? text.slice(start + 1) : text;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the same moment.
  }
}
