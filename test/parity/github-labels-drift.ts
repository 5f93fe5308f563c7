import gate from '../../src/gates/spine/infra-hygiene/github-labels-drift.ts';
import { nearMisses } from './near-misses.ts';

const LABELS = '.github/labels.yml';
const TOOL = 'ops/plugins/github/bin/github-labels-status';

export default nearMisses(gate, {
  pass: [
    ...[
      'gh label list; gh label clone x; gh label \\\ncreate x',
      '# ~/agents state/ cron Ronny-Ops',
      'TOKEN=x echo; echo "api key"; gh\u2003label create x',
    ].map((text) => ({ title: JSON.stringify(text), files: { [LABELS]: '- name: [broken\n', [TOOL]: text } })),
  ],
  fail: [
    { title: 'no list under that very name', files: { '.github/labels.yaml': '' }, finds: [`file-exists ${LABELS}`] },
    { title: 'no tool', files: { [LABELS]: '' }, finds: [`file-exists ${TOOL}`] },
    ...(
      [
        ['only-compares', '# never run gh label create here'],
        ['is-free-of-legacy-paths', 'cache=$HOME/agents/labels'],
        ['is-free-of-legacy-paths', 'cd ~/agent-x'],
        ['prints-no-secret', 'echo "tokens left"'],
        ['prints-no-secret', '# Echo no Password'],
      ] as const
    ).map(([rule, text]) => ({
      title: JSON.stringify(text),
      files: { [LABELS]: '', [TOOL]: text },
      finds: [`${rule} ${TOOL}`],
    })),
  ],
});
