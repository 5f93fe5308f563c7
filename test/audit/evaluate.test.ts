import { describe, expect, test } from 'vitest';
import { evaluateGates } from '../../src/audit/evaluate.ts';
import { indexFolders } from '../../src/audit/read/paths.ts';
import { LIMITS, SnapshotReader } from '../../src/audit/read/reader.ts';
import type { World } from '../../src/audit/world.ts';
import { digest } from '../../src/core/digest.ts';
import { gateFinding } from '../../src/core/finding.ts';
import type { Gate, GateContext, Remark } from '../../src/core/gate.ts';
import type { Repo } from '../../src/core/repo.ts';
import { Abort } from '../../src/core/signals.ts';
import { type Snapshot, SnapshotError } from '../../src/core/snapshot.ts';
import { listingAnswer } from '../../src/core/trace.ts';
import { type MemoryRepo, memorySnapshot } from '../../src/snapshot/memory.ts';

const NOW = Date.parse('2026-02-17T20:00:00Z');

type Check = (context: GateContext) => Iterable<Remark>;

function gate(name: string, check: Check, reads: readonly string[] = []): Gate {
  return { name, mirrors: [], why: '', fix: '', reads, rules: {}, check, examples: { pass: [], fail: [] } };
}

/** A gate that only asks, and says nothing. */
function reading(read: (repo: Repo, context: GateContext) => unknown, reads: readonly string[] = [], name = 'reading') {
  const check: Check = (context) => {
    read(context.repo, context);
    return [];
  };
  return gate(name, check, reads);
}

function finding(rule: string): Remark {
  return gateFinding(rule, 'it', undefined, 'It is wrong.');
}

/** A snapshot with blob ids, and the batches that were asked of it. */
function watched(source: MemoryRepo) {
  const snapshot = memorySnapshot(source);
  const batches: (readonly string[])[] = [];
  const entries = new Map([...snapshot.entries].map(([path, entry]) => [path, { ...entry, sha: `blob of ${path}` }]));
  const read: Snapshot['read'] = (paths) => {
    batches.push([...paths].sort());
    return snapshot.read(paths);
  };
  return { snapshot: { ...snapshot, entries, read }, batches };
}

function worldOf(
  snapshot: Snapshot,
  gates: readonly Gate[] = [],
  siblings: Readonly<Record<string, Snapshot>> = {},
): World {
  return {
    target: new SnapshotReader('target', snapshot),
    siblings: new Map(Object.entries(siblings).map(([name, each]) => [name, new SnapshotReader(name, each)])),
    now: NOW,
    gates: new Map(gates.map((each) => [each.name, each])),
  };
}

function evaluate(source: MemoryRepo, ...gates: readonly Gate[]) {
  return evaluateGates(worldOf(memorySnapshot(source), gates), gates);
}

/** What one reading of a repo with symbolic links gives. */
async function answer<T>(source: MemoryRepo, read: (repo: Repo) => T): Promise<T | undefined> {
  let result: T | undefined;
  const gates = [
    reading((repo) => {
      result = read(repo);
    }),
  ];
  const [evaluation] = await evaluate(source, ...gates);
  expect(evaluation).toMatchObject({ verdict: 'pass', reason: undefined });
  return result;
}

