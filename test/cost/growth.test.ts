/** What grows with what the audited repo holds grows in proportion: with eight times as much, nowhere near sixty-four times the work. */
import { expect, test } from 'vitest';
// First, so that it sees all of the code that it counts.
import { countedWork } from '../../scripts/bench/counted-work.ts';
import { cpuOf } from '../../scripts/bench/cpu.ts';
import { manyFindings, manyGates } from '../../scripts/bench/growth.ts';
import { runAudit } from '../../src/audit/run.ts';
import type { Repo } from '../../src/core/repo.ts';
import { redactText } from '../../src/core/text/redact.ts';
import { parseSource } from '../../src/core/yaml/source.ts';
import { readDeclaredGates } from '../../src/declared/declare.ts';
import { summarizeAudit } from '../../src/formats/summary.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { kvStore } from '../../src/store/kv.ts';
import { memoryKeyValue } from '../../src/store/memory.ts';
import { audits } from '../web/fixture.ts';

const TIMES = 8;
/** 1 is in proportion, 2 is quadratic; sorting is a little more than 1. The count is the same on every machine. */
const MOST_EXPONENT = 1.1;
/** What is not counted, within strings and expressions, shows in the time: between linear (8) and quadratic (64), since a busy machine is measured, too. */
const MOST_TIME = 28;

/** So many gates, each in a lane of its own, and all in one. */
function lanes(count: number): () => Promise<unknown> {
  const { target, gates } = manyGates(count);
  return () => runAudit({ target, siblings: {}, now: 0, gates, defaultRegistry: { gates: [], lanes: [] } });
}

/** One gate that finds each line of a file. */
function findings(count: number): () => Promise<unknown> {
  const { target, gate } = manyFindings(count);
  const request = { target, siblings: {}, now: 0, gates: [gate] };
  return () => runAudit({ ...request, defaultRegistry: { gates: [], lanes: [] }, lanes: ['basics'], detailed: true });
}

/** An audit with so many lanes, of which the metadata of KV takes few. */
function stored(count: number): () => Promise<unknown> {
  const last = audits().at(-1);
  if (!last) throw new Error('no audit');
  const many = Array.from({ length: count }, (_, index) => ({ ...last.report.lanes[0], id: `lane-${index}` }));
  const audit = { ...last, report: { ...last.report, lanes: many } } as typeof last;
  const summary = summarizeAudit('you/homelab', audit, null);
  return () => kvStore(memoryKeyValue()).save('you/homelab', audit, summary);
}

/** Declared gates about so many rows: each row costs each gate the same. */
function rows(count: number): () => Promise<unknown> {
  const csv = `name,id\n${Array.from({ length: count }, (_, index) => `h${index},${index}`).join('\n')}\n`;
  const musts = ['row.name.startsWith("h")', 'row.id == null', 'lookup("host", "name", row.name) != null'];
  const gates = [
    ...musts.map((must) => ({ each: 'host', must })),
    { unique: 'host.id' },
    { in: 'host.id', of: 'host.id' },
  ];
  const text = JSON.stringify({
    data: { host: { files: 'hosts.csv' } },
    gates: gates.map((gate, index) => ({ id: `g${index}`, ...gate })),
  });
  const target = memorySnapshot({ files: { 'hosts.csv': csv, 'lanekeeper.yaml': text } });
  const declare = (repo: Repo, taken: ReadonlySet<string>) => readDeclaredGates(repo, { taken });
  return () =>
    runAudit({ target, siblings: {}, now: 0, gates: [], defaultRegistry: { gates: [], lanes: [] }, declare });
}

const secrets = (length: number) => 'token: abc, --password x https://a:b@c/ '.repeat(length / 40);

test.each<[what: string, size: number, work: (size: number) => () => unknown]>([
  ['a YAML file of comment lines', 6_000, (size) => () => parseSource('#\n'.repeat(size), 'target', 'a.yaml')],
  [
    'a YAML file of blank lines',
    6_000,
    (size) => () => parseSource(`a: 1${'\n'.repeat(size)}b: 1`, 'target', 'a.yaml'),
  ],
  ['a list in YAML', 500, (size) => () => parseSource('- { a: 1, b: 2 }\n'.repeat(size), 'target', 'a.yaml')],
  ['masking a long sentence', 12_000, (size) => () => redactText(secrets(size))],
  ['masking a long word', 40_000, (size) => () => redactText('aB3'.repeat(size / 3))],
  ['lanes that share gates', 60, lanes],
  ['metadata that does not fit', 500, stored],
  ['findings that are quoted', 500, findings],
  ['rows of declared gates', 200, rows],
])('%s', { timeout: 60_000 }, async (_, size, work) => {
  const [one, many] = [work(size), work(size * TIMES)];
  await one();
  expect(await exponentOf(one, many)).toBeLessThan(MOST_EXPONENT);
  expect((await cpuOf(many)) / Math.max(1, await cpuOf(one))).toBeLessThan(MOST_TIME);
});

test('work that grows with the square would be seen', async () => {
  const pairs = (size: number) => () => {
    let found = 0;
    for (let one = 0; one < size; one++) for (let other = 0; other < size; other++) if (one === other) found += 1;
    return found;
  };
  expect(await exponentOf(pairs(100), pairs(100 * TIMES))).toBeGreaterThan(1.9);
});

async function exponentOf(one: () => unknown, many: () => unknown): Promise<number> {
  const counted = await countedWork(one);
  return Math.log((await countedWork(many)) / counted) / Math.log(TIMES);
}
