import { describe, expect, test } from 'vitest';
import type { StoredVerdict } from '../../src/audit/reuse.ts';
import { type AuditRequest, runAudit } from '../../src/audit/run.ts';
import { ScriptsLeft } from '../../src/audit/scripts.ts';
import { digest } from '../../src/core/digest.ts';
import type { Gate } from '../../src/core/gate.ts';
import { scriptSentence } from '../../src/formats/sentences.ts';
import { laneTotals } from '../../src/formats/totals.ts';
import { scriptEngine } from '../../src/scripts/engine.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles, NOW } from './governed-repo.ts';

const GOOD = 'grep -q hello README.md\n';
const BAD = 'grep -q title README.md || { echo checking; echo "FAIL: README.md:1: no title"; exit 1; }\n';
const HOST = 'ssh nas true\n';
const TIMED = 'test -f README.md && [ "$(date -u +%F)" = 2026-02-17 ]\n';
const ENGINE = scriptEngine({ root: '/srv/ops', siblings: { workbench: undefined } });

type Files = Readonly<Record<string, string>>;

/** A repo that registers a gate for each script, X0, X1, …, in the lane `docs`. */
function target(scripts: Files, more: Files = {}) {
  const names = Object.keys(scripts);
  const rows = names.map((name, at) => `  - { id: X${at}, name: ${name}, check_script: ${name}.sh }\n`).join('');
  const lane = names.map((_, at) => `  - { gate_id: X${at}, primary_domain: docs }\n`).join('');
  const bodies = Object.fromEntries(names.map((name) => [`${name}.sh`, scripts[name] ?? '']));
  const files: Files = {
    ...governanceFiles({ registry: `gates:\n${rows}`, topology: `gate_assignments:\n${lane}` }),
    'README.md': 'hello\n',
    ...bodies,
    ...more,
  };
  const modes = Object.fromEntries(names.map((name) => [`${name}.sh`, '100755'] as const));
  const snapshot = memorySnapshot({ files, modes, sha: digest(JSON.stringify(files)) });
  const entries = new Map(
    [...snapshot.entries].map(([path, entry]) => [path, { ...entry, sha: digest(files[path] ?? '') }]),
  );
  return { ...snapshot, entries, read: (paths: readonly string[]) => snapshot.read(paths) };
}

function blobOf(snapshot: ReturnType<typeof target>, path: string): string {
  return snapshot.entries.get(path)?.sha ?? '';
}

/** A blob id of the form that git gives. */
const HEX = 'c'.repeat(40);

function withBlob(snapshot: ReturnType<typeof target>, path: string, sha: string) {
  const entries = new Map(snapshot.entries);
  const entry = entries.get(path);
  if (entry) entries.set(path, { ...entry, sha });
  return { ...snapshot, entries, read: (paths: readonly string[]) => snapshot.read(paths) };
}

function certified(rows: string): Files {
  return { 'ops/bindings/audit.certified.yaml': `version: 1\ncertified:\n${rows}` };
}

function audit(snapshot: AuditRequest['target'], extra: Partial<AuditRequest> = {}) {
  return runAudit({
    target: snapshot,
    siblings: {},
    now: NOW,
    gates: [],
    defaultRegistry: { gates: [], lanes: [] },
    scripts: { engine: ENGINE, areTrusted: false },
    ...extra,
  });
}

const TRUSTED = { engine: ENGINE, areTrusted: true };

