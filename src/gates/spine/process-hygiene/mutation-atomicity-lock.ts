import { defineGate } from '../../lib/define.ts';
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

function scripts(text: string, from = 0): Record<string, string> {
  return Object.fromEntries(SCRIPTS.slice(from).map((path) => [path, text]));
}

export default defineGate({
  name: 'mutation-atomicity-lock',
  mirrors: ['3b39ec496ddd8e204756aba8486a67e4292b6955'],
  why: 'Two terminals that change tracked state at once mix their commits unless each holds the repo lock.',
  fix: 'In the script, source ops/lib/git-lock.sh and call acquire_git_lock before the first change.',
  limits: 'Nine scripts are searched for the two names: a comment is enough, and no other script is searched.',
  needs: {},
  alsoReads: SCRIPTS,

  rules: {
    'sources-the-lock': 'The script does not mention `git-lock.sh`.',
    'takes-the-lock': 'The script does not mention `acquire_git_lock`.',
  },

  *check(_, report, { repo }) {
    for (const path of SCRIPTS) {
      const at = repo.at(path);
      if (!repo.isFile(path)) yield absent(repo, path);
      else if (!repo.text(path).includes('git-lock.sh')) yield report('sources-the-lock', path, at);
      else if (!repo.text(path).includes('acquire_git_lock')) yield report('takes-the-lock', path, at);
    }
  },

  examples: {
    pass: [{ title: 'each takes the lock', files: scripts(LOCKED) }],
    fail: [
      {
        title: 'one without the library, one that does not take the lock',
        files: { ...scripts(LOCKED), [SCRIPTS[3] ?? '']: 'source git-lock.sh\n', [SCRIPTS[8] ?? '']: '' },
        finds: [`takes-the-lock ${SCRIPTS[3]}`, `sources-the-lock ${SCRIPTS[8]}`],
      },
    ],
  },
});
