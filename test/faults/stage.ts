/** A target with toy gates at the simulator: audits, people, clocks and sudden death. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FaultRequest } from '../../simulator/faults.ts';
import type { Human } from '../../simulator/humans.ts';
import { createScratchRepository, type ScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, type IssueView, startGitHubSimulator } from '../../simulator/server.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { parseTargets } from '../../src/config/targets.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { inboxState } from '../../src/coordinator/inbox-state.ts';
import { rowsOf } from '../../src/coordinator/rows.ts';
import { memoryBlobCache } from '../../src/core/blob-cache.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { AuditStore, StoredAudit } from '../../src/core/store.ts';
import type { InboxState } from '../../src/inbox/state.ts';
import { openTarget } from '../../src/open-target.ts';
import { type KeyValue, kvStore } from '../../src/store/kv.ts';
import { memoryKeyValue } from '../../src/store/memory.ts';
import { sqliteLedger } from '../../src/store/sqlite.ts';
import { governanceFiles } from '../audit/governed-repo.ts';
import { sqliteStorage } from '../coordinator/stored-nights.ts';

export const REPO = 'you/homelab';
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
const START = Date.parse('2026-02-18T04:17:00Z');

/** One coordinator's life. When it is over, nothing it awaits ever comes and nothing it does has an effect. */
interface Life {
  isOver: boolean;
  end(): void;
}

/** Thrown where a dead coordinator touches its ledger: nobody is there to catch it. */
class Killed extends Error {}

const lives = new AsyncLocalStorage<Life>();
const realFetch = globalThis.fetch;
const realSetTimeout = globalThis.setTimeout;

/** A dead life's requests go nowhere, and nobody waits for the pauses between tries. */
globalThis.fetch = (...args) => (lives.getStore()?.isOver ? new Promise(() => {}) : realFetch(...args));
globalThis.setTimeout = ((work: () => void, delay?: number, ...rest: unknown[]) =>
  realSetTimeout(work, delay === 300 || delay === 1200 ? 0 : delay, ...rest)) as typeof setTimeout;

/** What a limit on time or memory does to the isolate: nothing after it has an effect. */
function endLife(): never {
  lives.getStore()?.end();
  throw new Error('the isolate is gone');
}

/** Fails once for each line of a file of its own. `blind` makes it blind, `crash` crashes it, `bomb` ends the life it is judged in, `!subject=message` says what it likes. */
function listGate(name: string): Gate {
  return {
    name,
    mirrors: [],
    why: 'It shows what a gate can do.',
    fix: 'Empty the file.',
    rules: {},
    reads: [`lists/${name}`],
    *check({ repo }) {
      const file = `lists/${name}`;
      for (const line of repo.isFile(file) ? repo.lines(file) : []) {
        if (line.text === 'blind') yield { blind: 'it cannot see' };
        else if (line.text === 'crash') throw new Error('it crashed');
        else if (line.text === 'bomb') endLife();
        else if (line.text.startsWith('!')) {
          const [subject = '', message = ''] = line.text.slice(1).split('=', 2);
          yield { rule: 'is-listed', subject, at: line, message };
        } else if (line.text !== '')
          yield { rule: 'is-listed', subject: line.text, at: line, message: `${line.text} is listed` };
      }
    },
    examples: { pass: [], fail: [] },
  };
}

/** The request that asks where the branches stand. */
export function isLook({ operation, body }: FaultRequest): boolean {
  return operation === 'graphql' && JSON.stringify(body).includes('query Look');
}

export interface GateRow {
  readonly name: string;
  readonly severity?: string;
  readonly retired?: boolean;
}

/** The governance files that register these gates in one lane, with scripts that would run. */
export function registry(rows: readonly GateRow[]): Record<string, string> {
  const gate = ({ name, severity = 'medium', retired = false }: GateRow, index: number) =>
    `  - { id: D${900 + index}, name: ${name}, category: infra-hygiene, severity: ${severity}, retired: ${retired}, check_script: checks/gate.sh }\n`;
  const assignment = (_: GateRow, index: number) => `  - { gate_id: D${900 + index}, primary_domain: infra }\n`;
  return governanceFiles({
    topology: rows.length === 0 ? 'gate_assignments: []\n' : `gate_assignments:\n${rows.map(assignment).join('')}`,
    registry: rows.length === 0 ? 'gates: []\n' : `gates:\n${rows.map(gate).join('')}`,
  });
}

export const TOY_GATES: readonly GateRow[] = [
  ...['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel'],
  ...['india', 'juliett', 'kilo', 'lima'],
].map((name) => ({ name }));

