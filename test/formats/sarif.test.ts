import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import type { ReportToRender } from '../../src/formats/format.ts';
import { reportAsSarif } from '../../src/formats/sarif.ts';
import { audits } from '../web/fixture.ts';
import schema from './sarif/sarif-schema-2.1.0.json' with { type: 'json' };

/** The vendored schema is of draft 4, which Ajv reads when it is told its id in the present way. */
const { id, $schema: _, ...rest } = schema;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
const isSarif = ajv.compile({ $id: id, ...rest });

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly [
        { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly unknown[] },
      ];
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly baselineState?: string;
        readonly message: { readonly text: string };
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: { readonly startLine: number };
            };
          },
        ];
      }[];
    },
  ];
}

function sarifOf(given: Report, { fresh }: Pick<ReportToRender, 'fresh'> = {}): Sarif['runs'][0] {
  const pages = { webUrl: 'https://github.com', repo: given.repo, sha: given.sha };
  const log = JSON.parse(reportAsSarif({ report: given, pages, fresh })) as Sarif;
  expect(isSarif(log), ajv.errorsText(isSarif.errors)).toBe(true);
  return log.runs[0];
}

function report(night: number, text?: string): Report {
  const found = audits(text)[night]?.report;
  if (!found) throw new Error('no such night');
  return found;
}

describe('SARIF', () => {
  test('every finding is a result of its gate, at its file and line', () => {
    const { results, tool } = sarifOf(report(2));
    expect(
      results.map(({ ruleId, locations: [{ physicalLocation }] }) => [
        ruleId,
        physicalLocation.artifactLocation.uri,
        physicalLocation.region.startLine,
      ]),
    ).toEqual([
      ['D138', 'ops/bindings/start%20up.yaml', 12],
      ['D138', 'ops/bindings/gate.registry.yaml', 1],
      ['D138', 'ops/bindings/gate.registry.yaml', 1],
      ['D86', 'ops/bindings/start%20up.yaml', 12],
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(results[1]?.message.text).toContain('workbench: ops/bindings/start up.yaml:12');
  });

  test('fingerprints are of gate, rule and subject alone', () => {
    const moved = report(2);
    const gates = moved.gates.map((gate) => ({
      ...gate,
      severity: 'low',
      findings: gate.findings.map((finding) => ({
        ...finding,
        line: 99,
        message: 'Another sentence, 14 days old.',
        excerpt: 'x',
      })),
    }));
    const prints = (run: Sarif['runs'][0]) => run.results.map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(sarifOf({ ...moved, gates }))).toEqual(prints(sarifOf(report(2))));
    expect(new Set(prints(sarifOf(report(2))).map((print) => JSON.stringify(print))).size).toBe(4);
  });

  test('says what is new where that is known, and what kept gates from being judged', () => {
    const fresh = { D138: ['phase-has-site phase:1'] };
    expect(sarifOf(report(2), { fresh }).results.map(({ baselineState }) => baselineState)).toEqual([
      'new',
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    const failed = sarifOf({ ...report(2), error: 'no access', gates: [], lanes: [] }).invocations[0];
    expect([failed.executionSuccessful, failed.toolExecutionNotifications.length]).toEqual([false, 1]);
    expect(sarifOf(report(2)).invocations[0].toolExecutionNotifications).toHaveLength(1);
  });

  test("stays within GitHub's limits, whatever a gate finds", () => {
    const [gate] = report(2).gates;
    const [finding] = gate?.findings ?? [];
    if (!gate || !finding) throw new Error('no finding');
    const findings = Array.from({ length: 6000 }, (_, index) => ({
      ...finding,
      subject: `s${index}`,
      line: 0,
      message: 'x'.repeat(3000),
    }));
    const lanes = Array.from({ length: 40 }, (_, index) => `lane-${index}`);
    const run = sarifOf({ ...report(2), sha: null, gates: [{ ...gate, lanes, name: 'n'.repeat(400), findings }] });
    expect(run.results).toHaveLength(5000);
    expect(run.invocations[0].toolExecutionNotifications).toEqual([
      { level: 'warning', message: { text: '1000 more results left out: GitHub shows no more than 5000.' } },
    ]);
  });

  test.each(['"><script>', '%2e%2e/', '\u0000\n\u202e', '{0} [link](javascript:x)'])(
    'hostile text stays text: %j',
    (text) => {
      expect(sarifOf(report(2, text)).results).toHaveLength(4);
    },
  );
});
