/** What an audit costs against the size of the repo, the number of findings and the number of gates, on snapshots in memory. */
import { redactReport } from '../../src/audit/redact-report.ts';
import { runAudit } from '../../src/audit/run.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { gates } from '../../src/gates/index.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles } from '../../test/audit/governed-repo.ts';
import { cpuOf } from './cpu.ts';
import { rounded } from './numbers.ts';

export interface Growth {
  readonly count: number;
  readonly cpuMs: number;
}

/** The power of the count with which the cost grows, between the smallest and the largest: 1 is in proportion, 2 is quadratic. */
export function exponentOf(growth: readonly Growth[]): number {
  const [least, most] = [growth[0], growth.at(-1)];
  if (!least || !most) throw new Error('nothing was measured');
  return Math.log(most.cpuMs / least.cpuMs) / Math.log(most.count / least.count);
}

/** An audit of our own lanes in a tree of so many files. */
export function byFiles(counts: readonly number[]): Promise<readonly Growth[]> {
  return measured(counts, (count) => {
    const target = memorySnapshot({ files: filesOf(count) });
    return () => audit(target, gates, ['basics']);
  });
}

/** So many files, a tenth of them YAML. */
export function filesOf(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let index = 0; index < count; index++) {
    const isYaml = index % 10 === 0;
    const path = `services/s${index % 97}/part-${index}.${isYaml ? 'yaml' : 'txt'}`;
    files[path] = isYaml ? `id: ${index}\nport: ${index}\n` : 'text\n';
  }
  return files;
}

/** An audit with one gate that finds so much, up to the report as it is stored. */
export function byFindings(counts: readonly number[]): Promise<readonly Growth[]> {
  return measured(counts, (count) => {
    const { target, gate } = manyFindings(count);
    return async () => redactReport((await audit(target, [gate], ['basics'])).report);
  });
}

/** An audit with so many gates in lanes that share them, each with a file of its own. */
export function byGates(counts: readonly number[]): Promise<readonly Growth[]> {
  return measured(counts, (count) => {
    const { target, gates: many } = manyGates(count);
    return () => audit(target, many);
  });
}

async function measured(
  counts: readonly number[],
  prepare: (count: number) => () => Promise<unknown>,
): Promise<readonly Growth[]> {
  const found: Growth[] = [];
  for (const count of counts) {
    const work = prepare(count);
    // The smallest is over before the code is warm.
    if (found.length === 0) await work();
    found.push({ count, cpuMs: rounded(await cpuOf(work)) });
  }
  return found;
}

/** A file of so many lines, and a gate that finds each of them. */
export function manyFindings(count: number): { readonly target: Snapshot; readonly gate: Gate } {
  const files = { 'list.txt': Array.from({ length: count }, (_, index) => `item ${index}\n`).join('') };
  const gate: Gate = {
    ...madeGate('lists-nothing', 'list.txt'),
    own: { lane: 'basics', number: 'X1', severity: 'low' },
    *check({ repo }) {
      for (const line of repo.lines('list.txt'))
        if (line.text !== '') yield { rule: 'r', subject: line.text, at: line, message: `\`${line.text}\` is listed.` };
    },
  };
  return { target: memorySnapshot({ files }), gate };
}

/** A repo that registers so many gates: every one has a lane of its own, and all are in one. */
export function manyGates(count: number): { readonly target: Snapshot; readonly gates: readonly Gate[] } {
  const made = Array.from({ length: count }, (_, index): Gate => {
    const path = `facts/${index}.yaml`;
    return {
      ...madeGate(`gate-${index}`, path),
      *check({ repo }) {
        if (repo.yaml(path).get('holds').raw !== 'true')
          yield { rule: 'r', subject: path, message: `${path} does not hold.` };
      },
    };
  });
  const assigned = made.map(
    (_, index) => `{ gate_id: D${index}, primary_domain: d${index}, secondary_domains: [all] }`,
  );
  const registered = made.map(({ name }, index) => `{ id: D${index}, name: ${name}, check_script: check.sh }`);
  const files: Record<string, string> = {
    ...governanceFiles({
      topology: `gate_assignments: [${assigned}]\n`,
      registry: `gates: [${registered}]\n`,
    }),
    'check.sh': '',
  };
  for (let index = 0; index < count; index++) files[`facts/${index}.yaml`] = 'holds: true\n';
  return { target: memorySnapshot({ files, modes: { 'check.sh': '100755' } }), gates: made };
}

function madeGate(name: string, path: string): Omit<Gate, 'own'> {
  return {
    name,
    mirrors: [],
    why: '',
    fix: '',
    reads: [path],
    rules: {},
    *check() {},
    examples: { pass: [], fail: [] },
  };
}

function audit(target: Snapshot, all: readonly Gate[], lanes?: readonly string[]) {
  const defaultRegistry = { gates: [], lanes: [] };
  const request = { target, siblings: {}, now: 0, gates: all, defaultRegistry, detailed: true };
  return runAudit(lanes ? { ...request, lanes } : request);
}
