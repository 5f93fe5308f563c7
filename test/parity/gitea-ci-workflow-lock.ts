import gate from '../../src/gates/spine/infra-hygiene/gitea-ci-workflow-lock.ts';
import { nearMisses } from './near-misses.ts';

const WORKFLOW = '.gitea/workflows/verify.yml';

export default nearMisses(gate, {
  pass: [
    ...['run: bash x/drift-gate.sh', '# was drift-gate.sh', 'on: [\ndrift-gate-sh', 'drift-gate\rsh'].map((text) => ({
      title: JSON.stringify(text),
      files: { [WORKFLOW]: text },
    })),
  ],
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
});
