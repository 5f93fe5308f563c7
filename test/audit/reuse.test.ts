import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CouldNotAudit } from '../../src/audit/registry/could-not-audit.ts';
import { GOVERNANCE_FILES } from '../../src/audit/registry/governance.ts';
import type { Earlier } from '../../src/audit/registry/kept-governance.ts';
import { type Audit, runAudit } from '../../src/audit/run.ts';
import { WAIVERS_FILE } from '../../src/audit/waivers.ts';
import type { ReadDeclaration } from '../../src/core/declaration.ts';
import { digest } from '../../src/core/digest.ts';
import { gateFinding } from '../../src/core/finding.ts';
import type { Gate, GateContext, Remark } from '../../src/core/gate.ts';
import type { Repo } from '../../src/core/repo.ts';
import type { FileMode, Snapshot } from '../../src/core/snapshot.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles, NOW } from './governed-repo.ts';

const DAY = 86_400_000;
const WAIVED = 'waivers: [{ gate: texts, reason: soon, owner: tove, expires: 2026-02-20 }]\n';
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

/** Says another thing each day about a line that it quotes. */
function quoting(name: string): Gate {
  return {
    ...telling(name, () => ''),
    *check({ repo, clock }): Generator<Remark> {
      const age = clock.ageInDays(NOW - 3 * DAY);
      const [first] = repo.isFile('b.yaml') ? repo.lines('b.yaml') : [];
      if (first) yield gateFinding('is-old', 'x', first, `\`${age % 2 === 0 ? 'x' : 'y'}\` is ${age} days old`);
    },
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
  telling('reported', ({ reported }) => [reported.arrivals, reported.tables('disks')]),
  telling('other', ({ verdictOf }) => [verdictOf('texts'), verdictOf('age'), verdictOf('sibling')]),
  quoting('quoting'),
  telling('constant', () => 'what only a machine knows'),
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
  /** What a check of CI says. */
  check: string;
  /** Gates that the registry has retired, whether the stabilization window is open, and what else is decided before gates run. */
  retired: number;
  governed: 'whole' | 'a window' | 'torn' | 'gone';
}

const path = fc.constantFrom(...PATHS);
const text = fc.constantFrom(
  'x: 1\n',
  'x: 2\n',
  'ops/c.yaml',
  'b.yaml',
  '',
  '{ x: 1, y: 2 }\n',
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
  fc.constantFrom('green', 'red').map((check) => (state: State) => void Object.assign(state, { check })),
  fc.nat(2).map((retired) => (state: State) => void Object.assign(state, { retired })),
  fc
    .constantFrom('whole' as const, 'a window' as const, 'torn' as const, 'gone' as const)
    .map((governed) => (state: State) => void Object.assign(state, { governed })),
  fc
    .constantFrom('a.yaml', 'b.yaml', '')
    .map((declared) => (state: State) => void Object.assign(state.files, { 'lanekeeper.yaml': declared })),
  fc
    .constantFrom('waivers: []\n', 'waivers: [\n', WAIVED)
    .map((waivers) => (state: State) => void Object.assign(state.files, { [WAIVERS_FILE]: waivers })),
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

/** The governance files as they are in that state. */
function governance({ governed, retired }: State): Record<string, string> {
  const window = 'enabled: true\nwindow_end: "2026-02-19T00:00:00Z"\nverify_bypass: [domain]\n';
  const files = governanceFiles({
    topology: `gate_assignments: [${GATES.map((_, n) => `{ gate_id: D${n}, primary_domain: aof }`)}]\n`,
    registry: `gates: [${GATES.map(({ name }, n) => `{ id: D${n}, name: ${name}, retired: ${n < retired}, check_script: check.sh }`)}]\n`,
    ...(governed === 'a window' ? { stabilization: window } : {}),
  });
  if (governed === 'gone') return {};
  return { ...files, 'check.sh': '', ...(governed === 'torn' ? { [GOVERNANCE_FILES.registry]: 'gates: [\n' } : {}) };
}

/** A gate of the repo's own that reads the file which its one-line declaration names. */
const declare: ReadDeclaration = (repo) => {
  const path = repo.isFile('lanekeeper.yaml') ? repo.text('lanekeeper.yaml') : '';
  if (path === '') return undefined;
  const gate = telling('declared', (context) => (context.repo.isFile(path) ? context.repo.text(path) : 'none'));
  const own = { lane: 'declared', number: 'X1', category: 'own', severity: 'low' } as const;
  return { gates: [{ ...gate, own }], mistakes: [], checks: [] };
};

/** A gate that is made from what a check of CI says. */
function checkOf({ check }: State): Gate {
  return { ...telling('check', () => check), own: { lane: 'ci', number: 'C1', severity: 'low' } };
}

function audit(state: State, earlier?: Earlier): Promise<Audit> {
  const { sibling, isLost, reports, now } = state;
  const modes = { ...state.modes, 'check.sh': '100755' as const };
  return runAudit({
    target: snapshotOf({ ...governance(state), ...state.files }, modes, state.commits),
    siblings: sibling && !isLost ? { workbench: snapshotOf(sibling, {}) } : {},
    ...(isLost && { lostSiblings: { workbench: 'it is away' } }),
    now,
    gates: GATES,
    declare,
    checks: async () => [checkOf(state)],
    defaultRegistry: { gates: [], lanes: [] },
    detailed: true,
    reported: {
      maxAge: DAY,
      arrivals: reports === null ? [] : [{ kind: 'facts', runner: 'pve', at: reports }],
      tables: () => [{ at: reports, runner: 'pve', rows: [] }],
    },
    ...(earlier && { earlier }),
  });
}

/** What an audit leaves to the next one, after it was written down and read again. */
function written(version: string, { verdicts, governance: kept }: Audit): Earlier {
  const stored = JSON.parse(JSON.stringify({ verdicts: [...verdicts], governance: kept }));
  return { version, verdicts: new Map(stored.verdicts), governance: stored.governance };
}

const none = (version: string): Earlier => ({ version, verdicts: new Map() });

/** What there is to compare of an audit, also where it could not be made. */
async function outcome(given: Promise<Audit>): Promise<unknown> {
  try {
    const { report, flipsAt, registered, waivers } = await given;
    return { report, flipsAt, registered, waivers };
  } catch (error) {
    if (error instanceof CouldNotAudit) return error.message;
    throw error;
  }
}

function begin(): State {
  const files = { 'a.yaml': 'ops/c.yaml', 'b.yaml': 'x: 1\n', 'ops/c.yaml': 'x: 2\n', 'ops/deep/d.yaml': '' };
  return {
    files,
    modes: {},
    sibling: { w: '' },
    isLost: false,
    now: NOW,
    version: 'one',
    commits: 1,
    reports: 1,
    check: 'green',
    retired: 0,
    governed: 'whole',
  };
}

test('an audit that reuses verdicts says what a full one says, whatever happened in between', {
  timeout: 120_000,
}, async () => {
  let reused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(event, { maxLength: 3 }), { minLength: 1, maxLength: 6 }), async (nights) => {
      const state = begin();
      let earlier = none(state.version);
      for (const events of [[], ...nights]) {
        for (const happen of events) happen(state);
        const incremental = audit(state, { ...earlier, version: state.version });
        expect(await outcome(incremental)).toEqual(await outcome(audit(state)));
        const made = await incremental.catch(() => undefined);
        if (!made) continue;
        earlier = written(state.version, made);
        reused += made.reused;
      }
    }),
    { numRuns: 60 },
  );
  expect(reused).toBeGreaterThan(300);
});