describe('a registered gate that nobody else judges is judged by its own script', () => {
  test('uncertified: what it says is shown and counts as nothing', async () => {
    const { report } = await audit(target({ good: GOOD, bad: BAD, host: HOST }));
    expect(report.lanes.map(laneTotals)).toEqual(['0/3 · 2 provisional · 1 blind']);
    expect(report.gates.map(({ verdict, findings }) => [verdict, findings.length])).toEqual([
      ['provisional', 0],
      ['provisional', 0],
      ['blind', 0],
    ]);
    expect(report.gates.map(({ script }) => script?.verdict)).toEqual(['pass', 'fail', 'blind']);
    expect(report.gates[1]?.script).toMatchObject({
      standing: 'provisional',
      path: 'bad.sh',
      findings: [{ path: 'README.md', line: 1, message: 'README.md:1: no title' }],
      output: ['checking'],
    });
    expect(report.gates[2]?.reason).toBe('needs ssh');
    expect(report.complete).toBe(true);
  });

  test('trusted: it counts like any other', async () => {
    const { report } = await audit(target({ good: GOOD, bad: BAD, host: HOST }), { scripts: TRUSTED });
    expect(report.lanes.map(laneTotals)).toEqual(['1/3 · 1 failing · 1 blind']);
    expect(report.gates[1]).toMatchObject({ verdict: 'fail', findings: [{ line: 1 }], script: { findings: [] } });
  });

  test('what stands on the word of who configured the target is not verified, also when it is recalled', async () => {
    const snapshot = target({ pool: `${GOOD}[ ! -d /mnt/pool ]\n` });
    const engine = scriptEngine({ root: '/srv/ops', siblings: {}, absent: ['/mnt/pool'] });
    const scripts = { engine, areTrusted: true };
    const first = await audit(snapshot, { scripts, earlier: { version: '1', verdicts: new Map() } });
    const again = await audit(snapshot, { scripts, earlier: { version: '1', verdicts: first.verdicts } });
    for (const { report } of [first, again]) {
      expect(report.gates[0]).toMatchObject({
        verdict: 'pass',
        unverified: ["/mnt/pool, which the target's settings say is absent"],
      });
    }
    expect(again.reused).toBeGreaterThan(0);
    const unstated = await audit(snapshot, { scripts: TRUSTED, earlier: { version: '1', verdicts: first.verdicts } });
    expect(unstated.report.gates[0]).toMatchObject({ verdict: 'blind' });
  });

  test('certified: it counts while the script is the very version that was compared', async () => {
    const row = `  - { script: bad.sh, blob: ${HEX}, agreed: true }\n`;
    const snapshot = target({ bad: BAD }, certified(row));
    const same = await audit(withBlob(snapshot, 'bad.sh', HEX));
    expect(same.report.gates[0]).toMatchObject({ verdict: 'fail', script: { standing: 'certified' } });
    const changed = await audit(withBlob(snapshot, 'bad.sh', 'd'.repeat(40)));
    expect(changed.report.gates[0]).toMatchObject({ verdict: 'provisional', script: { standing: 'provisional' } });
  });

  test.each([
    ['one that disagreed', `  - { script: bad.sh, blob: ${HEX}, agreed: false }\n`, undefined],
    [
      'one that agreed once and disagreed once',
      `  - { script: bad.sh, blob: ${HEX}, agreed: true }\n  - { script: bad.sh, blob: ${HEX}, agreed: false }\n`,
      undefined,
    ],
    [
      'any, where one row has a mistake',
      `  - { script: bad.sh, blob: ${HEX}, agreed: true }\n  - { script: other.sh, blob: short, agreed: true }\n`,
      'ops/bindings/audit.certified.yaml:4: the `blob` of `other.sh` is no git blob id of 40 digits. No script counts as certified until that is mended.',
    ],
    [
      'any, where the file is no YAML',
      '  - { script: bad.sh\n',
      expect.stringMatching(/^ops\/bindings\/audit\.certified\.yaml:\d+: not readable as YAML/),
    ],
  ])('not certified: %s', async (_, rows, problem) => {
    const { report } = await audit(withBlob(target({ bad: BAD }, certified(rows)), 'bad.sh', HEX));
    expect(report.gates[0]?.verdict).toBe('provisional');
    expect(report.certificates).toEqual(problem);
  });

  test('a script that comes to no end crashes; uncertified, that leaves the audit complete', async () => {
    const endless = 'f() { f; }; test -f README.md; f\n';
    const { report } = await audit(target({ endless }));
    expect(report.gates[0]).toMatchObject({ verdict: 'provisional', script: { verdict: 'crashed' } });
    expect(report.complete).toBe(true);
    const trusted = await audit(target({ endless }), { scripts: TRUSTED });
    expect(trusted.report).toMatchObject({ complete: false, gates: [{ verdict: 'crashed' }] });
  });

  test('by number, whatever lanes say', async () => {
    const { report } = await audit(target({ good: GOOD, bad: BAD }), { only: ['X1'] });
    expect(report.gates.map(({ number, script }) => [number, script?.verdict])).toEqual([['X1', 'fail']]);
  });

  test('without an engine it is not implemented, as before', async () => {
    const { report } = await audit(target({ good: GOOD }), { scripts: undefined });
    expect(report.gates[0]).toMatchObject({ verdict: 'skip', reason: 'not implemented' });
  });
});

