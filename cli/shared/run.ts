import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface RunOptions {
  /** Written to its standard input, which is closed then. */
  readonly input?: string;
  /** Shows what it prints while it runs. */
  readonly show?: boolean;
}

export interface RunResult {
  readonly code: number;
  /** What it printed, errors included. */
  readonly output: string;
}

/** Runs a command to its end. */
export type Run = (command: readonly string[], options?: RunOptions) => Promise<RunResult>;

export const PROJECT = join(import.meta.dirname, '../..');

/** Runs commands in `directory`. */
export function runIn(directory: string): Run {
  return ([name = '', ...args], { input, show = false } = {}) => {
    const script = scriptOf(name);
    const [program, all] = script === undefined ? [name, args] : [process.execPath, [script, ...args]];
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
    return new Promise((resolve, reject) => {
      const child = spawn(program, all, { cwd: directory, env, stdio: ['pipe', 'pipe', 'pipe'] });
      let output = '';
      const collect = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
        output += chunk.toString();
        if (show) stream.write(chunk);
      };
      child.stdout.on('data', collect(process.stdout));
      child.stderr.on('data', collect(process.stderr));
      child.on('error', reject);
      child.stdin.on('error', () => {});
      child.on('close', (code) => resolve({ code: code ?? 1, output }));
      child.stdin.end(input ?? '');
    });
  };
}

/** What Node runs by itself: the wrangler of this project, and the npm that runs this script. */
function scriptOf(name: string): string | undefined {
  if (name === 'wrangler') return join(PROJECT, 'node_modules/wrangler/bin/wrangler.js');
  return name === 'npm' ? process.env.npm_execpath : undefined;
}
