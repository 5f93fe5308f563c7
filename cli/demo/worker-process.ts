import { spawn } from 'node:child_process';
import { cp, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROJECT = join(import.meta.dirname, '../..');

/** The real Worker in workerd, on this machine. */
export interface WorkerProcess {
  /** Where it answers. */
  readonly url: string;
  /** Of the process that workerd runs below. */
  readonly pid: number;
  close(): Promise<void>;
}

export interface WorkerOptions {
  /** Where the Worker's code is; this project by default. */
  readonly project?: string;
  /** Where the inspector listens; by default nobody looks for it. */
  readonly inspectorPort?: number;
  /** The module that is run, instead of the `main` of `wrangler.toml`. */
  readonly main?: string;
  /** Megabytes of heap at which V8 gives up, and workerd ends. */
  readonly heapLimit?: number;
}

/**
 * Starts `wrangler dev` with its state in a folder. `variables` is told where the Worker will answer; they replace those of `wrangler.toml`.
 * It begins anew whenever somebody edits the Worker's code in `project`, which ends all that it was doing.
 */
export async function startWorker(
  state: string,
  variables: (url: string) => Readonly<Record<string, string>>,
  { project = PROJECT, inspectorPort = 0, main, heapLimit }: WorkerOptions = {},
): Promise<WorkerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const worker = spawnWorker({ project, port, inspectorPort, state, main, heapLimit, variables: variables(url) });
  await Promise.race([worker.ended, untilAnswering(`${url}/healthz`)]);
  return {
    url,
    pid: worker.pid,
    async close() {
      worker.stop();
      await worker.ended.catch(() => {});
    },
  };
}

/** Fires the cron with the night's time. */
export async function fireCron(url: string, time: number): Promise<void> {
  await askWorker(`${url}/cdn-cgi/handler/scheduled?cron=17+4+*+*+*&time=${time}`);
}

/** Asks the Worker; a connection that it closed in the same moment is opened anew. */
export async function askWorker(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(url, { headers });
    } catch (error) {
      if (attempt === 5) throw error;
      await sleep(100 * attempt);
    }
  }
}

/** Copies what the Worker is made of, so that a long run is of one version whoever works on the code meanwhile. */
export async function copyWorker(folder: string): Promise<void> {
  for (const part of ['src', 'bindings', 'package.json', 'tsconfig.json', 'wrangler.toml'])
    await cp(join(PROJECT, part), join(folder, part), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
}

interface Spawned {
  readonly project: string;
  readonly port: number;
  readonly inspectorPort: number;
  readonly state: string;
  readonly main: string | undefined;
  readonly heapLimit: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

function spawnWorker({ project, port, inspectorPort, state, main, heapLimit, variables }: Spawned) {
  const wrangler = join(PROJECT, 'node_modules/wrangler/bin/wrangler.js');
  const settings = Object.entries(variables).flatMap(([key, value]) => ['--var', `${key}:${value}`]);
  const ports = ['--port', `${port}`, '--inspector-port', `${inspectorPort}`];
  const environment = {
    ...process.env,
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    NO_COLOR: '1',
    ...(heapLimit === undefined ? {} : { MINIFLARE_WORKERD_V8_FLAGS: `--max-heap-size=${heapLimit}` }),
  };
  const told = ['--ip', '127.0.0.1', '--persist-to', state, '--log-level', 'error'];
  const child = spawn(
    process.execPath,
    [wrangler, 'dev', ...(main === undefined ? [] : [main]), ...ports, ...told, ...settings],
    {
      cwd: project,
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the Worker ended (${code})`)));
  });
  ended.catch(() => {});
  return { ended, pid: child.pid ?? 0, stop: () => child.kill('SIGTERM') };
}

/** A port of this machine at which nobody listens. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 8787));
    });
  });
}

async function untilAnswering(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) return;
    await sleep(150);
  }
}