describe('a gate that we judge ourselves', () => {
  const native = (mirrors: readonly string[], name = 'bad', check: Gate['check'] = function* () {}): Gate => ({
    name,
    mirrors,
    why: '',
    fix: '',
    rules: { 'no-owner': '' },
    reads: [],
    check,
    examples: { pass: [], fail: [] },
  });

  const strict: Gate['check'] = function* () {
    yield { rule: 'no-owner', subject: 'all', place: { path: 'README.md', line: 1 }, message: 'no owner' };
  };

  test('keeps its verdict, whatever a changed script says that nobody has certified; the difference is shown', async () => {
    const { report } = await audit(target({ bad: BAD }), { gates: [native([])] });
    expect(report.gates[0]).toMatchObject({
      verdict: 'pass',
      findings: [],
      scriptChanged: true,
      script: { standing: 'compared', verdict: 'fail' },
    });
    expect(report.lanes.map(laneTotals)).toEqual(['1/1']);
  });

  test.each([
    ['trusted', TRUSTED],
    ['certified', { engine: ENGINE, areTrusted: false }],
  ] as const)('gives way to a changed script that is %s', async (standing, scripts) => {
    const rows = certified(`  - { script: bad.sh, blob: ${HEX}, agreed: true }\n`);
    const snapshot = withBlob(target({ bad: BAD }, standing === 'certified' ? rows : {}), 'bad.sh', HEX);
    const { report } = await audit(snapshot, { gates: [native([])], scripts });
    const [gate] = report.gates;
    expect(gate).toMatchObject({
      verdict: 'fail',
      findings: [{ path: 'README.md', line: 1 }],
      script: { standing, inPlaceOf: 'pass', verdict: 'fail', findings: [] },
    });
    expect(gate && scriptSentence(gate)).toBe(
      `The gate's script has changed since Lanekeeper was checked against it. The changed script is ${standing}, so its verdict counts; Lanekeeper's own would be pass.`,
    );
    expect(report.lanes.map(laneTotals)).toEqual(['0/1 · 1 failing']);
  });

  test('passes where the changed script does, and keeps its own findings where both fail', async () => {
    const { report } = await audit(target({ good: GOOD, bad: BAD }), {
      gates: [native([], 'good', strict), native([], 'bad', strict)],
      scripts: TRUSTED,
    });
    expect(report.gates).toMatchObject([
      { verdict: 'pass', findings: [], script: { standing: 'trusted', inPlaceOf: 'fail' } },
      { verdict: 'fail', findings: [{ rule: 'no-owner' }], script: { standing: 'compared' } },
    ]);
  });

  test('keeps its verdict where the changed script cannot be run here', async () => {
    const { report } = await audit(target({ host: HOST }), { gates: [native([], 'host')], scripts: TRUSTED });
    expect(report.gates[0]).toMatchObject({ verdict: 'pass', script: { standing: 'compared', verdict: 'blind' } });
  });

  test('is not compared with a script that it was verified against', async () => {
    const snapshot = target({ bad: BAD });
    const { report, judged } = await audit(snapshot, { gates: [native([blobOf(snapshot, 'bad.sh')])] });
    expect(report.gates[0]?.script).toBeUndefined();
    expect(judged).toBe(1);
  });
});

