/** One target at the GitHub simulator with the real coordinator, gates, adapters and SQLite: what each trigger asks, writes and costs. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestRecord } from '../../simulator/request-log.ts';
import { parseDefaultRegistry } from '../../src/audit/registry/defaults.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { parseTargets } from '../../src/config/targets.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { type Rows, rowsOf } from '../../src/coordinator/rows.ts';
import { DAY, HOUR, MINUTE } from '../../src/core/durations.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { gates } from '../../src/gates/index.ts';
import { openTarget } from '../../src/open-target.ts';
import { kvStore } from '../../src/store/kv.ts';
import { memoryKeyValue } from '../../src/store/memory.ts';
import { sqliteBlobCache, sqliteLedger } from '../../src/store/sqlite.ts';
import { sqliteStorage } from '../../test/coordinator/stored-nights.ts';
import { type GitHubSide, startGitHub, startGitHubProcess } from './github-process.ts';
import { sum } from './numbers.ts';

const REPO = 'you/homelab';
const MOST_ALARMS = 40;

export interface StandOptions {
  /** A bare repository; pushes are committed to it. */
  readonly gitDir: string;
  readonly branch?: string;
  /** Bare repositories of siblings, by name. */
  readonly siblings?: Readonly<Record<string, string>>;
  /** CI's checks that count as gates; they succeed at every commit. */
  readonly checks?: readonly string[];
  readonly inbox?: 'on' | 'dry-run';
  /** Whether the repo's own scripts are run for gates that nobody else judges. */
  readonly runsScripts?: boolean;
  /** The day before the first night. */
  readonly now: number;
  /** Whether GitHub runs in another process, so that `cpu` is ours alone. */
  readonly isApart?: boolean;
}

/** What one audit took. */
export interface Cost {
  readonly audit: StoredAudit;
  readonly requests: readonly RequestRecord[];
  /** Requests that change something at GitHub. */
  readonly writes: number;
  /** Of the answers' bodies as they were sent. */
  readonly bytes: number;
  /** Rows of SQLite that were changed, and alarms that were set. */
  readonly rowsWritten: number;
  readonly kvWrites: number;
  /** Of the values that were written to KV. */
  readonly kvBytes: number;
  /** What the target's SQLite holds afterwards. */
  readonly storedBytes: number;
  /** Of this process in ms, the simulator's share included unless it runs elsewhere. */
  readonly cpu: number;
}

export interface Stand {
  readonly github: GitHubSide;
  readonly rows: Rows;
  /** The cron, a day later. */
  night(): Promise<Cost>;
  /** An audit a minute later, which finds that nothing has changed. */
  again(): Promise<Cost>;
  /** Commits files and tells of it as a webhook does. */
  push(files: Readonly<Record<string, string>>): Promise<Cost>;
  close(): Promise<void>;
}