export interface StageOptions {
  readonly rows?: readonly GateRow[];
  /** Lines by gate name, on day one. */
  readonly lists?: Readonly<Record<string, string>>;
  readonly inbox?: 'on' | 'dry-run';
  /** Whether scripts that nobody has certified count. */
  readonly trustScripts?: boolean;
  readonly formerAuthors?: readonly string[];
  /** More repositories at GitHub, in each of which `charlie` fails. */
  readonly others?: readonly string[];
}

export interface Stage {
  readonly simulator: GitHubSimulator;
  readonly scratch: ScratchRepository;
  /** The sibling. */
  readonly workbench: ScratchRepository;
  readonly kv: KeyValue;
  readonly store: AuditStore;
  readonly logs: string[];
  readonly human: Human;
  /** Events so far: answered requests, KV writes, commits of the ledger. */
  readonly events: readonly string[];
  now(): number;
  advance(milliseconds: number): void;
  /** Sets lists of gates; `null` removes one. Gives the head. */
  lists(lists: Readonly<Record<string, string | null>>): string;
  commit(files: Readonly<Record<string, string | null>>): string;
  /** Pokes and runs until nothing is left to do, waking when the coordinator asked for it. Gives the last stored audit. */
  audit(options?: { force?: boolean; wakes?: number }): Promise<StoredAudit>;
  /** Runs what is pending without a new request. */
  drain(wakes?: number): Promise<void>;
  /** Ends the present life right after that many more events; undefined: never. */
  killAfter(events: number | undefined): void;
  wasKilled(): boolean;
  /** A new life on the same storage, when the dead one's lease is over. */
  revive(): void;
  /** Loses everything that was stored. */
  forget(): void;
  accept: Coordinator['accept'];
  request: Coordinator['request'];
  receiveWebhook: Coordinator['receiveWebhook'];
  /** When the coordinator asked to be woken. */
  wake(): number | null;
  state(): InboxState;
  ledger(): Ledger;
  issues(): readonly IssueView[];
  issue(about: string): IssueView | undefined;
  writes(): number;
  close(): Promise<void>;
}