describe('fetching', () => {
  const files = { a: 'b', b: 'c', c: 'd', d: 'e', e: 'f', f: 'g', g: '' };

  /** Reads `from`, then the file that it names, and so on. */
  function follow(repo: Repo, from: string, steps: number): void {
    const next = repo.text(from);
    if (steps > 1) follow(repo, next, steps - 1);
  }

  test('one batch a round, and a path learned from a file costs a round', async () => {
    const { snapshot, batches } = watched({ files });
    const gates = [reading((repo) => follow(repo, 'a', 3)), reading((repo) => repo.text('g'))];
    expect(await evaluateGates(worldOf(snapshot), gates)).toMatchObject([{ verdict: 'pass' }, { verdict: 'pass' }]);
    expect(batches).toEqual([['a', 'g'], ['b'], ['c']]);
  });

  test('what gates say they read, and what one asks for in advance, comes in one batch', async () => {
    const { snapshot, batches } = watched({ files: { ...files, 'docs/x.md': '', 'docs/y.md': '' } });
    const gates = [
      reading((repo) => repo.glob('docs/*.md').map(repo.text), ['docs/*.md', 'a', 'absent']),
      reading(
        (repo) => {
          repo.prefetch(['b', 'c', 'absent', 'docs']);
          follow(repo, 'b', 3);
        },
        ['d'],
      ),
    ];
    await evaluateGates(worldOf(snapshot), gates);
    expect(batches).toEqual([
      ['a', 'd', 'docs/x.md', 'docs/y.md'],
      ['b', 'c'],
    ]);
  });

  test('no file is fetched twice, whoever reads it and however often', async () => {
    const { snapshot, batches } = watched({ files });
    const world = worldOf(snapshot);
    const gates = [
      reading((repo) => repo.text('a')),
      reading((repo) => repo.lines('a')),
      reading((repo) => repo.yaml('a')),
    ];
    await evaluateGates(world, gates);
    await evaluateGates(world, gates);
    expect(batches).toEqual([['a']]);
  });

  test('a gate that never stops learning paths crashes; one that reads in advance beside it does not', async () => {
    const endless = reading((repo) => follow(repo, 'a', 7));
    const deep = reading((repo) => {
      follow(repo, 'a', 5);
      repo.prefetch(['a', 'b']);
    });
    const evaluations = await evaluate({ files }, endless, deep);
    expect(evaluations).toMatchObject([{ verdict: 'crashed' }, { verdict: 'pass' }]);
    expect(evaluations[0]?.reason).toContain('after 5 rounds');
  });

  test('history and uncommitted paths are fetched like files', async () => {
    const after = { after: 'abcd', paths: ['a'], limit: null };
    const source = { files, uncommitted: ['a'], commits: [{ sha: 'abcd', message: 'first', paths: ['a'] }] };
    const asking = gate('asking', function* ({ repo, history }) {
      if (history(after).isAncestor && repo.uncommitted().includes('a')) yield finding('known');
    });
    expect(await evaluate(source, asking)).toMatchObject([{ verdict: 'fail' }]);
  });

  test('a repository that cannot be read at all stops everything', async () => {
    const broken: Snapshot = {
      ...memorySnapshot({ files }),
      read: () => Promise.reject(new SnapshotError('rate-limited', 'later')),
    };
    await expect(evaluateGates(worldOf(broken), [reading((repo) => repo.text('a'))])).rejects.toThrow('later');
  });
});