/** Sets one target up, before its first audit. */
export async function setUp(options: StandOptions): Promise<Stand> {
  const {
    gitDir,
    branch = 'main',
    siblings = {},
    checks = [],
    inbox = 'on',
    isApart = false,
    runsScripts = true,
  } = options;
  let { now } = options;
  const github = await (isApart ? startGitHubProcess : startGitHub)({
    repositories: [
      { owner: 'you', name: 'homelab', gitDir },
      ...Object.entries(siblings).map(([name, dir]) => ({ owner: 'you', name, gitDir: dir })),
    ],
    now: new Date(now).toISOString(),
  });
  const places = Object.keys(siblings).map((name) => `${name}: { repo: you/${name} }`);
  const [target] = parseTargets(
    `targets: [{ repo: ${REPO}, branch: ${branch}, inbox: ${inbox}, siblings: { ${places.join(', ')} }, checks: [${checks.join(', ')}] }]`,
  );
  if (!target) throw new Error('no target');
  const settings = parseSettings({ GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token });
  const storage = sqliteStorage();
  const blobs = sqliteBlobCache(storage, () => now);
  let alarmsSet = 0;
  const written: number[] = [];
  const keyValue = memoryKeyValue();
  const store = kvStore({
    ...keyValue,
    put(key, value, options) {
      written.push(value.length);
      return keyValue.put(key, value, options);
    },
  });
  const ask = (query: string) => Number(Object.values(storage.sql.exec(query).toArray()[0] ?? {})[0]);
  const rowsWritten = () => ask('SELECT total_changes()') + alarmsSet;
  const registry = await readFile(join(import.meta.dirname, '../../bindings/default-registry.yaml'), 'utf8');
  const ledger = sqliteLedger(storage);
  const succeed = async (sha: string) => {
    for (const name of checks) await github.succeed(sha, name);
  };
  await succeed(git(gitDir, ['rev-parse', `refs/heads/${branch}`]));
  const ports: ConstructorParameters<typeof Coordinator>[0] = {
    repo: REPO,
    ledger,
    store,
    gates,
    defaultRegistry: parseDefaultRegistry(registry),
    engine: 'bench',
    now: () => now,
    wakeAt: () => {
      alarmsSet += 1;
    },
    persist: async () => {},
    async openTarget() {
      const { scripts, ...open } = await openTarget(target, settings, blobs, () => now);
      return runsScripts && scripts ? { ...open, scripts } : open;
    },
    log: () => {},
  };

  let asked = 0;
  const run = async (request: Parameters<Coordinator['request']>[0]): Promise<Cost> => {
    // Each trigger finds the coordinator asleep, as a Durable Object is.
    const coordinator = new Coordinator(ports);
    const rowsBefore = rowsWritten();
    written.length = 0;
    const start = process.cpuUsage();
    coordinator.request(request);
    // The repo's scripts may take several alarms.
    for (let alarms = 0; alarms < MOST_ALARMS && ledger.get('pending') !== undefined; alarms++) await coordinator.run();
    const { user, system } = process.cpuUsage(start);
    const requests = await github.requests(asked);
    asked += requests.length;
    const audit = await store.latest(REPO);
    if (!audit) throw new Error('no audit was stored');
    const bytes = requests.reduce((sum, each) => sum + each.bytes, 0);
    return {
      audit,
      requests,
      writes: requests.filter(isWrite).length,
      bytes,
      rowsWritten: rowsWritten() - rowsBefore,
      kvWrites: written.length,
      kvBytes: sum(written),
      storedBytes: ask('PRAGMA page_count') * ask('PRAGMA page_size'),
      cpu: (user + system) / 1000,
    };
  };

  const wait = async (milliseconds: number) => {
    now += milliseconds;
    await github.advance(milliseconds);
  };
  return {
    github,
    rows: rowsOf(ledger),
    async night() {
      await wait(DAY);
      return run({ trigger: 'cron', at: now });
    },
    async again() {
      await wait(MINUTE);
      return run({ trigger: 'cron', at: now });
    },
    async push(files) {
      await wait(HOUR);
      const after = commit(gitDir, branch, files, now);
      await succeed(after);
      return run({ trigger: 'push', at: now, changedPaths: Object.keys(files), after });
    },
    close: () => github.close(),
  };
}

function isWrite({ method, operation, requestBody }: RequestRecord): boolean {
  if (operation === 'graphql') return JSON.stringify(requestBody ?? '').includes('mutation');
  return method !== 'GET';
}

/** Adds one commit to a branch of a bare repository; gives its sha. */
function commit(gitDir: string, branch: string, files: Readonly<Record<string, string>>, now: number): string {
  const content = Object.entries(files).map(
    ([path, text]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
  );
  const head = `commit refs/heads/${branch}\ncommitter Bench <bench@example.com> ${Math.floor(now / 1000)} +0000\n`;
  const stream = `${head}data 4\nedit\nfrom refs/heads/${branch}^0\n${content.join('')}`;
  git(gitDir, ['fast-import', '--quiet', '--force'], stream);
  return git(gitDir, ['rev-parse', `refs/heads/${branch}`]);
}

function git(gitDir: string, args: readonly string[], input = ''): string {
  return execFileSync('git', [`--git-dir=${gitDir}`, ...args], { input, encoding: 'utf8' }).trim();
}
