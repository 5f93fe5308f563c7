/** A target's first three nights at the simulator, for the tests of what is stored; the same commits and issues every time. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { createScratchRepository } from '../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { parseTargets } from '../../src/config/targets.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { openTarget } from '../../src/open-target.ts';
import { decompressed } from '../../src/store/compressed.ts';
import { type KeyValue, kvStore } from '../../src/store/kv.ts';
import type { SqliteStorage } from '../../src/store/sqlite.ts';
import { governanceFiles } from '../audit/governed-repo.ts';

export const REPO = 'you/homelab';
const DAY = 86_400_000;
const FIRST_NIGHT = Date.parse('2026-02-18T04:17:00Z');
const NAMES = ['disks-have-owners', 'hosts-have-sites', 'services-have-ports'] as const;

/** Fails once for each line of a file of its own. */
function listGate(name: string): Gate {
  return {
    name,
    mirrors: [],
    why: 'It shows what is stored.',
    fix: 'Empty the file.',
    reads: [`lists/${name}`],
    *check({ repo }) {
      const lines = repo.text(`lists/${name}`).split('\n');
      for (const line of lines) if (line) yield { rule: 'is-listed', subject: line, message: `${line} is listed` };
    },
    rules: {},
    examples: { pass: [], fail: [] },
  };
}

const gates = NAMES.map(listGate);

const governance = governanceFiles({
  topology: `gate_assignments:\n${NAMES.map((_, index) => `  - { gate_id: D90${index}, primary_domain: infra }\n`).join('')}`,
  registry: `gates:\n${NAMES.map((name, index) => `  - { id: D90${index}, name: ${name}, category: infra-hygiene, severity: high, check_script: checks/${name}.sh }\n`).join('')}`,
});

export interface Nights {
  readonly simulator: GitHubSimulator;
  /** Audits the branch's head on that night, from 1; gives the names of issues and whether they are open. */
  audit(night: number): Promise<readonly string[]>;
  /** Night 2: a gate fails. Night 3: it recovers, and another one fails. */
  commit(night: 2 | 3): void;
  /** From here on the target remembers this instead. */
  remember(ledger: Ledger, kv: KeyValue): void;
  close(): Promise<void>;
}

/** Sets the stage before the first night, with an empty memory. */
export async function stageNights(ledger: Ledger, kv: KeyValue): Promise<Nights> {
  const scratch = createScratchRepository();
  const lists = { 'disks-have-owners': 'sda\n', 'hosts-have-sites': '', 'services-have-ports': '' };
  const files = Object.entries(lists).map(([name, text]) => [`lists/${name}`, text]);
  const scripts = NAMES.map((name) => [`checks/${name}.sh`, '#!/bin/sh\n']);
  scratch.commit(
    { ...governance, ...Object.fromEntries([...files, ...scripts]) },
    {
      executable: scripts.map(([path = '']) => path),
    },
  );
  let now = FIRST_NIGHT;
  const simulator = await startGitHubSimulator({
    repositories: [{ owner: 'you', name: 'homelab', gitDir: scratch.gitDir }],
    now: new Date(now),
  });
  const [target] = parseTargets(`targets: [{ repo: ${REPO}, inbox: on }]`);
  if (!target) throw new Error('no target');
  const settings = parseSettings({ GITHUB_API_URL: simulator.url, GITHUB_TOKEN: simulator.token });
  const blobs = { get: async () => new Map(), put: async () => {} };
  const coordinate = (memory: Ledger, store: KeyValue) =>
    new Coordinator({
      repo: REPO,
      ledger: memory,
      store: kvStore(store),
      gates,
      defaultRegistry: { gates: [], lanes: [] },
      engine: 'test',
      now: () => now,
      wakeAt: () => {},
      persist: async () => {},
      openTarget: () => openTarget(target, settings, blobs, () => now),
      log: () => {},
    });
  let coordinator = coordinate(ledger, kv);
  return {
    simulator,
    remember: (memory, store) => {
      coordinator = coordinate(memory, store);
    },
    commit: (night) =>
      void scratch.commit(
        night === 2
          ? { 'lists/hosts-have-sites': 'pve\n' }
          : { 'lists/services-have-ports': 'dns\n', 'lists/hosts-have-sites': '' },
      ),
    async audit(night) {
      const at = FIRST_NIGHT + (night - 1) * DAY;
      if (at > now) simulator.clock.advance(at - now);
      now = at;
      coordinator.request({ trigger: 'cron', at });
      await coordinator.run();
      return simulator.issues().map(({ title, state }) => `${state} ${title}`);
    },
    async close() {
      await simulator.close();
      scratch.remove();
    },
  };
}

/** A Durable Object's SQLite, in Node. */
export function sqliteStorage(): SqliteStorage {
  const database = new DatabaseSync(':memory:');
  // A Durable Object keeps what it has prepared, too.
  const statements = new Map<string, StatementSync>();
  const prepared = (query: string) => {
    const statement = statements.get(query) ?? database.prepare(query);
    statements.set(query, statement);
    return statement;
  };
  let depth = 0;
  return {
    sql: {
      exec: (query, ...bindings) => {
        const values = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
        const rows = prepared(query).all(...values);
        // A Durable Object gives blobs as buffers, Node as views of them.
        const asBuffer = (value: unknown) => (value instanceof Uint8Array ? new Uint8Array(value).buffer : value);
        const asRow = (row: object) =>
          Object.fromEntries(Object.entries(row).map(([key, value]) => [key, asBuffer(value)]));
        return { toArray: () => rows.map(asRow) };
      },
    },
    transactionSync(work) {
      const name = `level${depth}`;
      database.exec(`SAVEPOINT ${name}`);
      depth += 1;
      try {
        const result = work();
        database.exec(`RELEASE ${name}`);
        return result;
      } catch (error) {
        database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
        throw error;
      } finally {
        depth -= 1;
      }
    },
  };
}

/** What is in SQLite and KV, as a fixture holds it. */
export interface Stored {
  readonly ledger: readonly { readonly key: string; readonly part: number; readonly value: string }[];
  readonly kv: readonly { readonly key: string; readonly value: string; readonly metadata: unknown }[];
}

/** A value of KV as a text, whether it was compressed or not. */
export async function textAt(kv: KeyValue, key: string): Promise<string> {
  const value = await kv.get(key, 'arrayBuffer');
  return (value && (await decompressed(value))) ?? '';
}

/** Everything there is, to be kept as a fixture. */
export async function dump(storage: SqliteStorage, kv: KeyValue): Promise<Stored> {
  const rows = storage.sql.exec('SELECT key, part, value FROM ledger ORDER BY key, part').toArray();
  const ledger = rows.map(({ key, part, value }) => ({ key: String(key), part: Number(part), value: String(value) }));
  const { keys } = await kv.list({ prefix: '' });
  const entries = keys.map(async ({ name, metadata }) => ({ key: name, value: await textAt(kv, name), metadata }));
  return { ledger, kv: await Promise.all(entries) };
}

/** Puts a fixture back, before anything opens it. */
export async function restore(stored: Stored, storage: SqliteStorage, kv: KeyValue): Promise<void> {
  const { sql } = storage;
  sql.exec('CREATE TABLE ledger (key TEXT, part INTEGER, value TEXT, PRIMARY KEY (key, part))');
  for (const { key, part, value } of stored.ledger)
    sql.exec('INSERT INTO ledger (key, part, value) VALUES (?, ?, ?)', key, part, value);
  for (const { key, value, metadata } of stored.kv) await kv.put(key, new TextEncoder().encode(value), { metadata });
}