describe('what a gate sees', () => {
  const source: MemoryRepo = {
    files: {
      'bin/run': 'x',
      'docs/b.md': 'one\ntwo\r\n',
      'docs/.hidden.md': '',
      'docs/deep/c.md': 'no end',
      bytes: new Uint8Array([0x61, 0xff]),
    },
    modes: { 'bin/run': '100755' },
  };

  test.each<[string, (repo: Repo) => unknown, unknown]>([
    [
      'a file',
      (repo) => [repo.isFile('bin/run'), repo.isDirectory('bin/run'), repo.isExecutable('bin/run')],
      [true, false, true],
    ],
    [
      'a folder',
      (repo) => [repo.isFile('docs'), repo.isDirectory('docs/'), repo.isExecutable('docs')],
      [false, true, true],
    ],
    ['the root', (repo) => [repo.isDirectory(''), repo.isDirectory('.')], [true, true]],
    [
      'nothing',
      (repo) => [repo.isFile('no'), repo.isDirectory('no'), repo.isExecutable('no'), repo.size('no')],
      [false, false, false, 0],
    ],
    ['a file with a slash at its end', (repo) => repo.isFile('bin/run/'), false],
    ['names', (repo) => repo.names('docs'), ['.hidden.md', 'b.md', 'deep']],
    ['names of what is no folder', (repo) => [repo.names('bin/run'), repo.names('no')], [[], []]],
    ['a pattern', (repo) => repo.glob('docs/*.md'), ['docs/b.md']],
    ['a pattern across folders', (repo) => repo.glob('docs/**.md'), ['docs/.hidden.md', 'docs/b.md', 'docs/deep/c.md']],
    ['lines, with the carriage return', (repo) => repo.lines('docs/b.md').map(({ text }) => text), ['one', 'two\r']],
    ['a line without end', (repo) => repo.lines('docs/deep/c.md').map(({ place }) => place.line), [1]],
    [
      'an empty file',
      (repo) => [repo.lines('docs/.hidden.md'), repo.yaml('docs/.hidden.md').get('a').raw],
      [[], 'null'],
    ],
    [
      'bytes that are no text',
      (repo) => [repo.text('bytes'), repo.size('bytes'), repo.isYaml('bytes')],
      ['a\uFFFD', 2, false],
    ],
    ['an absent YAML file, taken as empty', (repo) => repo.yamlOrEmpty('no').get('a').raw, 'null'],
  ])('%s', async (_, read, expected) => {
    expect(await answer(source, read)).toEqual(expected);
  });

  test.each<[string, (repo: Repo) => unknown]>([
    ['an absent file', (repo) => repo.text('no')],
    ['a folder', (repo) => repo.lines('docs')],
    ['a file that is no YAML', (repo) => repo.yaml('bytes')],
  ])('reading %s ends the gate as it ends the script', async (_, read) => {
    const [evaluation] = await evaluate(source, reading(read));
    expect(evaluation).toMatchObject({ verdict: 'fail', findings: [{ rule: 'unreadable' }] });
  });
});

describe('symbolic links', () => {
  const links = {
    file: 'docs/page',
    folder: 'docs',
    'docs/up': '../file',
    twice: 'docs/up',
    loop: 'pool',
    pool: 'loop',
    dangling: 'docs/lost',
    outside: '../other/page',
    absolute: '/docs/page',
  };
  const source: MemoryRepo = {
    files: { 'docs/page': 'hello\n', ...links },
    modes: Object.fromEntries(Object.keys(links).map((path) => [path, '120000'])),
  };

  test.each(['file', 'folder/page', 'docs/up', 'twice', 'folder/../file'])('%s leads to the page', async (path) => {
    expect(await answer(source, (repo) => [repo.isFile(path), repo.text(path), repo.size(path)])).toEqual([
      true,
      'hello\n',
      6,
    ]);
  });

  test.each(['loop', 'dangling', 'outside', 'absolute', 'file/page'])('%s leads nowhere', async (path) => {
    const asked = (repo: Repo) => [
      repo.isFile(path),
      repo.isDirectory(path),
      repo.isExecutable(path),
      repo.names(path),
    ];
    expect(await answer(source, asked)).toEqual([false, false, false, []]);
  });

  test('patterns find links to files, and neither links to folders nor broken ones', async () => {
    expect(await answer(source, (repo) => repo.glob('*'))).toEqual(['file', 'twice']);
    expect(await answer(source, (repo) => repo.names('folder'))).toEqual(['page', 'up']);
  });

  test('however many, they cost one batch', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `link-${index}`);
    const { snapshot, batches } = watched({
      files: { page: '', ...Object.fromEntries(names.map((name) => [name, 'page'])) },
      modes: Object.fromEntries(names.map((name) => [name, '120000'])),
    });
    expect(await evaluateGates(worldOf(snapshot), [reading((repo) => names.map(repo.text))])).toMatchObject([
      { verdict: 'pass' },
    ]);
    expect(batches).toEqual([[...names].sort(), ['page']]);
  });

  test('a line is placed in the file that holds it, whichever way it was first read', async () => {
    const placed = gate('placed', function* ({ repo }) {
      for (const path of ['file', 'docs/page']) yield gateFinding('quiet', path, repo.lines(path)[0], 'It says hello.');
    });
    const [evaluation] = await evaluate(source, placed);
    expect(evaluation?.findings.map(({ path, line }) => [path, line])).toEqual([
      ['docs/page', 1],
      ['docs/page', 1],
    ]);
  });
});

