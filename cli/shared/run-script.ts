import { spawn } from 'node:child_process';

/** More output than this is not kept: what comes first is what a gate says, the rest is mostly a tool gone wild. */
const MAX_KEPT = 1_000_000;

export interface ScriptRun {
  /** Exit status; null where it was stopped or could not start. */
  readonly status: number | null;
  /** Why there is no status. */
  readonly problem: string | null;
  readonly output: string;
}

/** Runs one script of a checkout to its end, or stops it and all it started after `timeout` ms. */
export function runScript(
  script: string,
  { directory, timeout }: { readonly directory: string; readonly timeout: number },
): Promise<ScriptRun> {
  const environment = { ...process.env, SPINE_ROOT: directory, SPINE_REPO: directory, SPINE_CODE: directory };
  return new Promise((resolve) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn('bash', [script], {
      cwd: directory,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    let problem: string | null = null;
    const collect = (chunk: Buffer) => {
      if (output.length < MAX_KEPT) output += chunk.toString('utf8').slice(0, MAX_KEPT - output.length);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(() => {
      problem = `it did not end within ${timeout / 1000} seconds`;
      stop(child.pid);
    }, timeout);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ status: null, problem: `it could not start: ${error.message}`, output });
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (status === null && problem === null) problem = `it was ended by ${signal}`;
      resolve({ status: problem === null ? status : null, problem, output });
    });
  });
}

function stop(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the same moment.
  }
}
