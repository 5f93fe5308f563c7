import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { type CommitPages, findingUrl } from '../../src/formats/links.ts';

const SHA = 'a'.repeat(40);
const PAGES: CommitPages = {
  webUrl: 'https://github.com',
  repo: 'you/homelab',
  sha: SHA,
  siblings: { workbench: { repo: 'you/workbench', sha: 'b'.repeat(40) } },
};

function urlOf(finding: Partial<Finding>, pages = PAGES): string | null {
  return findingUrl(
    { rule: 'r', subject: 's', repo: 'target', path: 'a.yaml', line: 3, message: 'm', ...finding },
    pages,
  );
}

describe('the link of a finding', () => {
  test('points at the line in the audited commit', () => {
    expect(urlOf({})).toBe(`https://github.com/you/homelab/blob/${SHA}/a.yaml#L3`);
    expect(urlOf({ line: null })).toBe(`https://github.com/you/homelab/blob/${SHA}/a.yaml`);
  });

  test('asks for the text of Markdown, since rendered lines have no anchors', () => {
    expect(urlOf({ path: 'docs/a.md' })).toBe(`https://github.com/you/homelab/blob/${SHA}/docs/a.md?plain=1#L3`);
    expect(urlOf({ path: 'docs/A.MARKDOWN' })).toMatch(/\?plain=1#L3$/);
    expect(urlOf({ path: 'docs/a.md', line: null })).toMatch(/a\.md$/);
  });

  test('of a sibling leads to the sibling', () => {
    expect(urlOf({ repo: 'workbench' })).toBe(`https://github.com/you/workbench/blob/${'b'.repeat(40)}/a.yaml#L3`);
  });

  test.each(['unknown', 'constructor', '__proto__', 'toString'])('of the unknown sibling %s there is none', (repo) => {
    expect(urlOf({ repo })).toBeNull();
  });

  test('there is none without a commit, a path or a repository at GitHub', () => {
    expect(urlOf({ path: null })).toBeNull();
    expect(urlOf({}, { ...PAGES, sha: null })).toBeNull();
    expect(urlOf({}, { ...PAGES, repo: '/home/me/clone' })).toBeNull();
  });

  test.each([
    ["a b (1)'*!.yaml", 'a%20b%20%281%29%27%2A%21.yaml'],
    ['#?%.yaml', '%23%3F%25.yaml'],
    ['\ud800.yaml', '%EF%BF%BD.yaml'],
  ])('keeps whatever a path is called in the path: %j', (path, encoded) => {
    expect(urlOf({ path })).toBe(`https://github.com/you/homelab/blob/${SHA}/${encoded}#L3`);
  });
});
