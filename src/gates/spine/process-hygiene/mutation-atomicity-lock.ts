import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { absent } from '../../lib/files/files.ts';

const SCRIPTS = [
  'ops/plugins/orchestration/bin/orchestration-loop-open',
  'ops/plugins/orchestration/bin/orchestration-handoff-validate',
  'ops/plugins/orchestration/bin/orchestration-ticket-issue',
  'ops/plugins/orchestration/bin/orchestration-terminal-entry',
  'ops/plugins/orchestration/bin/orchestration-integrate',
  'ops/plugins/orchestration/bin/orchestration-loop-close',
  'ops/plugins/infra/bin/infra-relocation-service-transition',
  'ops/plugins/infra/bin/infra-relocation-state-transition',
  'ops/plugins/proposals/bin/proposals-supersede',
];
const LOCKED = 'source git-lock.sh\nacquire_git_lock\n';

export default defineGate({
  name: 'mutation-atomicity-lock',
  mirrors: ['3b39ec496ddd8e204756aba8486a67e4292b6955'],
  why: 'Two terminals that change tracked state at once mix their commits unless each holds the repo lock. Nine scripts are searched for the two names: a comment is enough, and no other script is looked at.',
  fix: 'In the script, source ops/lib/git-lock.sh and call acquire_git_lock before the first change.',
  reads: SCRIPTS,

  *check({ repo }) {
    for (const path of SCRIPTS) {
      const at = repo.at(path);
      if (!repo.isFile(path)) yield absent(repo, path);
      else if (!repo.text(path).includes('git-lock.sh')) {
        yield problem('sources-the-lock', path, at, 'The script never mentions `git-lock.sh`.');
      } else if (!repo.text(path).includes('acquire_git_lock')) {
        yield problem('takes-the-lock', path, at, 'The script never mentions `acquire_git_lock`.');
      }
    }
  },

  examples: {
    pass: [
      { title: 'each takes the lock', files: scripts(LOCKED) },
      {
        title: 'comments in any order, and a longer name',
        files: scripts('# acquire_git_lock_shared\n# no git-lock.sh\n'),
      },
    ],
    fail: [
      {
        title: 'renamed, and a folder in place of a script',
        files: { ...scripts(LOCKED, 2), [`${SCRIPTS[0]}.sh`]: LOCKED, [`${SCRIPTS[1]}/x`]: LOCKED },
        finds: SCRIPTS.slice(0, 2).map((path) => `file-exists ${path}`),
      },
      ...['acquire_git_lock\ngit_lock.sh', 'git-lock-sh', 'Git-Lock.sh', 'git-lock\n.sh', ''].map((text) => ({
        title: `the library is not there: ${JSON.stringify(text)}`,
        files: { ...scripts(LOCKED), [SCRIPTS[8] ?? '']: text },
        finds: [`sources-the-lock ${SCRIPTS[8]}`],
      })),
      {
        title: 'sourced and not taken',
        files: { ...scripts(LOCKED), [SCRIPTS[3] ?? '']: 'git-lock.sh\nACQUIRE_GIT_LOCK\n' },
        finds: [`takes-the-lock ${SCRIPTS[3]}`],
      },
    ],
  },
});

function scripts(text: string, from = 0): Record<string, string> {
  return Object.fromEntries(SCRIPTS.slice(from).map((path) => [path, text]));
}
