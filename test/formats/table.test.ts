import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { GateReport, Report } from '../../src/core/report.ts';
import { reportAsTable, type TableOptions } from '../../src/formats/table.ts';

function finding(subject: string): Finding {
  return { rule: 'r', subject, repo: 'target', path: 'a.yaml', line: 1, message: `${subject} is wrong.` };
}

function reportOf(...gates: readonly Partial<GateReport>[]): Report {
  const rest = { category: '', severity: 'high', lanes: ['infra'], verdict: 'fail', findings: [] } as const;
  return {
    schemaVersion: 1,
    repo: 'you/homelab',
    sha: 'a'.repeat(40),
    now: '2026-02-18T01:00:00.000Z',
    complete: true,
    siblings: {},
    lanes: [],
    gates: gates.map((gate, index) => ({ number: `D${index}`, name: `gate-${index}`, ...rest, ...gate })),
  };
}

const many = Array.from({ length: 237 }, (_, index) => finding(`vm-${index}`));
const seeAll = (gate: string) => `--gate ${gate} shows them all`;
const lines = (report: Report, options?: TableOptions) => reportAsTable(report, options).trimEnd().split('\n');

describe('the table', () => {
  test('shows ten findings of a gate, how many more there are, and how to see them', () => {
    const shown = lines(reportOf({ findings: many }), { seeAll });
    expect(shown.filter((line) => line.includes('is wrong.'))).toHaveLength(10);
    expect(shown).toContain('    … and 227 more findings; --gate D0 shows them all');
  });

  test('shows every finding where nobody says how else to see them', () => {
    const shown = lines(reportOf({ findings: many }));
    expect(shown.filter((line) => line.includes('is wrong.'))).toHaveLength(237);
    expect(shown.join('\n')).not.toContain('more');
  });

  test('puts new findings first and marks them, so that none is left out for an old one', () => {
    const shown = lines(reportOf({ findings: many }), { seeAll, fresh: { D0: ['r vm-200'] } });
    expect(shown.find((line) => line.includes('gate-0'))).toMatch(/237 findings, newly failing \(1 new\)/);
    expect(shown.filter((line) => line.includes('is wrong.'))[0]).toBe('    new  a.yaml:1  vm-200 is wrong.');
  });

  test('names at most 25 skipped gates of a reason', () => {
    const skips = Array.from({ length: 40 }, () => ({ verdict: 'skip', reason: 'not implemented' }) as const);
    const line = lines(reportOf(...skips)).at(-1);
    expect(line).toMatch(/^- 40 skipped, not implemented: D0 .* D24 and 15 more$/);
  });

  test('says of gates that were named instead of lanes that they pass', () => {
    const passing = reportOf({ verdict: 'pass' });
    expect(lines(passing).at(-1)).toBe('✓ D0 gate-0 passes');
    const lane = { id: 'infra', gates: ['D0'], total: 1, pass: 1, fail: 0, blind: 0, crashed: 0, skip: 0 };
    expect(lines({ ...passing, lanes: [lane] }).at(-1)).toBe('✓ infra 1/1');
  });

  test('never lets text of the repo reach the terminal as a command', () => {
    const hostile = '\u001b[2J\u001b]0;x\u0007\u202egnp';
    const report = reportOf({
      name: hostile,
      severity: hostile,
      reason: hostile,
      lanes: [hostile],
      fixHint: hostile,
      findings: [finding(hostile)],
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(reportAsTable(report)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test.each(['constructor', '__proto__', 'toString'])('a gate numbered %s is a gate like any other', (number) => {
    expect(lines(reportOf({ number, findings: [finding('a')] }), { fresh: {} })).toContain('    a.yaml:1  a is wrong.');
  });
});