describe('what cannot be had', () => {
  const source: MemoryRepo = {
    files: { a: 'fine', lost: 'x', link: 'a' },
    modes: { link: '120000' },
    unavailable: { lost: 'HTTP 502', link: 'HTTP 502' },
  };

  test.each(['lost', 'link'])('%s makes the gates that read it blind, with the reason, and no other', async (path) => {
    const world = worldOf(memorySnapshot(source));
    const gates = [reading((repo) => repo.text(path)), reading((repo) => repo.text('a'))];
    const evaluations = await evaluateGates(world, gates);
    expect(evaluations).toMatchObject([{ verdict: 'blind' }, { verdict: 'pass' }]);
    expect(evaluations[0]?.reason).toBe(`${path} could not be read: HTTP 502`);
    expect([...world.target.failures.keys()]).toContain(path);
  });

  test('once known to be lost, a hint to fetch it stops nothing', async () => {
    const world = worldOf(memorySnapshot(source));
    const gates = [reading((repo) => repo.isFile('link'), ['link', 'l*']), reading((repo) => repo.text('a'))];
    await evaluateGates(world, gates);
    expect(await evaluateGates(world, gates)).toMatchObject([{ verdict: 'blind' }, { verdict: 'pass' }]);
  });

  test('a file beyond the limit is blind without being fetched', async () => {
    const { snapshot, batches } = watched({ files: { huge: 'x' } });
    const entries = new Map([['huge', { mode: '100644', sha: 'h', size: LIMITS.textBytes + 1 } as const]]);
    const gates = [reading((repo) => repo.text('huge'), ['huge']), reading((repo) => repo.size('huge'))];
    const evaluations = await evaluateGates(worldOf({ ...snapshot, entries }), gates);
    expect(evaluations).toMatchObject([{ verdict: 'blind' }, { verdict: 'pass' }]);
    expect(evaluations[0]?.reason).toBe(
      'huge could not be read: it is 8.0 MB, more than the 8.0 MB that are read; split it or shrink it',
    );
    expect(batches).toEqual([]);
  });

  test('YAML has a limit of its own; as text the file can be read', async () => {
    const files = { 'big.yaml': `# ${'x'.repeat(LIMITS.yamlBytes)}\n` };
    const gates = [reading((repo) => repo.yaml('big.yaml')), reading((repo) => repo.lines('big.yaml'))];
    const evaluations = await evaluate({ files }, ...gates);
    expect(evaluations).toMatchObject([{ verdict: 'blind' }, { verdict: 'pass' }]);
    expect(evaluations[0]?.reason).toContain('big.yaml could not be read: it is 3.0 MB');
  });

  test('history', async () => {
    const asking = reading((_, { history }) => history({ after: 'abcd', paths: ['a'], limit: 1 }));
    const [evaluation] = await evaluate({ files: {}, history: () => ({ unavailable: 'HTTP 502' }) }, asking);
    expect(evaluation).toMatchObject({ verdict: 'blind', reason: 'the commit history could not be read: HTTP 502' });
  });
});

