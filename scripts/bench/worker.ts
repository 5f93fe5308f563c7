/** The Worker that the bench measures: a copy of the code, so that an edit meanwhile does not start it anew. */
import { join } from 'node:path';
import {
  askWorker,
  copyWorker,
  startWorker,
  type WorkerOptions,
  type WorkerProcess,
} from '../../cli/demo/worker-process.ts';

const TOKEN = 'bench-token-for-this-machine-only';

interface BenchOptions extends Omit<WorkerOptions, 'project'> {
  /** Changes the copy of the code before it is started. */
  readonly change?: (project: string) => Promise<void>;
}

/** Starts it in workerd, with its code and state in `scratch`, to audit `targets` at a GitHub of this machine. */
export async function startBenchWorker(
  scratch: string,
  github: { readonly url: string; readonly token: string },
  targets: readonly object[],
  { change, ...options }: BenchOptions = {},
): Promise<WorkerProcess> {
  const project = join(scratch, 'worker');
  await copyWorker(project);
  await change?.(project);
  const variables = (url: string) => ({
    GITHUB_API_URL: github.url,
    GITHUB_TOKEN: github.token,
    DASHBOARD_URL: url,
    DASHBOARD_TOKEN: TOKEN,
    TARGETS: JSON.stringify({ targets }),
  });
  return startWorker(join(scratch, 'state'), variables, { ...options, project });
}

/** What its API answers at an address. */
export async function askBenchWorker(url: string): Promise<unknown> {
  return (await askWorker(url, { authorization: `Bearer ${TOKEN}` })).json();
}
