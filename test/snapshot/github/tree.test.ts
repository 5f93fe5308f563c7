import { expect, test } from 'vitest';
import type { GitHubClient } from '../../../src/github/client.ts';
import { readTree } from '../../../src/snapshot/github/tree.ts';

const PLACE = { owner: 'you', repo: 'photos' };

/** GitHub with one folder of so many files; no simulator holds that many. */
function listing(count: number): GitHubClient {
  const tree = Array.from({ length: count }, (_, index) => ({
    path: `${index}.jpg`,
    mode: '100644',
    type: 'blob',
    sha: 'a'.repeat(40),
    size: 1,
  }));
  return { rest: async () => ({ data: { truncated: false, tree } }) } as unknown as GitHubClient;
}

test('a tree of a hundred thousand files is read, and a larger one refused with a sentence that says what to do', async () => {
  expect((await readTree(listing(100_000), PLACE, 'x')).size).toBe(100_000);
  await expect(readTree(listing(100_001), PLACE, 'x')).rejects.toMatchObject({
    failure: 'too-large',
    message: expect.stringMatching(
      /^you\/photos cannot be audited here: it has more than 100,000 files, .*npm run audit/,
    ),
  });
});