describe('verdicts', () => {
  const lost: MemoryRepo = { files: { lost: '' }, unavailable: { lost: 'gone' } };
  const blind: Remark = { blind: 'no sibling' };

  test.each<[string, Check, object]>([
    ['nothing said', function* () {}, { verdict: 'pass', reason: undefined, findings: [] }],
    [
      'a part unverified',
      function* () {
        yield { unverified: 'the disk' };
      },
      { verdict: 'pass', unverified: ['the disk'] },
    ],
    [
      'blind',
      function* () {
        yield blind;
        yield blind;
      },
      { verdict: 'blind', reason: 'no sibling; no sibling' },
    ],
    [
      'not applicable',
      function* () {
        yield { notApplicable: 'no such thing here' };
      },
      { verdict: 'skip' },
    ],
    [
      'blind, then a finding',
      function* () {
        yield blind;
        yield finding('a');
      },
      { verdict: 'fail', findings: [{ rule: 'a' }] },
    ],
    [
      'a finding, then blind',
      function* () {
        yield finding('a');
        yield blind;
      },
      { verdict: 'fail', findings: [{ rule: 'a' }] },
    ],
    [
      'a finding, then a file that is lost',
      function* ({ repo }) {
        yield finding('a');
        repo.text('lost');
      },
      { verdict: 'fail', findings: [{ rule: 'a' }] },
    ],
    [
      'blind, then the script dies',
      function* ({ repo }) {
        yield blind;
        repo.text('absent');
      },
      { verdict: 'fail', findings: [{ rule: 'unreadable', subject: 'absent' }] },
    ],
    [
      'the script dies after a finding',
      function* ({ repo }) {
        yield finding('a');
        throw new Abort('no number', repo.at('lost'), 'version');
      },
      {
        verdict: 'fail',
        findings: [{ rule: 'a' }, { rule: 'unreadable', subject: 'version', path: 'lost', message: 'no number' }],
      },
    ],
    [
      'a mistake of ours after a finding',
      function* () {
        yield finding('a');
        throw new TypeError('oops');
      },
      { verdict: 'crashed', reason: 'TypeError: oops', findings: [{ rule: 'a' }] },
    ],
  ])('%s', async (_, check, expected) => {
    expect((await evaluate(lost, gate('it', check)))[0]).toMatchObject(expected);
  });

  test('a gate that crashes leaves the others alone', async () => {
    const crashing = gate('crashing', () => {
      throw new RangeError('too deep');
    });
    const failing = gate('failing', function* () {
      yield finding('a');
    });
    const fine = reading((repo) => repo.isFile('lost'));
    const evaluations = await evaluate(lost, fine, crashing, failing);
    expect(evaluations.map(({ verdict }) => verdict)).toEqual(['pass', 'crashed', 'fail']);
  });

  test('nothing is said twice because a gate was suspended half-way', async () => {
    const halting = gate('halting', function* ({ repo }) {
      yield finding('a');
      repo.text('x');
      yield { unverified: 'b' };
      repo.text('y');
    });
    const [evaluation] = await evaluate({ files: { x: '', y: '' } }, halting);
    expect(evaluation).toMatchObject({ findings: [{ rule: 'a' }], unverified: ['b'] });
  });
});

describe("another gate's verdict", () => {
  const asking = (name: string, other: string) =>
    gate(name, function* ({ verdictOf }) {
      const { verdict, reason } = verdictOf(other);
      if (verdict !== 'pass') yield gateFinding('other-passes', other, undefined, `${verdict} ${reason ?? ''}`.trim());
    });
  const messages = async (...gates: readonly Gate[]) =>
    (await evaluate({ files: { a: '' }, unavailable: { a: 'gone' } }, ...gates)).map(
      ({ verdict, reason, findings }) => findings[0]?.message ?? reason ?? verdict,
    );

  test('comes with its reason', async () => {
    const failing = gate('failing', function* () {
      yield finding('a');
    });
    expect(await messages(asking('first', 'failing'), failing)).toEqual(['fail', 'It is wrong.']);
    expect(
      await messages(
        asking('first', 'reading'),
        reading((repo) => repo.text('a')),
      ),
    ).toEqual(['blind a could not be read: gone', 'a could not be read: gone']);
    expect(await messages(asking('first', 'unheard-of'))).toEqual(['skip gate unheard-of is not implemented']);
  });

  test('is refused to a gate that asks for its own, directly or through others', async () => {
    const refused = (name: string) => `Error: gate ${name} asks for its own verdict`;
    expect(await messages(asking('self', 'self'))).toEqual([refused('self')]);
    expect(await messages(asking('a', 'b'), asking('b', 'a'))).toEqual([
      `crashed ${refused('a')}`,
      `crashed ${refused('b')}`,
    ]);
  });
});

