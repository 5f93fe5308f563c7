/** Gates say which files they read, so that all of them are fetched at once. What else they read they have learned from files or from folders. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import { exampleWorld } from '../../scripts/example-world.ts';
import { evaluateGates } from '../../src/audit/evaluate.ts';
import { SnapshotReader } from '../../src/audit/read/reader.ts';
import type { World } from '../../src/audit/world.ts';
import type { Gate } from '../../src/core/gate.ts';
import { parseQuestion, type Trace } from '../../src/core/trace.ts';
import { gates } from '../../src/gates/index.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';

const byName = new Map(gates.map((gate) => [gate.name, gate]));
const NOW = new Date('2026-02-18T01:00:00Z');

const folder = await mkdtemp(join(tmpdir(), 'lanekeeper-reads-'));
afterAll(() => rm(folder, { recursive: true }));
const { gitDir } = await buildSampleOpsRepo(folder, { now: NOW });
const sample = await directorySnapshot(gitDir, 'HEAD');

function sampleWorld(): World {
  return { target: new SnapshotReader('target', sample), siblings: new Map(), now: NOW.getTime(), gates: byName };
}

/** Files of the target that a gate reads although it neither names them nor has learned of them. */
async function unnamed(gate: Gate, { target: { snapshot }, ...world }: World): Promise<readonly string[]> {
  const texts = new Map<string, string>();
  const target = new SnapshotReader('target', {
    ...snapshot,
    async read(paths) {
      const contents = await snapshot.read(paths);
      for (const [path, content] of contents)
        texts.set(path, 'bytes' in content ? new TextDecoder().decode(content.bytes) : '');
      return contents;
    },
  });
  const named = new Set(new SnapshotReader('target', snapshot).prefetch(gate.reads));
  const [evaluation] = await evaluateGates({ ...world, target }, [gate]);
  if (!evaluation) throw new Error(`no evaluation of ${gate.name}`);
  const isToldOf = (path: string) =>
    [...texts].some(([other, text]) => other !== path && text.includes(basename(path))) ||
    isListed(path, target, evaluation.trace);
  return [...texts.keys()].filter((path) => !named.has(path) && !isToldOf(path));
}

/** Whether the gate asked for a list that holds the path. */
function isListed(path: string, { tree }: SnapshotReader, { facts }: Trace): boolean {
  return [...facts.keys()].some((text) => {
    const { kind, repo, subject } = parseQuestion(text) ?? {};
    if (repo !== 'target' || subject === undefined) return false;
    if (kind === 'names') return dirname(path) === subject;
    if (kind !== 'glob' && kind !== 'files') return false;
    const list = tree[kind](subject);
    return !('beyond' in list) && list.includes(path);
  });
}

describe('names every file that it reads', () => {
  test.each(gates.map((gate) => [gate.name, gate] as const))('%s', async (_, gate) => {
    const examples = Object.values(gate.examples).flat();
    const worlds = [sampleWorld(), ...examples.map((example) => exampleWorld(example, byName))];
    for (const world of worlds) expect(await unnamed(gate, world)).toEqual([]);
  });
});
