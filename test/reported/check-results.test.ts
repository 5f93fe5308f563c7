import { describe, expect, test } from 'vitest';
import type { CheckRun } from '../../src/core/check-runs.ts';
import { checkResult } from '../../src/reported/check-results.ts';

function run(change: Partial<CheckRun>): CheckRun {
  return { name: 'ci', workflow: null, state: 'success', summary: '', completedAt: null, annotations: [], ...change };
}

function annotation(message: string, place: { readonly path?: string; readonly line?: number } = {}) {
  return { level: 'failure', path: 'a.nix', line: 3, title: '', message, ...place } as const;
}

describe('a check as a gate', () => {
  test('that did not run is blind', () => {
    const result = { verdict: 'blind', reason: 'No check called ci ran at this commit.', findings: [] };
    expect(checkResult('ci', [run({ name: 'other' })])).toEqual(result);
  });

  test('can be named by its workflow, too', () => {
    const runs = [
      run({ name: 'test', workflow: 'Nightly' }),
      run({ name: 'test', workflow: 'Other', state: 'failure' }),
    ];
    expect(checkResult('Nightly / test', runs).verdict).toBe('pass');
    expect(checkResult('test', runs).verdict).toBe('fail');
  });

  test('of which one run succeeded and another has not ended is not a pass', () => {
    expect(checkResult('ci', [run({}), run({ state: 'pending' })]).verdict).toBe('blind');
  });

  test('its failure annotations are the findings; warnings and notices are not', () => {
    const annotations = [annotation('undefined variable x'), { ...annotation('unused'), level: 'warning' } as const];
    expect(checkResult('ci', [run({ state: 'failure', annotations })]).findings).toEqual([
      {
        rule: 'check-succeeds',
        subject: 'a.nix undefined variable x',
        path: 'a.nix',
        line: 3,
        message: 'undefined variable x',
      },
    ]);
  });

  test('Actions’ own "exit code 1" is left out beside better ones, and kept where it is all there is', () => {
    const own = annotation('Process completed with exit code 1.', { path: '.github', line: 1 });
    const both = checkResult('ci', [run({ state: 'failure', annotations: [own, annotation('bad')] })]);
    expect(both.findings.map(({ message }) => message)).toEqual(['bad']);
    const alone = checkResult('ci', [run({ state: 'failure', annotations: [own] })]);
    expect(alone.findings).toMatchObject([{ path: null, line: null, message: 'Process completed with exit code 1.' }]);
  });

  test('without annotations its first line of summary is the finding', () => {
    const [finding] = checkResult('ci', [run({ state: 'failure', summary: 'Build failed\nmuch more' })]).findings;
    expect(finding).toMatchObject({ subject: 'ci', message: 'Build failed' });
  });

  test('a finding keeps its identity when its line, time and counts change', () => {
    const subjectOf = (message: string, line: number) =>
      checkResult('ci', [run({ state: 'failure', annotations: [annotation(message, { line })] })]).findings[0]?.subject;
    expect(subjectOf('a.nix:3: 2 errors after 12s at 2026-02-18T04:17:00Z', 3)).toBe(
      subjectOf('a.nix:9: 5 errors after 9s at 2026-02-19T04:17:00Z', 9),
    );
    expect(subjectOf('vm-200 is gone', 3)).not.toBe(subjectOf('vm-201 is gone', 3));
  });
});