describe('the trace', () => {
  async function traceOf(asked: Gate, source: MemoryRepo, others: readonly Gate[] = []) {
    const { snapshot } = watched(source);
    const world = worldOf(snapshot, [asked, ...others], { workbench: watched({ files: { w: '' } }).snapshot });
    const [evaluation] = await evaluateGates(world, [asked]);
    const { facts, flipsAt } = evaluation?.trace ?? { facts: new Map(), flipsAt: null };
    return { facts: Object.fromEntries(facts), flipsAt };
  }
  const source: MemoryRepo = {
    files: { 'docs/a': 'x', run: '', link: 'docs/a' },
    modes: { run: '100755', link: '120000' },
    commits: [
      { sha: 'newer', message: 'b', paths: ['run'] },
      { sha: 'older', message: 'a', paths: ['run'] },
    ],
  };

  test('holds every question with its answer', async () => {
    const query = { after: 'older', paths: ['run'], limit: null };
    const answer = { isAncestor: true, commits: [{ sha: 'newer', message: 'b' }] };
    const asked = reading((repo, { sibling, history }) => {
      repo.text('docs/a');
      repo.isFile('link');
      repo.isExecutable('run');
      repo.isFile('absent');
      repo.isDirectory('docs');
      repo.glob('docs/*');
      repo.names('docs');
      repo.uncommitted();
      history(query);
      sibling('workbench')?.isFile('w');
      sibling('other');
    });
    expect(await traceOf(asked, source)).toEqual({
      facts: {
        'target path docs/a': '100644 blob of docs/a docs/a',
        'target path link': '100644 blob of docs/a docs/a',
        'target path run': '100755 blob of run run',
        'target path absent': 'absent',
        'target path docs': 'folder',
        'target glob docs/*': listingAnswer(['docs/a']),
        'target names docs': listingAnswer(['a']),
        'target uncommitted ': listingAnswer([]),
        [`target history ${JSON.stringify(query)}`]: digest(JSON.stringify(answer)),
        'workbench sibling ': 'open',
        'workbench path w': '100644 blob of w w',
        'other sibling ': 'not configured',
      },
      flipsAt: null,
    });
  });

  test('holds what a gate asked through another, and when time first changes an answer', async () => {
    const other = reading((repo, { clock }) => [repo.isFile('run'), clock.hasReached(NOW + 60_000)], [], 'other');
    const asked = reading((_, { clock, verdictOf }) => [clock.hasReached(NOW + 90_000), verdictOf('other')]);
    expect(await traceOf(asked, source, [other])).toEqual({
      facts: { 'target path run': '100755 blob of run run' },
      flipsAt: NOW + 60_000,
    });
  });
});

test('folders are indexed with their names in order', () => {
  expect(Object.fromEntries(indexFolders(['b/y', 'b/x/z', 'a']))).toEqual({
    '': ['a', 'b'],
    b: ['x', 'y'],
    'b/x': ['z'],
  });
});

test('a failing gate names the file that is no YAML, with the line, whatever its rules make of it', async () => {
  const check: Check = function* ({ repo }) {
    if (repo.yamlOrEmpty('a.yaml').get('x').isBlank) yield finding('has-x');
  };
  const [evaluation] = await evaluate({ files: { 'a.yaml': 'x: 1\ny: [\n' } }, gate('lenient', check));
  expect(evaluation).toMatchObject({
    verdict: 'fail',
    reason: expect.stringMatching(/^a\.yaml:\d+ is not readable as YAML: /),
  });
});
