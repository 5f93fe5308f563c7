import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { gnuGrep } from '../../lib/bash/search-patterns.ts';
import { absent } from '../../lib/files/files.ts';
import { hasLine } from '../../lib/files/lines.ts';

const WORKFLOW = '.gitea/workflows/verify.yml';
const RUNNER = gnuGrep(/drift-gate.sh/);

export default defineGate({
  name: 'gitea-ci-workflow-lock',
  mirrors: ['e44c20b15401f433c56a455550a882d01e716301'],
  why: 'The forge has to run the gates on every push; when its workflow goes or no longer calls them, drift is merged and nobody notices. Only the name of the runner is searched for, so a comment is enough.',
  fix: 'Let .gitea/workflows/verify.yml run surfaces/verify/drift-gate.sh.',
  reads: [WORKFLOW],

  *check({ repo }) {
    if (!repo.isFile(WORKFLOW)) return yield absent(repo, WORKFLOW);
    if (!hasLine(repo, WORKFLOW, RUNNER)) {
      yield problem('calls-the-gates', WORKFLOW, repo.at(WORKFLOW), 'The workflow never mentions `drift-gate.sh`.');
    }
  },

  examples: {
    pass: ['run: bash x/drift-gate.sh', '# was drift-gate.sh', 'on: [\ndrift-gate-sh', 'drift-gate\rsh'].map(
      (text) => ({
        title: JSON.stringify(text),
        files: { [WORKFLOW]: text },
      }),
    ),
    fail: [
      {
        title: 'elsewhere',
        files: { '.github/workflows/verify.yml': 'drift-gate.sh', '.gitea/workflows/verify.yaml': 'drift-gate.sh' },
        finds: [`file-exists ${WORKFLOW}`],
      },
      {
        title: 'a folder of that name',
        files: { [`${WORKFLOW}/x`]: 'drift-gate.sh' },
        finds: [`file-exists ${WORKFLOW}`],
      },
      ...['', 'drift-gates.sh', 'drift-gatesh', 'Drift-Gate.sh', 'drift-gate\nsh'].map((text) => ({
        title: `only: ${JSON.stringify(text)}`,
        files: { [WORKFLOW]: text },
        finds: [`calls-the-gates ${WORKFLOW}`],
      })),
    ],
  },
});
