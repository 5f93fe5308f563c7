import gate from '../../src/gates/spine/process-hygiene/mutation-atomicity-lock.ts';
import { nearMisses, soundFiles } from './near-misses.ts';

const SCRIPTS = Object.keys(soundFiles(gate));
const LOCKED = 'source git-lock.sh\nacquire_git_lock\n';

function scripts(text: string, from = 0): Record<string, string> {
  return Object.fromEntries(SCRIPTS.slice(from).map((path) => [path, text]));
}

export default nearMisses(gate, {
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
});