/** Starts with a first commit, before the first audit. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const { rows = TOY_GATES, lists = {}, inbox = 'on', formerAuthors = [], others = [], trustScripts = false } = options;
  const scratch = createScratchRepository();
  const files = Object.entries(lists).map(([name, text]) => [`lists/${name}`, text]);
  scratch.commit(
    { ...registry(rows), 'checks/gate.sh': '#!/bin/sh\n', ...Object.fromEntries(files) },
    { executable: ['checks/gate.sh'] },
  );
  const workbench = createScratchRepository();
  workbench.commit({ 'README.md': 'The workbench.\n' });
  const strangers = others.map((name) => {
    const repository = createScratchRepository();
    const content = { ...registry(rows), 'checks/gate.sh': '#!/bin/sh\n', 'lists/charlie': `${name}\n` };
    repository.commit(content, { executable: ['checks/gate.sh'] });
    return { name, repository };
  });
  let now = START;
  const simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'you', name: 'homelab', gitDir: scratch.gitDir },
      { owner: 'you', name: 'workbench', gitDir: workbench.gitDir },
      ...strangers.map(({ name, repository }) => ({ owner: 'you', name, gitDir: repository.gitDir })),
    ],
    now: new Date(now),
  });
  const siblings = '{ workbench: { repo: you/workbench } }';
  const authors = `[${formerAuthors.join(', ')}]`;
  const text = `targets: [{ repo: ${REPO}, inbox: ${inbox}, siblings: ${siblings}, formerAuthors: ${authors}, trust_scripts: ${trustScripts} }]`;
  const [target] = parseTargets(text);
  if (!target) throw new Error('no target');
  const settings = parseSettings({ GITHUB_API_URL: simulator.url, GITHUB_TOKEN: simulator.token });
  const events: string[] = [];
  const logs: string[] = [];
  let left: number | undefined;
  let life: Life;
  let onDeath = () => {};
  const newLife = (): Life => ({
    isOver: false,
    end() {
      this.isOver = true;
      onDeath();
    },
  });
  life = newLife();
  const happened = (event: string) => {
    if (life.isOver) return;
    events.push(event);
    if (left === undefined) return;
    left -= 1;
    if (left > 0) return;
    left = undefined;
    life.end();
  };
  simulator.faults.add({
    times: Number.POSITIVE_INFINITY,
    kind: 'kill-after-call',
    // Strikes only the request after which life ends; it counts the others.
    match: ({ method, operation }) => {
      const isLast = left === 1;
      if (!isLast) happened(`${method} ${operation}`);
      return isLast;
    },
    onCall: ({ method, operation }) => happened(`${method} ${operation}`),
  });
  let memory = sqliteLedger(sqliteStorage());
  let rowsOfKv = memoryKeyValue();
  let blobs = memoryBlobCache();
  let wake: number | null = null;
  const coordinate = () => {
    const mine = life;
    const ensure = () => {
      if (mine.isOver) throw new Killed();
    };
    let depth = 0;
    const committed = (what: string) => {
      if (depth > 0) return;
      happened(what);
      ensure();
    };
    const ledger: Ledger = {
      get(key) {
        ensure();
        return memory.get(key);
      },
      put(key, value) {
        ensure();
        memory.put(key, value);
        committed(`put ${key}`);
      },
      delete(key) {
        ensure();
        memory.delete(key);
        committed(`delete ${key}`);
      },
      keys(prefix) {
        ensure();
        return memory.keys(prefix);
      },
      transaction(work) {
        ensure();
        depth += 1;
        let result: ReturnType<typeof work>;
        try {
          result = memory.transaction(work);
        } finally {
          depth -= 1;
        }
        committed('transaction');
        return result;
      },
    };
    const kv: KeyValue = {
      ...rowsOfKv,
      async put(key, value, more) {
        ensure();
        await rowsOfKv.put(key, value, more);
        happened(`KV ${key}`);
        ensure();
      },
    };
    return new Coordinator({
      repo: REPO,
      ledger,
      store: kvStore(kv),
      gates: rows.map(({ name }) => listGate(name)),
      defaultRegistry: { gates: [], lanes: [] },
      engine: 'test',
      now: () => now,
      wakeAt: (instant) => {
        ensure();
        wake = instant;
      },
      persist: async () => {},
      openTarget: () => openTarget(target, settings, blobs, () => now),
      log: (message, details) => logs.push(JSON.stringify({ message, ...details })),
    });
  };
  let coordinator = coordinate();

  const run = async () => {
    const mine = life;
    const death = new Promise<void>((resolve) => {
      onDeath = resolve;
    });
    const work = lives
      .run(mine, () => coordinator.run())
      .catch((error: unknown) => {
        if (!mine.isOver) throw error;
      });
    await Promise.race([work, death]);
  };

  const stage: Stage = {
    simulator,
    scratch,
    workbench,
    get kv() {
      return rowsOfKv;
    },
    get store() {
      return kvStore(rowsOfKv);
    },
    logs,
    human: simulator.actAs('ronny'),
    events,
    now: () => now,
    advance(milliseconds) {
      now += milliseconds;
      simulator.clock.advance(milliseconds);
    },
    lists: (changed) =>
      scratch.commit(Object.fromEntries(Object.entries(changed).map(([name, list]) => [`lists/${name}`, list]))),
    commit: (changed) => scratch.commit(changed),
    async audit({ force = false, wakes = 12 } = {}) {
      try {
        coordinator.request({ trigger: 'cron', at: now, ...(force ? { force } : {}) });
        await stage.drain(wakes);
      } catch (error) {
        if (!life.isOver) throw error;
      }
      const audit = await stage.store.latest(REPO);
      if (!audit && !life.isOver) throw new Error(`no audit was stored:\n${logs.join('\n')}`);
      return audit as StoredAudit;
    },
    async drain(wakes = 12) {
      for (let times = 0; times <= wakes && !life.isOver; times++) {
        await run();
        if (life.isOver || memory.get('pending') === undefined) return;
        if (times < wakes && wake !== null && wake > now) stage.advance(wake - now);
      }
    },
    killAfter(count) {
      left = count;
    },
    wasKilled: () => life.isOver,
    revive() {
      life = newLife();
      left = undefined;
      stage.advance(6 * MINUTE);
      coordinator = coordinate();
    },
    forget() {
      memory = sqliteLedger(sqliteStorage());
      rowsOfKv = memoryKeyValue();
      blobs = memoryBlobCache();
      coordinator = coordinate();
    },
    accept: (acceptance) => coordinator.accept(acceptance),
    request: (request, delay) => coordinator.request(request, delay),
    receiveWebhook: (...delivery) => coordinator.receiveWebhook(...delivery),
    wake: () => wake,
    state: () => inboxState(rowsOf(memory)),
    ledger: () => memory,
    issues: () => simulator.issues(),
    issue: (name) => simulator.issues().findLast(({ title }) => title.includes(` ${name} `)),
    writes: () =>
      simulator.requests.filter(({ method, operation }) => method !== 'GET' && operation !== 'graphql').length +
      simulator.requests.filter(({ requestBody }) => JSON.stringify(requestBody ?? '').includes('mutation')).length,
    async close() {
      simulator.faults.clear();
      await simulator.close();
      scratch.remove();
      workbench.remove();
      for (const { repository } of strangers) repository.remove();
    },
  };
  return stage;
}