describe('what a script said holds while what it rests on does', () => {
  const again = (verdicts: ReadonlyMap<string, StoredVerdict>, snapshot: AuditRequest['target'], extra = {}) =>
    audit(snapshot, { earlier: { version: 'one', verdicts }, ...extra });

  test.each<[string, Files, Files, number]>([
    ['nothing changed', { good: GOOD }, {}, 0],
    ['a file that it did not read changed', { good: GOOD }, { 'other.md': 'x' }, 0],
    ['a file that it read changed', { good: GOOD }, { 'README.md': 'hello again\n' }, 1],
    ['the script changed', { good: `${GOOD}\n` }, {}, 1],
    [
      'a file appeared that it had looked for',
      { good: GOOD, looks: 'test ! -e later.md && cat README.md' },
      { 'later.md': '' },
      1,
    ],
  ])('%s', async (_, scripts, files, judged) => {
    const before = { good: GOOD, ...('looks' in scripts ? { looks: scripts.looks ?? '' } : {}) };
    const first = await again(new Map(), target(before));
    const second = await again(first.verdicts, target({ ...before, ...scripts }, files));
    expect(second.judged).toBe(judged);
    const anew = await audit(target({ ...before, ...scripts }, files));
    expect(second.report.gates).toEqual(anew.report.gates);
  });

  test('one that asked for the time says nothing of another time', async () => {
    const first = await again(new Map(), target({ timed: TIMED }), { scripts: TRUSTED });
    expect(first.report.gates[0]?.verdict).toBe('pass');
    const later = await again(first.verdicts, target({ timed: TIMED }), { scripts: TRUSTED, now: NOW + 86_400_000 });
    expect(later.report.gates[0]?.verdict).toBe('fail');
  });

  test('another layout runs all of them anew', async () => {
    const first = await again(new Map(), target({ good: GOOD }));
    const engine = scriptEngine({ root: '/elsewhere', siblings: {} });
    const second = await again(first.verdicts, target({ good: GOOD }), { scripts: { engine, areTrusted: false } });
    expect(second.judged).toBe(1);
  });

  test('a sibling that comes back is looked at', async () => {
    const reads = 'cat README.md >/dev/null; test -f /srv/workbench/note.md || { echo "FAIL: no note"; exit 1; }';
    const lost = await again(new Map(), target({ reads }), { lostSiblings: { workbench: 'gone' } });
    expect(lost.report.gates[0]).toMatchObject({ verdict: 'blind', reason: expect.stringContaining('/srv/workbench') });
    const workbench = memorySnapshot({ files: { 'note.md': '' }, sha: 'b'.repeat(40) });
    const found = await again(lost.verdicts, target({ reads }), { siblings: { workbench } });
    expect(found.report.gates[0]?.script?.verdict).toBe('pass');
  });
});

describe('a run that stops half-way', () => {
  const scripts = { one: GOOD, two: BAD, three: TIMED, four: 'f() { f; }; test -f README.md; f\n' };

  test('keeps what it found out, and the next one goes on', async () => {
    const kept = new Map<string, StoredVerdict>();
    const limits = {
      engine: ENGINE,
      areTrusted: true,
      isEnough: () => true,
      onVerdict: async (key: string, verdict: StoredVerdict) => void kept.set(key, verdict),
    };
    const step = () =>
      audit(target(scripts), { scripts: limits, earlier: { version: 'one', verdicts: new Map(kept) } });
    for (const left of [3, 2, 1]) {
      const error = await step().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ScriptsLeft);
      expect(error).toMatchObject({ left, total: 4 });
    }
    const whole = await step();
    expect(whole).toMatchObject({ judged: 1, reused: 3 });
    expect(whole.report.gates.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', 'pass', 'crashed']);
    // One that crashed is kept for this very audit, so that it ends; not for the next one.
    expect((await step()).reused).toBe(4);
    const later = await audit(target(scripts), {
      scripts: TRUSTED,
      now: NOW + 1000,
      earlier: { version: 'one', verdicts: kept },
    });
    expect(later.judged).toBe(2);
  });
});

test('a script that ended lives is left out, blind with the reason; the others are announced before they run', async () => {
  const announced: string[] = [];
  const { report, verdicts } = await audit(target({ good: GOOD, bad: BAD }), {
    scripts: TRUSTED,
    earlier: { version: 'one', verdicts: new Map() },
    leftOut: new Map([['bad', 'It ended the audit three times.']]),
    onGate: async (gate) => void announced.push(gate),
  });
  expect(report.gates.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['pass', undefined],
    ['blind', 'It ended the audit three times.'],
  ]);
  expect(announced).toEqual(['good']);
  expect([...verdicts.keys()]).toEqual(['script:good.sh']);
});

test('what a script prints of a private sibling is not shown to readers of a public repo', async () => {
  const leaks = 'cat README.md >/dev/null; echo "FAIL: $(cat /srv/workbench/note.md)"; echo more; exit 1';
  const workbench = {
    ...memorySnapshot({ files: { 'note.md': 'confidential' }, sha: 'b'.repeat(40) }),
    isPrivate: true,
  };
  const { report } = await audit(target({ leaks }), { siblings: { workbench }, scripts: TRUSTED });
  expect(JSON.stringify(report)).not.toContain('confidential');
  expect(report.gates[0]).toMatchObject({
    verdict: 'fail',
    findings: [{ message: expect.stringContaining('private') }],
  });
});
