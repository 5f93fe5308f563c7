import gate from '../../src/gates/spine/git-hygiene/codex-worktree-hygiene.ts';
import { nearMisses } from './near-misses.ts';

export default nearMisses(gate, {
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
});
