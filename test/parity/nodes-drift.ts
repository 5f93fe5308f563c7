import gate from '../../src/gates/spine/infra-hygiene/nodes-drift.ts';
import { nearMisses } from './near-misses.ts';

const TOOLS = 'ops/plugins/ssh/bin';

export default nearMisses(gate, {
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
});
