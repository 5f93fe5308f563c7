/** What an audit costs against the size of the repo and the number of findings, on snapshots in memory. */

import { redactReport } from '../../src/audit/redact-report.ts';
import { runAudit } from '../../src/audit/run.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { gates } from '../../src/gates/index.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

const ROUNDS = 3;

export interface Growth {
  readonly count: number;
  readonly cpuMs: number;
}

/** Milliseconds of CPU, the least of three tries. */
export async function cpuOf(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

async function rounded(work: () => unknown): Promise<number> {
  return Number((await cpuOf(work)).toFixed(1));
}

/** A file of so many lines, and a gate that finds each of them. */
export function manyFindings(count: number): { readonly target: Snapshot; readonly gate: Gate } {
  const files = { 'list.txt': Array.from({ length: count }, (_, index) => `item ${index}\n`).join('') };
  const gate: Gate = {
    name: 'lists-nothing',
    own: { lane: 'basics', number: 'X1', severity: 'low' },
    mirrors: [],
    why: '',
    fix: '',
    reads: ['list.txt'],
    rules: {},
    *check({ repo }) {
      for (const line of repo.lines('list.txt'))
        if (line.text !== '') yield { rule: 'r', subject: line.text, at: line, message: `\`${line.text}\` is listed.` };
    },
    examples: { pass: [], fail: [] },
  };
  return { target: memorySnapshot({ files }), gate };
}

/** An audit of our own lanes in a tree of so many files, a tenth of them YAML. */
export async function byFiles(counts: readonly number[]): Promise<readonly Growth[]> {
  const found: Growth[] = [];
  for (const count of counts) {
    const files: Record<string, string> = {};
    for (let index = 0; index < count; index++) {
      const kind = index % 10 === 0 ? 'yaml' : 'txt';
      files[`services/s${index % 97}/part-${index}.${kind}`] =
        kind === 'yaml' ? `id: ${index}\nport: ${index}\n` : 'text\n';
    }
    found.push({ count, cpuMs: await rounded(() => audit(memorySnapshot({ files }), gates, ['basics'])) });
  }
  return found;
}

/** An audit with one gate that finds so much, up to the report as it is stored. */
export async function byFindings(counts: readonly number[]): Promise<readonly Growth[]> {
  const found: Growth[] = [];
  for (const count of counts) {
    const { target, gate } = manyFindings(count);
    found.push({
      count,
      cpuMs: await rounded(async () => redactReport((await audit(target, [gate], ['basics'])).report)),
    });
  }
  return found;
}

function audit(target: Snapshot, all: readonly Gate[], lanes: readonly string[]) {
  const defaultRegistry = { gates: [], lanes: [] };
  return runAudit({ target, siblings: {}, now: Date.now(), gates: all, defaultRegistry, lanes, detailed: true });
}
