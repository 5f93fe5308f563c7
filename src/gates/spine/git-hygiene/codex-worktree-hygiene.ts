import { defineGate } from '../../lib/define.ts';

export default defineGate({
  name: 'codex-worktree-hygiene',
  mirrors: ['8406b5af681061c15904183a235a33128e602f0f'],
  why: 'Agents work side by side in linked worktrees. Work is lost in a worktree that was forgotten, or in a stash that nobody applied.',
  fix: 'On the machine, remove finished worktrees with `git worktree remove`, push the branches of the others, and apply or drop old stashes.',
  limits:
    'Worktrees and stashes live in the checkout on the machine and no commit shows them, so the gate always passes here.',
  needs: {},
  rules: {},

  *check() {
    yield { unverified: 'linked worktrees and stashes, which only the machine with the checkout has' };
  },

  examples: {
    pass: [{ title: 'any repo', files: {} }],
    fail: [],
  },
});
