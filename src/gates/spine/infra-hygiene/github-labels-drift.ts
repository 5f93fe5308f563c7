import { defineGate } from '../../../core/gate.ts';
import { gnuGrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { filesExist } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { type Ban, breaches } from '../../lib/files/forbidden-lines.ts';

const LABELS = '.github/labels.yml';
const TOOL = 'ops/plugins/github/bin/github-labels-status';

const BANS: readonly Ban[] = [
  {
    rule: 'only-compares',
    pattern: gnuGrep(/(gh\s+label\s+(?:create|delete|edit))/),
    means: 'changes labels on GitHub',
  },
  {
    rule: 'is-free-of-legacy-paths',
    pattern: gnuGrep(/ronny-ops|~\/agent\b|\/agent\/|\$HOME\/agent/),
    means: 'belongs to the laptop set-up that was retired',
  },
  {
    rule: 'prints-no-secret',
    pattern: gnuGrep(/echo|printf/i),
    followedBy: gnuGrep(/TOKEN|SECRET|API_KEY|PASSWORD|BEARER/i),
    means: 'can print a secret',
  },
];

export default defineGate({
  name: 'github-labels-drift',
  mirrors: ['64e80fd5b658a603a04765751df4958ef94029b5'],
  why: 'Labels route work between people and agents. The parity tool may only compare them, and without the declared list there is nothing to compare with. It is a search for words, comments included; neither the list nor the live labels are read.',
  fix: 'Declare the labels in .github/labels.yml and take the command or word out of github-labels-status.',
  reads: [LABELS, TOOL],
  deviates: [UNDECODABLE_BYTES],

  *check({ repo }) {
    const [missing] = filesExist(repo, LABELS, TOOL);
    if (missing) return yield missing;
    yield* first(breaches(repo, [TOOL], BANS));
  },

  examples: {
    pass: [
      'gh label list; gh label clone x; gh label \\\ncreate x',
      '# ~/agents state/ cron Ronny-Ops',
      'TOKEN=x echo; echo "api key"; gh\u2003label create x',
    ].map((text) => ({ title: JSON.stringify(text), files: { [LABELS]: '- name: [broken\n', [TOOL]: text } })),
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
  },
});
