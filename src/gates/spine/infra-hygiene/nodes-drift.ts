import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { ripgrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { first } from '../../lib/files/first.ts';
import { type Ban, breaches } from '../../lib/files/forbidden-lines.ts';
import { listFiles } from '../../lib/files/listed-files.ts';

const TOOLS = 'ops/plugins/ssh/bin';
const SURFACE = [`${TOOLS}/ssh-*`, 'ops/bindings/ssh*.yaml'];

const BANS: readonly Ban[] = [
  {
    rule: 'ssh-stays-quiet',
    pattern: ripgrep(/\b(ssh)\b/),
    followedBy: ripgrep(/\s(-v)\b/),
    excuse: /LogLevel/,
    means: 'makes ssh print its handshake',
  },
  {
    rule: 'shows-no-key',
    pattern: ripgrep(/(cat)\s/),
    followedBy: ripgrep(/\.ssh\//),
    means: 'prints files from a key folder',
  },
  {
    rule: 'shows-no-environment',
    pattern: ripgrep(/\b(printenv)\b|^(env)\s\b|\b(set\s+-x)\b/),
    means: 'prints the environment or a trace',
  },
  { rule: 'stops-no-machine', pattern: ripgrep(/\b(reboot|shutdown|halt|poweroff)\b/), means: 'can stop a machine' },
  { rule: 'removes-no-files', pattern: ripgrep(/\b(rm\s+-[rf])/), means: 'removes files without asking' },
  {
    rule: 'stops-no-guest',
    pattern: ripgrep(/\b((?:pct|qm)\s+(?:stop|destroy))\b/),
    means: 'stops or destroys a guest',
  },
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD|PRIVATE_KEY/),
    means: 'can print a secret',
  },
];

export default defineGate({
  name: 'nodes-drift',
  mirrors: ['46997862487fd9ba576aab8cc0f2ae2aaa48c90e'],
  why: 'The reachability check logs in to every machine we have, so it must not be able to stop one or to dump a key. It is a search for words in scripts and bindings, comments included; addresses are not compared, and a folder named ssh-… switches the search off.',
  fix: 'Take the command out of the script or the binding; in comments and notes, use another word.',
  reads: SURFACE,
  deviates: [UNDECODABLE_BYTES],

  *check({ repo }) {
    const surface = listFiles(repo, SURFACE);
    if (surface.isEmpty) {
      return yield problem(
        'surface-exists',
        TOOLS,
        repo.at(TOOLS),
        'Neither an ssh-… script nor an ssh….yaml binding exists.',
      );
    }
    if (surface.isSearchable) yield* first(breaches(repo, surface.files, BANS));
  },

  examples: {
    pass: [
      ...[
        'ssh -vvv host\ncommand -v ssh',
        'ssh -v -o LogLevel=ERROR host',
        '  env A=1 true\nenv  A=1\nenv\nenv | sort\nset -xe\nset -ex',
        '# Reboot order, rebooted hosts, shutdowns',
        'rm -i x; rm x -rf; qm status',
        'echo $token\nTOKEN=1 echo',
      ].map((text) => ({ title: JSON.stringify(text), files: { [`${TOOLS}/ssh-a`]: text } })),
      {
        title: 'the excuse in the path',
        files: { [`${TOOLS}/ssh-LogLevel-test`]: 'ssh host -v\n', 'ops/bindings/ssh.yaml': '' },
      },
      {
        title: 'other names, other folders',
        files: {
          [`${TOOLS}/ssh-a`]: '',
          [`${TOOLS}/probe`]: 'reboot\n',
          'ops/bindings/ssh.extra.yml': 'reboot\n',
          'ops/plugins/ssh/lib/ssh-x': 'reboot\n',
        },
      },
      {
        title: 'a folder among the scripts blinds the search',
        files: { [`${TOOLS}/ssh-a`]: 'reboot\n', [`${TOOLS}/ssh-lib/x`]: '' },
      },
      { title: 'a folder alone is a surface', files: { 'ops/bindings/ssh.d.yaml/x': '' } },
    ],
    fail: [
      {
        title: 'nothing to look at',
        files: { [`${TOOLS}/.ssh-a`]: '', [`${TOOLS}/ssh-lib/.keep`]: '' },
        finds: [`surface-exists ${TOOLS}`],
      },
      {
        title: 'a folder with hidden entries only blinds nothing',
        files: { 'ops/bindings/ssh.targets.yaml': '# reboot order\n', [`${TOOLS}/ssh-lib/.keep`]: '' },
        finds: ['stops-no-machine ops/bindings/ssh.targets.yaml'],
      },
      ...(
        [
          ['ssh-stays-quiet', 'reboot\nssh "$h" "command -v docker"'],
          ['ssh-stays-quiet', 'ssh-keyscan host\u2003-v'],
          ['shows-no-key', 'cat x ~/.ssh/id'],
          ['shows-no-environment', 'printenv HOME'],
          ['shows-no-environment', 'env A=1 true'],
          ['shows-no-environment', 'set   -x'],
          ['stops-no-machine', '# needs no reboot'],
          ['removes-no-files', 'rm -fr x'],
          ['stops-no-guest', 'qm  destroy 1'],
          ['prints-no-secret', 'printf "%s" "$DEPLOY_PRIVATE_KEY"'],
        ] as const
      ).map(([rule, text]) => ({
        title: JSON.stringify(text),
        files: { [`${TOOLS}/ssh-a`]: text },
        finds: [`${rule} ${TOOLS}/ssh-a`],
      })),
    ],
  },
});
