/** The GitHub simulator in a process of its own, so that its CPU time is not counted as ours. Started by `startGitHubProcess`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { RequestRecord } from '../../simulator/request-log.ts';
import { type GitHubSimulatorOptions, startGitHubSimulator } from '../../simulator/server.ts';

/** What the bench needs of GitHub. */
export interface GitHubSide {
  readonly url: string;
  readonly token: string;
  /** Requests from that number on, counted from 0. */
  requests(from: number): Promise<readonly RequestRecord[]>;
  advance(milliseconds: number): Promise<void>;
  /** A check of CI succeeds at a commit. */
  succeed(sha: string, check: string): Promise<void>;
  violations(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

type Options = Pick<GitHubSimulatorOptions, 'repositories' | 'now'>;

/** The simulator in this process. */
export async function startGitHub(options: Options): Promise<GitHubSide> {
  const simulator = await startGitHubSimulator(options);
  return {
    url: simulator.url,
    token: simulator.token,
    requests: async (from) => simulator.requests.slice(from),
    advance: async (milliseconds) => simulator.clock.advance(milliseconds),
    succeed: async (sha, name) => simulator.reportCheckRun({ sha, name, conclusion: 'success' }),
    violations: async () => simulator.violations,
    close: () => simulator.close(),
  };
}

type Call = readonly [name: 'requests' | 'advance' | 'succeed' | 'violations' | 'close', ...given: unknown[]];

/** The same in another process. */
export async function startGitHubProcess(options: Options): Promise<GitHubSide> {
  const child = fork(import.meta.filename, [JSON.stringify(options)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const answer = async () => (await once(child, 'message'))[0];
  const { url, token } = await answer();
  const call = async (...message: Call) => {
    child.send(message);
    return answer();
  };
  return {
    url,
    token,
    requests: (from) => call('requests', from),
    advance: async (milliseconds) => void (await call('advance', milliseconds)),
    succeed: async (sha, check) => void (await call('succeed', sha, check)),
    violations: () => call('violations'),
    async close() {
      await call('close');
      child.disconnect();
    },
  };
}

if (process.send && process.argv[1] === import.meta.filename) {
  const github = await startGitHub(JSON.parse(process.argv[2] ?? '{}'));
  process.on('message', async ([name, ...given]: Call) => {
    const work = github[name] as (...given: unknown[]) => Promise<unknown>;
    process.send?.((await work(...given)) ?? null);
  });
  process.send({ url: github.url, token: github.token });
}
