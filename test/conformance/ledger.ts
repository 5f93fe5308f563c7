import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ledger } from '../../src/core/ledger.ts';

/** What every ledger does, whatever keeps it; `open` gives an empty one. */
export function conformsAsLedger(open: () => Ledger): void {
  test('gives back what was put, as plain data of its own', () => {
    const ledger = open();
    const value = { list: [1, null, 'text'], deep: { yes: true } };
    ledger.put('a', value);
    value.list.push('later');
    expect(ledger.get('a')).toEqual({ list: [1, null, 'text'], deep: { yes: true } });
    ledger.put('a', 2);
    expect(ledger.get('a')).toBe(2);
    expect(ledger.get('b')).toBeUndefined();
  });

  test('keeps values of megabytes, and empty ones', () => {
    const ledger = open();
    const long = 'ä😀'.repeat(700_000);
    ledger.put('long', long);
    ledger.put('empty', '');
    expect(ledger.get('long') === long).toBe(true);
    expect(ledger.get('empty')).toBe('');
  });

  test('lists keys by what they begin with, sorted; no character is special', () => {
    const ledger = open();
    for (const key of ['done/b', 'done/a', 'done%', 'doneX', 'other', "it's", '__proto__']) ledger.put(key, 1);
    expect(ledger.keys('done/')).toEqual(['done/a', 'done/b']);
    expect(ledger.keys('done%')).toEqual(['done%']);
    expect(ledger.keys("it's")).toEqual(["it's"]);
    expect(ledger.get('__proto__')).toBe(1);
    ledger.delete('done/a');
    ledger.delete('never there');
    expect(ledger.keys('done/')).toEqual(['done/b']);
  });

  test('does all of a transaction or nothing, also one within another', () => {
    const ledger = open();
    ledger.put('a', 1);
    const fail = () =>
      ledger.transaction(() => {
        ledger.put('a', 2);
        ledger.transaction(() => ledger.put('b', 1));
        throw new Error('no');
      });
    expect(fail).toThrow('no');
    expect([ledger.get('a'), ledger.get('b')]).toEqual([1, undefined]);
    expect(ledger.transaction(() => ledger.keys(''))).toContain('a');
  });

  test('behaves as a map does, over any sequence of writes', () => {
    const key = fc.constantFrom('a', 'b', 'c/1', 'c/2', 'constructor');
    const write = fc.oneof(fc.record({ put: key, value: fc.jsonValue() }), fc.record({ delete: key }));
    fc.assert(
      fc.property(fc.array(write), (writes) => {
        const ledger = open();
        const model = new Map<string, string>();
        const start = ledger.keys('');
        for (const step of writes) {
          if ('put' in step) {
            ledger.put(step.put, step.value);
            model.set(step.put, JSON.stringify(step.value));
          } else {
            ledger.delete(step.delete);
            model.delete(step.delete);
          }
        }
        expect(ledger.keys('').filter((each) => !start.includes(each))).toEqual([...model.keys()].sort());
        for (const [each, text] of model) expect(JSON.stringify(ledger.get(each))).toBe(text);
      }),
      { numRuns: 30 },
    );
  });
}
