import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactReport } from '../../src/audit/redact-report.ts';
import type { StoredVerdict } from '../../src/audit/reuse.ts';
import { isWaivedBy } from '../../src/audit/waivers.ts';
import { receiveResults, reportedResults } from '../../src/coordinator/results.ts';
import { rowsOf } from '../../src/coordinator/rows.ts';
import type { GateReport, Report } from '../../src/core/report.ts';
import { sqliteLedger } from '../../src/store/sqlite.ts';
import { sqliteStorage } from '../coordinator/stored-nights.ts';

const TOLD = 'curl -u admin:hunter2 https://nas.lan';
const FINDING = { rule: 'r', subject: `x ${TOLD}`, repo: 'target', path: 'a', line: 1, message: TOLD, excerpt: TOLD };
const GATE: GateReport = {
  number: 'D1',
  name: 'one',
  category: '',
  severity: 'high',
  lanes: [],
  verdict: 'fail',
  reason: TOLD,
  unverified: [TOLD],
  findings: [FINDING],
  fixHint: TOLD,
  why: TOLD,
};

test('no sentence of a report holds a secret', () => {
  const problems = [{ path: 'lanekeeper.yaml', line: 1, column: 1, message: TOLD }];
  const report: Report = {
    schemaVersion: 1,
    repo: 'you/homelab',
    sha: null,
    now: '2026-02-18T01:00:00.000Z',
    complete: true,
    problems,
    siblings: {},
    lanes: [],
    gates: [GATE],
  };
  const redacted = JSON.stringify(redactReport(report));
  expect(redacted).not.toContain('hunter2');
  expect(redacted.match(/•••/g)).toHaveLength(8);
  expect(JSON.stringify(redactReport(JSON.parse(redacted)))).toBe(redacted);
});

test('a report is redacted alike, whatever is known of the one before', () => {
  const said = fc.constantFrom(
    TOLD,
    'token=hunter2',
    'a quiet sentence',
    'x'.repeat(2500),
    `${'y '.repeat(160)}token=z`,
  );
  const gate = fc
    .record({ reason: said, why: said, finding: said, unverified: fc.array(said) })
    .map(({ reason, why, finding, unverified }): GateReport => {
      const findings = [{ ...FINDING, subject: finding, message: finding, excerpt: finding }];
      return { ...GATE, reason, why, unverified, findings };
    });
  const report = fc.array(gate, { maxLength: 3 }).map((gates) => ({ gates }) as unknown as Report);
  fc.assert(
    fc.property(report, report, (before, now) => {
      expect(redactReport(now, { before: redactReport(before) })).toEqual(redactReport(now));
    }),
  );
});

test('what was searched already is not searched again, and nothing else is taken for it', () => {
  const verdict: StoredVerdict = {
    ...{ version: '1', at: 0, facts: [], flipsAt: null, asksTime: false },
    ...{ verdict: 'fail', reason: null, unverified: [], findings: [FINDING] },
  };
  const report = { gates: [{ ...GATE, fixHint: 'token=hunter3' }] } as unknown as Report;
  const redacted = JSON.stringify(redactReport(report, { verdicts: [verdict] }));
  expect(redacted).toContain('hunter2');
  expect(redacted).not.toContain('hunter3');
});

test('a waiver covers a finding whose subject is masked, by its text and by what is shown of it', () => {
  const [finding] = redactReport({ gates: [GATE] } as unknown as Report).gates[0]?.findings ?? [];
  const waiver = { gate: 'D1', reason: '', owner: '', expires: '2026-03-01', subject: finding?.subject ?? '' };
  expect(isWaivedBy(waiver, GATE, finding?.subject ?? '')).toBe(true);
  expect(isWaivedBy(waiver, GATE, FINDING.subject)).toBe(true);
  expect(isWaivedBy(waiver, GATE, `${FINDING.subject}/other`)).toBe(false);
});

test('what a runner reports is kept without its secrets', () => {
  const rows = rowsOf(sqliteLedger(sqliteStorage()));
  const findings = [{ rule: 'r', subject: `x ${TOLD}`, message: TOLD, path: null, line: null }];
  const results = [{ gate: 'D1', verdict: 'fail' as const, reason: TOLD, findings, output: TOLD }];
  const posted = { runner: 'nas', sha: 'a'.repeat(40), at: '2026-02-18T01:00:00Z', results, facts: {} };
  expect(receiveResults(rows, posted as never, { id: '1', expiresAt: 0 }, 0)).toBe('taken');
  expect(JSON.stringify(reportedResults(rows))).not.toContain('hunter2');
  expect(JSON.stringify(reportedResults(rows)).match(/•••/g)).toHaveLength(4);
});