test('nothing is judged while nothing changes, and only those who read it when one file does', async () => {
  const state = begin();
  const first = await audit(state, none('one'));
  expect([first.judged, first.reused]).toEqual([GATES.length + 1, 0]);
  const second = await audit(state, written('one', first));
  // A check of CI is made from its verdict, so there is nothing to hold.
  expect([second.judged, second.reused]).toEqual([1, GATES.length]);
  state.files['b.yaml'] = 'x: 3\n';
  state.now += 1;
  const third = await audit(state, written('one', second));
  const changed = GATES.map(({ name }) => name).filter(
    (name) => third.verdicts.get(name)?.at !== second.verdicts.get(name)?.at,
  );
  expect(changed).toEqual(['texts', 'modes', 'line', 'other', 'quoting']);
});

test('what could not be read this time, and a gate that crashed, are judged again', async () => {
  const files = { ...governance(begin()), 'a.yaml': '' };
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

test('a report names what machines reported that a verdict rests on, reused or not', async () => {
  const first = await audit(begin());
  const again = await audit(begin(), { version: '', verdicts: first.verdicts });
  for (const { report } of [first, again]) {
    const facts = Object.fromEntries(report.gates.map(({ name, facts = [] }) => [name, facts]));
    expect(facts).toMatchObject({ reported: ['arrivals', 'disks'], texts: [] });
  }
});
