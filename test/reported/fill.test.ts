import { describe, expect, test } from 'vitest';
import type { GateReport, Report } from '../../src/core/report.ts';
import { contradictionSentence, scriptSentence } from '../../src/formats/sentences.ts';
import { fillGate, type Reported, withReported } from '../../src/reported/fill.ts';

const NOW = Date.parse('2026-02-18T04:17:00Z');
const HOUR = 3_600_000;
const SHA = 'a'.repeat(40);
const CONTEXT = { sha: SHA, now: NOW, maxAge: 36 * HOUR };

const finding = { rule: 'reported', subject: 'mount', path: null, line: null, message: 'The mount is gone.' };

function gate(change: Partial<GateReport>): GateReport {
  return {
    number: 'D107',
    name: 'media-nfs-mount-lock',
    category: 'infra-hygiene',
    severity: 'high',
    lanes: ['media'],
    verdict: 'blind',
    reason: 'needs ssh',
    findings: [],
    ...change,
  };
}

function reported(change: Partial<Reported> = {}): Reported {
  return {
    gate: 'D107',
    verdict: 'pass',
    findings: [],
    output: '',
    sha: SHA,
    at: NOW - HOUR,
    runner: 'mac-mini',
    ...change,
  };
}

describe('what a runner reports', () => {
  test('decides a gate that we could not check, with its findings and its origin', () => {
    expect(fillGate(gate({}), [reported({ verdict: 'fail', findings: [finding] })], CONTEXT)).toEqual({
      ...gate({ verdict: 'fail', findings: [{ ...finding, repo: 'target' }] }),
      reason: undefined,
      reported: { verdict: 'fail', sha: SHA, at: '2026-02-18T03:17:00.000Z', runner: 'mac-mini' },
    });
  });

  test('decides the parts that we could not check beside a pass of the rest', () => {
    const partly = gate({ verdict: 'pass', unverified: ['the daemon runs'] });
    expect(fillGate(partly, [reported()], CONTEXT)).toMatchObject({ verdict: 'pass', reported: { verdict: 'pass' } });
    expect(fillGate(partly, [reported()], CONTEXT)).not.toHaveProperty('unverified');
    expect(fillGate(partly, [reported({ verdict: 'fail', findings: [finding] })], CONTEXT).verdict).toBe('fail');
  });

  test('never overrules a verdict of ours; the contradiction is told', () => {
    const failing = gate({ verdict: 'fail', findings: [{ ...finding, repo: 'target' }] });
    const told = fillGate(failing, [reported()], CONTEXT);
    expect([told.verdict, contradictionSentence(told)]).toEqual([
      'fail',
      "mac-mini reports that it passes at this commit; the audit's own verdict counts.",
    ]);
    const passing = fillGate(gate({ verdict: 'pass' }), [reported({ verdict: 'fail', findings: [finding] })], CONTEXT);
    expect([passing.verdict, passing.findings, contradictionSentence(passing)]).toEqual([
      'pass',
      [],
      "mac-mini reports that it fails at this commit; the audit's own verdict counts.",
    ]);
  });

  test('that the gate fails counts where its script has changed since our verdict was verified against it', () => {
    const { reason: _, ...passing } = gate({ verdict: 'pass' });
    const changed = { ...passing, scriptChanged: true };
    const failed = reported({ verdict: 'fail', findings: [finding] });
    const told = fillGate(changed, [failed], CONTEXT);
    expect([told.verdict, scriptSentence(told)]).toEqual([
      'fail',
      "The gate's script has changed since Lanekeeper was checked against it; run by mac-mini, the changed script says the same.",
    ]);
    expect(fillGate(changed, [reported()], CONTEXT)).toMatchObject({ verdict: 'pass', reported: { verdict: 'pass' } });
    expect(fillGate({ ...changed, verdict: 'fail' }, [reported()], CONTEXT).verdict).toBe('fail');
    expect(fillGate(changed, [failed], { ...CONTEXT, now: NOW + 40 * HOUR })).toMatchObject({
      verdict: 'blind',
      reason: expect.stringContaining('has changed since our verdict was verified against it, failed according to'),
    });
  });

  test('for another commit leaves the gate blind, and says what was last known', () => {
    const told = fillGate(gate({}), [reported({ sha: 'b'.repeat(40) })], CONTEXT);
    expect(told).toMatchObject({
      verdict: 'blind',
      reason: 'needs ssh. The last result, pass by mac-mini, is for commit bbbbbbbbbb.',
    });
  });

  test('is blind again once it is older than the target allows', () => {
    const result = reported({ at: NOW - 36 * HOUR });
    expect(fillGate(gate({}), [result], CONTEXT).verdict).toBe('pass');
    const later = { ...CONTEXT, now: NOW + 1 };
    expect(fillGate(gate({}), [result], later)).toMatchObject({
      verdict: 'blind',
      reason: 'needs ssh. The last result, pass by mac-mini on 2026-02-16 16:17 UTC, is too old to count.',
    });
  });

  test('that it could not check either is said as the reason', () => {
    const told = fillGate(gate({}), [reported({ verdict: 'blind', reason: 'no nix here' })], CONTEXT);
    expect(told.reason).toBe('needs ssh. mac-mini could not check it either: no nix here.');
  });

  test('by several runners about one commit fails where one of them says so, whoever came last; the other one is named', () => {
    const failed = reported({ verdict: 'fail', findings: [finding], at: NOW - 2 * HOUR });
    const passed = reported({ runner: 'nas', at: NOW - HOUR });
    expect(fillGate(gate({}), [passed, failed], CONTEXT)).toMatchObject({
      verdict: 'fail',
      reported: { runner: 'mac-mini', otherwise: ['nas'] },
    });
    const old = { ...failed, at: NOW - 37 * HOUR };
    expect(fillGate(gate({}), [passed, old], CONTEXT)).toMatchObject({ verdict: 'pass', reported: { runner: 'nas' } });
    const unable = reported({ verdict: 'blind', reason: 'no ssh', at: NOW });
    expect(fillGate(gate({}), [passed, unable], CONTEXT).verdict).toBe('pass');
  });

  test('that failed is no pass when it is no longer believed: nobody has seen it mended', () => {
    const partly = gate({ verdict: 'pass', unverified: ['the daemon runs'] });
    const failed = reported({ verdict: 'fail', findings: [finding] });
    const told = (results: readonly Reported[], now = NOW) => fillGate(partly, results, { ...CONTEXT, now });
    expect(told([failed], NOW + 40 * HOUR)).toMatchObject({ verdict: 'blind', reported: { verdict: 'fail' } });
    expect(told([{ ...failed, sha: 'b'.repeat(40) }]).verdict).toBe('blind');
    expect(told([failed, reported({ verdict: 'blind', at: NOW })], NOW + 40 * HOUR).verdict).toBe('blind');
    expect(told([failed, reported({ at: NOW })], NOW + 40 * HOUR)).toMatchObject({
      verdict: 'pass',
      unverified: ['the daemon runs'],
    });
    expect(told([failed, reported({ runner: 'nas', at: NOW })], NOW + 40 * HOUR).verdict).toBe('blind');
  });

  test('of the audited commit counts beside a newer one of another commit', () => {
    const other = reported({ sha: 'b'.repeat(40), verdict: 'fail', findings: [finding], at: NOW });
    expect(fillGate(gate({}), [other, reported()], CONTEXT).verdict).toBe('pass');
  });

  test('as failing without a finding is a finding all the same', () => {
    expect(fillGate(gate({}), [reported({ verdict: 'fail' })], CONTEXT).findings).toMatchObject([
      { rule: 'reported', message: 'It fails according to mac-mini, which says no more.' },
    ]);
  });

  test('decides what is not implemented, but not what the registry skips or what crashed', () => {
    const told = (change: Partial<GateReport>) => fillGate(gate(change), [reported()], CONTEXT).verdict;
    expect(told({ verdict: 'skip', reason: 'not implemented' })).toBe('pass');
    expect(told({ verdict: 'skip', reason: 'retired' })).toBe('skip');
    expect(told({ verdict: 'crashed', reason: 'it ran out of steps' })).toBe('crashed');
  });

  test('never decides a gate of ours, even where the repo has one of the same number', () => {
    const report = (gates: readonly GateReport[]): Report => ({
      ...{ schemaVersion: 1, repo: 'you/homelab', sha: SHA, now: '2026-02-18T04:17:00Z', complete: true, siblings: {} },
      lanes: [{ id: 'media', total: 1, pass: 0, fail: 0, blind: 1, crashed: 0, skip: 0, gates: ['D107'] }],
      gates,
    });
    const ours = { ...gate({}), ours: true, name: 'ours' };
    const filled = withReported(report([gate({}), ours]), [reported()], CONTEXT);
    expect(filled.gates.map(({ verdict }) => verdict)).toEqual(['pass', 'blind']);
    expect(filled.lanes[0]).toMatchObject({ pass: 1, blind: 0 });
    const declared = { ...ours, runs: 'bash check.sh' };
    expect(withReported(report([declared]), [reported()], CONTEXT).gates[0]?.verdict).toBe('pass');
  });

  test('nothing reported changes nothing', () => {
    expect(fillGate(gate({}), [], CONTEXT)).toEqual(gate({}));
  });
});
