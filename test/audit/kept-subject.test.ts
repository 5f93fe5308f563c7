import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptSubject, redactReport } from '../../src/audit/redact-report.ts';
import type { Finding } from '../../src/core/finding.ts';
import { findingKeys, gateFinding, toFinding } from '../../src/core/finding.ts';

function keysOf(...subjects: readonly string[]): readonly string[] {
  const findings: readonly Finding[] = subjects.map((subject) =>
    toFinding(gateFinding('is-listed', subject, undefined, 'x')),
  );
  const gate = {
    number: 'D900',
    name: 'alpha',
    category: '',
    severity: 'low',
    lanes: [],
    verdict: 'fail' as const,
    findings,
  };
  const now = '2026-02-18T04:17:00Z';
  const report = {
    schemaVersion: 1 as const,
    repo: 'you/homelab',
    sha: 'a',
    now,
    complete: true,
    siblings: {},
    lanes: [],
    gates: [gate],
  };
  return redactReport(report).gates.flatMap(({ findings: kept }) => findingKeys(kept));
}

describe('the identity of a finding', () => {
  test.each([
    ['values under a key that looks secret', 'token=aaaaaaaa', 'token=bbbbbbbb'],
    ['tokens by their form', `ghp_${'a'.repeat(24)}`, `ghp_${'b'.repeat(24)}`],
    ['long subjects that begin alike', `${'x'.repeat(520)}1`, `${'x'.repeat(520)}2`],
    ['very long ones', `${'x'.repeat(5000)}1`, `${'x'.repeat(5000)}2`],
    ['long ones with a secret in them', `${'x '.repeat(200)} token=a`, `${'x '.repeat(200)} token=b`],
  ])('tells apart %s', (_, one, other) => {
    expect(keysOf(one, other)).toHaveLength(2);
    expect(keysOf(one, one)).toHaveLength(1);
  });

  test('shows no secret, and no more of its hash than tells two apart', () => {
    expect(keptSubject('token=hunter2')).toMatch(/^token=••• [0-9a-f]{4}$/);
    expect(keysOf(`${'x '.repeat(200)} token=hunter2`).join()).not.toContain('hunter2');
  });

  test('of a subject that is neither masked nor cut is its text, as it always was', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9:#/. -]{1,300}$/), (subject) => {
        expect(keptSubject(subject)).toBe(subject);
      }),
    );
  });

  test('does not change when it is made again', () => {
    const secret = fc.constantFrom('token=', 'password: ', 'ghp_', '"api_key":"', 'x');
    fc.assert(
      fc.property(secret, fc.string({ maxLength: 700 }), secret, (before, text, after) => {
        const once = keptSubject(`${before}${text} ${after}zzzzzzzzzzzzzzzzzzzzzzzz`);
        expect(keptSubject(once)).toBe(once);
        expect(once.length).toBeLessThanOrEqual(330);
      }),
    );
  });
});
