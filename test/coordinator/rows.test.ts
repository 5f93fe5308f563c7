import { describe, expect, test } from 'vitest';
import type { RegisteredGate } from '../../src/audit/registry/governance.ts';
import type { StoredGovernance } from '../../src/audit/registry/kept-governance.ts';
import type { StoredVerdict } from '../../src/audit/reuse.ts';
import { rowsOf } from '../../src/coordinator/rows.ts';
import { memoryLedger } from '../../src/core/ledger.ts';

describe('the rows of a ledger', () => {
  test('that do not fit and can be found out again are dropped, logged and told', () => {
    const ledger = memoryLedger();
    const logged: unknown[] = [];
    const rows = rowsOf(ledger, (message, details) => logged.push([message, details.key]));
    ledger.put('last', { report: 'gone' });
    expect(rows.get('last')).toBeUndefined();
    expect(logged).toEqual([['dropped a row of the ledger', 'last']]);
    expect(rows.get('dropped')).toEqual([
      expect.stringMatching(/^The ledger's row `last` could not be read and was dropped/),
    ]);
    expect(ledger.get('last')).toBeUndefined();
  });

  test('that nothing else knows stop the target', () => {
    const ledger = memoryLedger();
    const rows = rowsOf(ledger);
    ledger.put('inbox', { gates: [] });
    ledger.put('done/a', { at: 'noon' });
    expect(() => rows.get('inbox')).toThrow(/^the ledger's row inbox is damaged/);
    expect(() => rows.get('done/a')).toThrow("the ledger's row done/a is damaged");
    expect(ledger.get('inbox')).toEqual({ gates: [] });
  });

  test('are checked when they are written: a shape that changed fails at its first write', () => {
    const rows = rowsOf(memoryLedger());
    // What a caller in the wrong could do at run time.
    expect(() => rows.put('endedAt', 'noon' as unknown as number)).toThrow('the row endedAt cannot be kept');
  });

  test('about the repository are forgotten together, and nothing that was asked for', () => {
    const ledger = memoryLedger();
    const rows = rowsOf(ledger);
    ledger.put('schema-version', 3);
    rows.put('repo', 'you/homelab');
    rows.put('endedAt', 1);
    rows.put('head', { sha: 'a', earlier: [] });
    rows.put('intent/a', { at: 1, kind: 'close', issue: 1 });
    rows.forgetRepository();
    expect(ledger.keys('')).toEqual(['endedAt', 'repo', 'schema-version']);
  });

  test('whose form is described twice lose no field', () => {
    const place = { repo: 'target', path: 'ops/bindings/gate.registry.yaml', line: 3, column: 1 };
    const gate: Required<RegisteredGate> = {
      id: 'D1',
      name: 'alpha',
      category: 'infra',
      severity: 'high',
      fixHint: 'Mend it.',
      script: 'checks/d1.sh',
      isRetired: false,
      isInline: true,
      isLeftToUs: true,
      place,
    };
    const trace = { version: '1', at: 1, facts: [['file a', 'b']] as const, flipsAt: null, asksTime: true };
    const says: Required<StoredGovernance['says']> = {
      coreGates: ['D1'],
      assignments: [{ gate: 'D1', primary: 'core', secondary: ['aof'] }],
      domains: [{ id: 'aof', pathTriggers: ['ops/'] }],
      releaseSequence: ['core'],
      profiles: [['aof', ['D1']]],
      gates: [gate],
      bypass: 'a window',
      unusable: ['this entry has no name'],
    };
    const finding = { ...place, rule: 'r', subject: 's', message: 'm', excerpt: 'e' };
    const verdict: Required<StoredVerdict> = {
      ...trace,
      verdict: 'fail',
      reason: 'because',
      unverified: ['a part'],
      findings: [finding],
      output: ['a line'],
    };
    const ledger = memoryLedger();
    rowsOf(ledger).put('governance', { ...trace, says });
    rowsOf(ledger).put('verdict/alpha', verdict);
    expect(rowsOf(ledger).get('governance')).toEqual({ ...trace, says });
    expect(rowsOf(ledger).get('verdict/alpha')).toEqual(verdict);
  });

  test('no name from outside is taken for a row', () => {
    const ledger = memoryLedger();
    const rows = rowsOf(ledger);
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(() => rows.put(`done/${name}`, { at: 1, kind: 'close', issue: 1 })).not.toThrow();
    expect(rows.steps('done/')).toEqual(['done/__proto__', 'done/constructor', 'done/toString']);
  });
});
