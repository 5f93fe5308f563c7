import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredVerdict } from '../../src/audit/reuse.ts';
import { runAudit } from '../../src/audit/run.ts';
import { digest } from '../../src/core/digest.ts';
import { gateFinding } from '../../src/core/finding.ts';
import type { Gate, GateContext, Remark } from '../../src/core/gate.ts';
import type { Repo } from '../../src/core/repo.ts';
import type { FileMode, Snapshot } from '../../src/core/snapshot.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles, NOW } from './governed-repo.ts';

const DAY = 86_400_000;
const PATHS = ['a.yaml', 'b.yaml', 'ops/c.yaml', 'ops/deep/d.yaml', 'link'];

/** Says what it sees, so that every difference in the world is one in the report. */
function telling(name: string, see: (context: GateContext) => unknown): Gate {
  return {
    name,
    mirrors: [],
    why: '',
    fix: '',
    reads: [],
    rules: {},
    *check(context): Generator<Remark> {
      const seen = JSON.stringify(see(context));
      if (seen.length % 3 !== 0) yield gateFinding('sees', digest(seen), context.repo.at('a.yaml'), seen);
      else yield { unverified: seen };
    },
    examples: { pass: [], fail: [] },
  };
}

const isThere = (repo: Repo | undefined, path: string) =>
  repo && [repo.isFile(path), repo.isDirectory(path), repo.isExecutable(path), repo.size(path)];

const GATES: readonly Gate[] = [
  telling('texts', ({ repo }) => PATHS.filter(repo.isFile).map(repo.text)),
  telling('modes', ({ repo }) => PATHS.map((path) => isThere(repo, path))),
  telling('globs', ({ repo }) => [repo.glob('*.yaml'), repo.glob('ops/**')]),
  telling('names', ({ repo }) => [repo.names('ops'), repo.names('')]),
  telling('line', ({ repo }) => (repo.isFile('b.yaml') ? repo.lines('b.yaml').at(0) : null)),
  telling('yaml', ({ repo }) => repo.yamlOrEmpty('a.yaml').get('x').raw),
  telling('age', ({ clock }) => clock.ageInDays(NOW - 3 * DAY)),
  telling('reached', ({ clock }) => [clock.hasReached(NOW + 5 * DAY), clock.hasReached(NOW - DAY)]),
  telling('sibling', ({ sibling }) => isThere(sibling('workbench'), 'w') ?? 'none'),
  telling('sibling text', ({ sibling }) => (sibling('workbench')?.isFile('w') ? sibling('workbench')?.text('w') : 0)),
  telling('history', ({ history }) => history({ after: 'start', paths: ['a.yaml'], limit: null })),
  telling('reported', ({ reported }) => [reported.lastArrival, reported.tables('disks')]),
  telling('other', ({ verdictOf }) => [verdictOf('texts'), verdictOf('age'), verdictOf('sibling')]),
  telling('chain', ({ repo }) => {
    const next = repo.isFile('a.yaml') ? repo.text('a.yaml').trim() : '';
    return repo.isFile(next) ? repo.text(next) : next;
  }),
];

interface State {
  readonly files: Record<string, string>;
  readonly modes: Record<string, FileMode>;
  sibling: Record<string, string> | null;
  isLost: boolean;
  now: number;
  version: string;
  commits: number;
  reports: number;
}

const path = fc.constantFrom(...PATHS);
const text = fc.constantFrom(
  'x: 1\n',
  'x: 2\n',
  'ops/c.yaml',
  'b.yaml',
  '',
  'x: [',
  '../a',
  'ops',
  'x: 1\n---\nx: 2\n',
);
const mode = fc.constantFrom<FileMode>('100644', '100755', '120000', '160000');

/** What may happen between two audits. */
const event = fc.oneof(
  fc.tuple(path, text).map(
    ([at, content]) =>
      (state: State) =>
        void Object.assign(state.files, { [at]: content }),
  ),
  path.map((at) => (state: State) => void delete state.files[at]),
  fc.tuple(path, mode).map(
    ([at, to]) =>
      (state: State) =>
        void Object.assign(state.modes, { [at]: to }),
  ),
  fc.tuple(path, path).map(([from, to]) => (state: State) => {
    const content = state.files[from];
    if (content === undefined) return;
    delete state.files[from];
    state.files[to] = content;
  }),
  fc
    .integer({ min: -4, max: 4 })
    .map((days) => (state: State) => void Object.assign(state, { now: state.now + days * DAY })),
  fc
    .option(text)
    .map(
      (content) => (state: State) => void Object.assign(state, { sibling: content === null ? null : { w: content } }),
    ),
  fc.boolean().map((isLost) => (state: State) => void Object.assign(state, { isLost })),
  fc.constantFrom('one', 'two').map((version) => (state: State) => void Object.assign(state, { version })),
  fc.constant((state: State) => void state.commits++),
  fc.constant((state: State) => void state.reports++),
);

