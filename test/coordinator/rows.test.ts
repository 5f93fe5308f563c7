import { describe, expect, test } from 'vitest';
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

  test('no name from outside is taken for a row', () => {
    const ledger = memoryLedger();
    const rows = rowsOf(ledger);
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(() => rows.put(`done/${name}`, { at: 1, kind: 'close', issue: 1 })).not.toThrow();
    expect(rows.steps('done/')).toEqual(['done/__proto__', 'done/constructor', 'done/toString']);
  });
});
