import { describe, expect, test } from 'vitest';
import { noteIdentity, noteSiblings } from '../../src/coordinator/identity.ts';
import { type Rows, rowsOf } from '../../src/coordinator/rows.ts';
import { beginWork, endWork, leftOutOf, noteGate } from '../../src/coordinator/work.ts';
import { memoryLedger } from '../../src/core/ledger.ts';

const SHA = 'a'.repeat(40);

describe('a commit whose audit ends the life it runs in', () => {
  const begin = (rows: Rows, sha = SHA, engine = 'v1') => beginWork(rows, sha, engine);

  test('is tried three times, then reported with the gate it ended in, then audited without that gate', () => {
    const rows = rowsOf(memoryLedger());
    expect(begin(rows)).toEqual({ leftOut: [], isCareful: false });
    for (let life = 2; life <= 3; life++) {
      expect(begin(rows)).toEqual({ leftOut: [], isCareful: true });
      noteGate(rows, 'bomb');
    }
    expect(() => begin(rows)).toThrow(
      /^the audit of commit aaaaaaaaaa has ended 3 times without a result, the last time while the gate bomb was judged/,
    );
    expect(begin(rows)).toEqual({ leftOut: ['bomb'], isCareful: true });
    expect(leftOutOf(rows, SHA)).toEqual([expect.stringMatching(/^The gate bomb is left out at aaaaaaaaaa/)]);
    expect(leftOutOf(rows, 'b'.repeat(40))).toEqual([]);
  });

  test('with two such gates is reported after one more life, which names the second', () => {
    const rows = rowsOf(memoryLedger());
    for (const gate of ['one', 'one', 'one']) {
      begin(rows);
      noteGate(rows, gate);
    }
    expect(() => begin(rows)).toThrow('gate one');
    begin(rows);
    noteGate(rows, 'two');
    expect(() => begin(rows)).toThrow('although one was left out, the last time while the gate two was judged');
    expect(begin(rows).leftOut).toEqual(['one', 'two']);
  });

  test('says so where it did not even come to a gate, and is tried once more a request', () => {
    const rows = rowsOf(memoryLedger());
    for (let life = 0; life < 3; life++) begin(rows);
    for (let request = 0; request < 3; request++) {
      expect(() => begin(rows)).toThrow('before any gate was judged');
      expect(begin(rows)).toEqual({ leftOut: [], isCareful: true });
    }
  });

  test('leaves the next head and a new version of ours to a fresh start', () => {
    for (const [sha, engine] of [
      ['b'.repeat(40), 'v1'],
      [SHA, 'v2'],
    ] as const) {
      const rows = rowsOf(memoryLedger());
      for (let life = 0; life < 3; life++) begin(rows);
      expect(begin(rows, sha, engine)).toEqual({ leftOut: [], isCareful: false });
    }
  });

  test('an audit that ends is no death, and the gate stays left out for this commit', () => {
    const rows = rowsOf(memoryLedger());
    for (let life = 0; life < 3; life++) {
      begin(rows);
      noteGate(rows, 'bomb');
    }
    expect(() => begin(rows)).toThrow('bomb');
    begin(rows);
    endWork(rows);
    for (let night = 0; night < 5; night++) {
      expect(begin(rows)).toEqual({ leftOut: ['bomb'], isCareful: false });
      endWork(rows);
    }
  });
});

describe('the identity of a repository', () => {
  test('that was renamed is kept, and the new name is told', () => {
    const rows = rowsOf(memoryLedger());
    expect(noteIdentity(rows, { repositoryId: 7, name: 'you/homelab' }, 'you/homelab').notices).toEqual([]);
    rows.put('endedAt', 1);
    expect(noteIdentity(rows, { repositoryId: 7, name: 'org/home' }, 'you/homelab')).toEqual({
      notices: ['you/homelab is called org/home at GitHub now; put that name into bindings/targets.yaml.'],
      isAnother: false,
    });
    expect([rows.get('endedAt'), rows.get('identity')]).toEqual([1, { id: 7, name: 'org/home' }]);
  });

  test('that took over the name is a new day one', () => {
    const rows = rowsOf(memoryLedger());
    noteIdentity(rows, { repositoryId: 7, name: 'you/homelab' }, 'you/homelab');
    rows.put('head', { sha: SHA, earlier: [] });
    const { notices, isAnother } = noteIdentity(rows, { repositoryId: 8, name: 'you/homelab' }, 'you/homelab');
    expect([isAnother, notices[0]]).toEqual([true, expect.stringMatching(/^you\/homelab is another repository/)]);
    expect(rows.get('head')).toBeUndefined();
  });

  test('of siblings is followed and told; one that could not be read says nothing, and is not forgotten', () => {
    const rows = rowsOf(memoryLedger());
    noteIdentity(rows, { repositoryId: 7, name: 'you/homelab' }, 'you/homelab');
    const seen = (found: { id: number; name: string } | undefined) =>
      noteSiblings(rows, { workbench: { configured: 'you/workbench', found: () => found } });
    expect(seen({ id: 8, name: 'you/workbench' })).toEqual([]);
    expect(seen(undefined)).toEqual([]);
    expect(seen({ id: 8, name: 'org/bench' })[0]).toMatch(/^The sibling workbench .* is called org\/bench/);
    expect(seen({ id: 9, name: 'you/workbench' })[0]).toMatch(/^The sibling workbench .* is another repository/);
    expect(rows.get('identity')?.siblings).toEqual({ workbench: { id: 9, name: 'you/workbench' } });
  });
});