/** A snapshot with ids made from the contents, as git makes them. */
function snapshotOf(files: Record<string, string>, modes: Record<string, FileMode>, commits = 0): Snapshot {
  const present = Object.fromEntries(Object.entries(modes).filter(([at]) => at in files));
  const history = Array.from({ length: commits }, (_, index) => ({
    sha: `commit${commits - index}`,
    message: 'm',
    paths: ['a.yaml'],
  }));
  const log = [...history, { sha: 'start', message: 's', paths: [] }];
  const snapshot = memorySnapshot({ files, modes: present, commits: log });
  const entries = [...snapshot.entries].map(([at, entry]) => [at, { ...entry, sha: digest(files[at] ?? '') }] as const);
  return { ...snapshot, entries: new Map(entries) };
}

const GOVERNANCE = {
  ...governanceFiles({
    topology: `gate_assignments: [${GATES.map((_, n) => `{ gate_id: D${n}, primary_domain: aof }`)}]\n`,
    registry: `gates: [${GATES.map(({ name }, n) => `{ id: D${n}, name: ${name}, check_script: check.sh }`)}]\n`,
  }),
  'check.sh': '',
};

function audit(state: State, verdicts?: ReadonlyMap<string, StoredVerdict>) {
  const { sibling, isLost, version, reports, now } = state;
  const modes = { ...state.modes, 'check.sh': '100755' as const };
  return runAudit({
    target: snapshotOf({ ...GOVERNANCE, ...state.files }, modes, state.commits),
    siblings: sibling && !isLost ? { workbench: snapshotOf(sibling, {}) } : {},
    ...(isLost && { lostSiblings: { workbench: 'it is away' } }),
    now,
    gates: GATES,
    defaultRegistry: { gates: [], lanes: [] },
    detailed: true,
    reported: { maxAge: DAY, lastArrival: reports, tables: () => [{ at: reports, runner: 'pve', rows: [] }] },
    ...(verdicts && { earlier: { version, verdicts } }),
  });
}

function begin(): State {
  const files = { 'a.yaml': 'ops/c.yaml', 'b.yaml': 'x: 1\n', 'ops/c.yaml': 'x: 2\n', 'ops/deep/d.yaml': '' };
  return { files, modes: {}, sibling: { w: '' }, isLost: false, now: NOW, version: 'one', commits: 1, reports: 1 };
}

test('an audit that reuses verdicts says what a full one says, whatever happened in between', {
  timeout: 120_000,
}, async () => {
  let reused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(event, { maxLength: 3 }), { minLength: 1, maxLength: 6 }), async (nights) => {
      const state = begin();
      let verdicts: ReadonlyMap<string, StoredVerdict> = new Map();
      for (const events of [[], ...nights]) {
        for (const happen of events) happen(state);
        const incremental = await audit(state, verdicts);
        const full = await audit(state);
        expect(incremental.report).toEqual(full.report);
        expect(incremental.flipsAt).toEqual(full.flipsAt);
        // What is kept has to survive being written down.
        verdicts = new Map(JSON.parse(JSON.stringify([...incremental.verdicts])));
        reused += incremental.reused;
      }
    }),
    { numRuns: 60 },
  );
  expect(reused).toBeGreaterThan(200);
});

test('nothing is judged while nothing changes, and only those who read it when one file does', async () => {
  const state = begin();
  const first = await audit(state, new Map());
  expect([first.judged, first.reused]).toEqual([GATES.length, 0]);
  const second = await audit(state, first.verdicts);
  expect([second.judged, second.reused]).toEqual([0, GATES.length]);
  state.files['b.yaml'] = 'x: 3\n';
  const third = await audit(state, second.verdicts);
  const changed = GATES.map(({ name }) => name).filter(
    (name) => third.verdicts.get(name) !== second.verdicts.get(name),
  );
  expect(changed).toEqual(['texts', 'modes', 'line', 'other']);
});

test('what could not be read this time, and a gate that crashed, are judged again', async () => {
  const files = { ...GOVERNANCE, 'a.yaml': '' };
  const gates = [
    telling('texts', ({ repo }) => repo.text('a.yaml')),
    telling('modes', () => {
      throw new Error('oops');
    }),
  ];
  const request = { siblings: {}, now: NOW, gates, defaultRegistry: { gates: [], lanes: [] } };
  const target = memorySnapshot({ files, modes: { 'check.sh': '100755' }, unavailable: { 'a.yaml': 'HTTP 502' } });
  const { report, verdicts } = await runAudit({ ...request, target, earlier: { version: '', verdicts: new Map() } });
  expect(report.gates.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['blind', 'crashed']);
  expect([...verdicts.keys()]).toEqual([]);
});
