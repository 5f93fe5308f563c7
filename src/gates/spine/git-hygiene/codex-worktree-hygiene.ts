import { defineGate } from '../../../core/gate.ts';

export default defineGate({
  name: 'codex-worktree-hygiene',
  mirrors: ['8406b5af681061c15904183a235a33128e602f0f'],
  why: 'Agents work side by side in linked worktrees. One that was forgotten (merged, never pushed, detached or dirty) and a stash nobody took back are where work gets lost. All of that lives in the checkout on the machine: no commit shows it, so here this gate always passes.',
  fix: 'On the machine, remove finished worktrees with `git worktree remove`, push the branches of the others, and apply or drop old stashes.',
  reads: [],

  *check() {
    yield { unverified: 'linked worktrees and stashes, which only the machine with the checkout has' };
  },

  examples: {
    pass: [
      { title: 'an empty repo', files: {} },
      {
        title: 'nothing in the tree matters, not even a loop that is closed',
        files: {
          'mailroom/state/orchestration/LOOP-A/closed.yaml': 'closed: true\n',
          '.worktrees/orchestration/LOOP-A/README.md': 'left behind\n',
        },
        uncommitted: ['scratch.txt'],
      },
    ],
    fail: [],
  },
});
