import { describe, expect, test } from 'vitest';
import { noteIdentity } from '../../src/coordinator/identity.ts';
import { rowsOf } from '../../src/coordinator/rows.ts';
import { beginWork, endWork, noteGate } from '../../src/coordinator/work.ts';
import { memoryLedger } from '../../src/core/ledger.ts';

const SHA = 'a'.repeat(40);

describe('a commit whose audit ends the life it runs in', () => {
  test('is audited with care, then without the gate it ended in, then not at all', () => {
    const rows = rowsOf(memoryLedger());
    expect(beginWork(rows, SHA, 'v1', false)).toEqual({ leftOut: [], isCareful: false });
    expect(beginWork(rows, SHA, 'v1', false)).toEqual({ leftOut: [], isCareful: true });
    noteGate(rows, 'bomb');
    expect(beginWork(rows, SHA, 'v1', false)).toEqual({ leftOut: ['bomb'], isCareful: true });
    expect(() => beginWork(rows, SHA, 'v1', false)).toThrow(
      /^the audit of commit aaaaaaaaaa ran out of time or memory 3 times \(it came as far as the gate bomb\)/,
    );
  });

  test('says so where it did not even come to a gate', () => {
    const rows = rowsOf(memoryLedger());
    for (let life = 0; life < 3; life++) beginWork(rows, SHA, 'v1', false);
    expect(() => beginWork(rows, SHA, 'v1', false)).toThrow('it did not come as far as the first gate');
  });

  test('leaves the next head, a new version of ours, and a person who insists to a fresh start', () => {
    for (const [sha, engine, isForced] of [
      ['b'.repeat(40), 'v1', false],
      [SHA, 'v2', false],
      [SHA, 'v1', true],
    ] as const) {
      const rows = rowsOf(memoryLedger());
      for (let life = 0; life < 3; life++) beginWork(rows, SHA, 'v1', false);
      expect(beginWork(rows, sha, engine, isForced)).toEqual({ leftOut: [], isCareful: false });
    }
  });

  test('an audit that ends is no death, and the gate stays left out for this commit', () => {
    const rows = rowsOf(memoryLedger());
    beginWork(rows, SHA, 'v1', false);
    beginWork(rows, SHA, 'v1', false);
    noteGate(rows, 'bomb');
    beginWork(rows, SHA, 'v1', false);
    endWork(rows);
    for (let night = 0; night < 5; night++) {
      expect(beginWork(rows, SHA, 'v1', false)).toEqual({ leftOut: ['bomb'], isCareful: false });
      endWork(rows);
    }
  });
});

describe('the identity of a repository', () => {
  test('that was renamed is kept, and the new name is told', () => {
    const rows = rowsOf(memoryLedger());
    expect(noteIdentity(rows, { repositoryId: 7, name: 'you/homelab' }, 'you/homelab')).toEqual([]);
    rows.put('endedAt', 1);
    expect(noteIdentity(rows, { repositoryId: 7, name: 'org/home' }, 'you/homelab')).toEqual([
      'you/homelab is called org/home at GitHub now; put that name into bindings/targets.yaml.',
    ]);
    expect([rows.get('endedAt'), rows.get('identity')]).toEqual([1, { id: 7, name: 'org/home' }]);
  });

  test('that took over the name is a new day one', () => {
    const rows = rowsOf(memoryLedger());
    noteIdentity(rows, { repositoryId: 7, name: 'you/homelab' }, 'you/homelab');
    rows.put('endedAt', 1);
    const [notice] = noteIdentity(rows, { repositoryId: 8, name: 'you/homelab' }, 'you/homelab');
    expect(notice).toMatch(/^you\/homelab is another repository than before/);
    expect(rows.get('endedAt')).toBeUndefined();
  });
});
