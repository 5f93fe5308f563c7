import { gnuGrep } from '../../lib/bash/search-patterns.ts';
import { defineGate } from '../../lib/define.ts';
import { lines } from '../../lib/needs.ts';

const WORKFLOW = '.gitea/workflows/verify.yml';
const RUNNER = gnuGrep(/drift-gate.sh/);

export default defineGate({
  name: 'gitea-ci-workflow-lock',
  mirrors: ['e44c20b15401f433c56a455550a882d01e716301'],
  why: 'The forge runs the gates on every push. If its workflow is gone or no longer calls them, drift is merged and nobody notices.',
  fix: 'Let .gitea/workflows/verify.yml run surfaces/verify/drift-gate.sh.',
  limits: 'Only the name of the runner is searched for, so a comment is enough.',
  needs: { workflow: lines(WORKFLOW) },

  rules: {
    'calls-the-gates': 'The workflow does not mention `drift-gate.sh`.',
  },

  *check({ workflow }, report, { repo }) {
    if (workflow.some(({ text }) => RUNNER.test(text))) return;
    yield report('calls-the-gates', WORKFLOW, repo.at(WORKFLOW));
  },

  examples: {
    pass: [{ title: 'it calls the runner', files: { [WORKFLOW]: 'run: bash surfaces/verify/drift-gate.sh\n' } }],
    fail: [
      { title: 'it runs something else', files: { [WORKFLOW]: 'run: make\n' }, finds: [`calls-the-gates ${WORKFLOW}`] },
    ],
  },
});
