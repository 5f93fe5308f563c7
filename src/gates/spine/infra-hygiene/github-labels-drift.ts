import { gnuGrep } from '../../lib/bash/search-patterns.ts';
import type { Ban } from '../../lib/files/forbidden-lines.ts';
import { forbiddenInTool } from '../../lib/files/forbidden-words.ts';

const BANS: readonly Ban[] = [
  {
    rule: 'only-compares',
    pattern: gnuGrep(/(gh\s+label\s+(?:create|delete|edit))/),
    means: 'a command that changes labels on GitHub',
  },
  {
    rule: 'is-free-of-legacy-paths',
    pattern: gnuGrep(/ronny-ops|~\/agent\b|\/agent\/|\$HOME\/agent/),
    means: 'a path of the retired laptop setup',
  },
  {
    rule: 'prints-no-secret',
    pattern: gnuGrep(/echo|printf/i),
    followedBy: gnuGrep(/TOKEN|SECRET|API_KEY|PASSWORD|BEARER/i),
    means: 'which can print a secret',
  },
];

export default forbiddenInTool({
  name: 'github-labels-drift',
  mirrors: ['64e80fd5b658a603a04765751df4958ef94029b5'],
  why: 'Labels route work between people and agents. A comparison tool that changes them sends work to the wrong place.',
  fix: 'Declare the labels in .github/labels.yml, and take the command or word out of github-labels-status.',
  limits: 'Only words are searched, comments included; neither the declared labels nor those on GitHub are read.',
  tool: 'ops/plugins/github/bin/github-labels-status',
  runs: false,
  before: '.github/labels.yml',
  bans: BANS,
  shown: {
    sound: 'gh label list',
    banned: {
      'only-compares': 'gh label create bug',
      'is-free-of-legacy-paths': 'cache=$HOME/agent/labels',
      'prints-no-secret': 'echo "$GH_TOKEN"',
    },
  },
});
