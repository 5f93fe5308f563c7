import { describe, expect, test } from 'vitest';
import { evaluateGates } from '../../../src/audit/evaluate.ts';
import { createFileCache, type FileCache } from '../../../src/audit/read/file-cache.ts';
import { SnapshotReader } from '../../../src/audit/read/reader.ts';
import type { World } from '../../../src/audit/world.ts';
import type { Gate } from '../../../src/core/gate.ts';
import type { Repo } from '../../../src/core/repo.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';

const FILES = { 'large.yaml': `items: [${'1, '.repeat(500)}]\n`, 'small.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' };

function gate(name: string, reads: readonly string[], read: (repo: Repo) => void): Gate {
  const check: Gate['check'] = ({ repo }) => {
    read(repo);
    return [];
  };
  return { name, mirrors: [], why: '', fix: '', reads, rules: {}, check, examples: { pass: [], fail: [] } };
}

function worldOf(cache?: FileCache, onGate?: World['onGate']): World {
  const snapshot = memorySnapshot({ files: FILES });
  const entries = new Map([...snapshot.entries].map(([path, entry]) => [path, { ...entry, sha: path }]));
  const target = new SnapshotReader('target', { ...snapshot, entries }, cache);
  return { target, siblings: new Map(), now: 0, gates: new Map(), onGate };
}

/** Gates that each parse one file and name some; gives what each of them saw of it. The same thing is the same parse. */
async function parses(
  gates: readonly (readonly [file: string, names: readonly string[]])[],
  cache?: FileCache,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const judged = gates.map(([file, names], index) =>
    gate(`gate ${index}`, names, (repo) => {
      seen[index] = repo.yaml(file).syntax?.node;
      expect(repo.yaml(file).syntax?.node).toBe(seen[index]);
    }),
  );
  await evaluateGates(worldOf(cache), judged);
  return seen;
}

describe('a parsed file', () => {
  test('is parsed once for all gates that name it, whatever they read besides', async () => {
    const both = ['b.yaml', 'small.yaml'];
    const [one, other, third] = await parses([
      ['small.yaml', both],
      ['b.yaml', both],
      ['small.yaml', both],
    ]);
    expect(third).toBe(one);
    expect(other).not.toBe(one);
  });

  test('is let go with the last gate that names it: whoever reads it later has it parsed again', async () => {
    const [one, other] = await parses([
      ['large.yaml', ['large.yaml']],
      ['large.yaml', ['small.yaml']],
    ]);
    expect(other).not.toBe(one);
  });

  test('is let go after each gate where no gate names it', async () => {
    const [one, other] = await parses([
      ['large.yaml', []],
      ['large.yaml', []],
    ]);
    expect(other).not.toBe(one);
  });

  test('stays where other states of the repository are judged as well: there the cache has its own limit', async () => {
    const [one, other] = await parses(
      [
        ['large.yaml', []],
        ['large.yaml', []],
      ],
      createFileCache(10_000),
    );
    expect(other).toBe(one);
  });
});

test('gates that name the same large file come one after another, and answer in the order in which they were given', async () => {
  const order: string[] = [];
  const world = worldOf(undefined, async (name) => void order.push(name));
  const texts: string[] = [];
  const reading = (name: string, names: readonly string[]) =>
    gate(name, names, (repo) => void texts.push(repo.text(names[0] ?? '')));
  const failing: Gate = {
    ...gate('the last', ['large.yaml'], () => {}),
    *check() {
      yield { blind: 'it cannot see' };
    },
  };
  const gates = [reading('one', ['small.yaml', 'large.yaml']), reading('two', ['b.yaml']), failing];
  expect(await evaluateGates(world, gates)).toMatchObject([
    { verdict: 'pass' },
    { verdict: 'pass' },
    { verdict: 'blind' },
  ]);
  expect(order).toEqual(['one', 'the last', 'two']);
});
