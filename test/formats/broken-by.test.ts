import { describe, expect, test } from 'vitest';
import type { BrokenBy } from '../../src/core/broken-by.ts';
import { brokenByText, MARKDOWN_WORDING, PLAIN_WORDING } from '../../src/formats/broken-by.ts';

const SHA = 'abc1234def5678abc1234def5678abc1234def56';
const commit = {
  sha: SHA,
  title: '@team fixes #1, see https://evil.example <img src=x> [x](y) `z`',
  author: '**Eve** @eve\u202e',
  date: '2026-02-17T10:00:00.000Z',
};
const said: readonly (readonly [BrokenBy, string])[] = [
  [
    { kind: 'commit', commit: { ...commit, title: 'Move web', author: 'Ronny' }, lines: [] },
    'by abc1234def "Move web" (Ronny, 2026-02-17)',
  ],
  [
    {
      kind: 'commit',
      commit: { ...commit, title: 'Move web', author: 'Ronny' },
      mergedBy: { ...commit, sha: 'f'.repeat(40), title: 'Merge', author: 'Tove' },
      lines: [],
    },
    'by abc1234def "Move web" (Ronny, 2026-02-17), merged by ffffffffff "Merge" (Tove, 2026-02-17)',
  ],
  [
    { kind: 'range', from: 'a'.repeat(40), to: 'b'.repeat(40), reason: 'it is shallow' },
    'by an unknown commit between aaaaaaaaaa and bbbbbbbbbb; which one is not known: it is shallow',
  ],
  [
    { kind: 'range', from: 'a'.repeat(40), to: 'b'.repeat(40), commits: 12, reason: '16 states were judged' },
    'by one of 12 commits between aaaaaaaaaa and bbbbbbbbbb; which one is not known: 16 states were judged',
  ],
  [{ kind: 'clock', at: '2026-03-01T00:00:00.000Z' }, 'by the clock: a time limit passed at 2026-03-01 00:00 UTC'],
  [{ kind: 'sibling', name: 'workbench', sha: SHA }, 'by the sibling workbench at abc1234def'],
];

describe('what broke a gate', () => {
  test.each(said)('is said as %j', (brokenBy, text) => {
    expect(brokenByText(brokenBy, PLAIN_WORDING)).toBe(text);
  });

  test('shows what people wrote in a commit as nothing but text', () => {
    const text = brokenByText({ kind: 'commit', commit, lines: [] }, MARKDOWN_WORDING);
    expect(text).not.toMatch(/@(?!\u200b)/);
    expect(text).not.toMatch(/#(?!\u200b)/);
    expect(text).not.toMatch(/<img|https:|\u202e|(?<!\\)\*\*|(?<!\\)\[x/);
    expect(brokenByText({ kind: 'commit', commit, lines: [] }, PLAIN_WORDING)).not.toContain('\u202e');
  });
});
