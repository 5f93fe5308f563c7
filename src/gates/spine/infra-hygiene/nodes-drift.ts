import { ripgrep } from '../../lib/bash/search-patterns.ts';
import type { Ban } from '../../lib/files/forbidden-lines.ts';
import { forbiddenInSurface } from '../../lib/files/forbidden-words.ts';

const BANS: readonly Ban[] = [
  {
    rule: 'ssh-stays-quiet',
    pattern: ripgrep(/\b(ssh)\b/),
    followedBy: ripgrep(/\s(-v)\b/),
    excuse: /LogLevel/,
    means: 'which makes ssh print its handshake',
  },
  {
    rule: 'shows-no-key',
    pattern: ripgrep(/(cat)\s/),
    followedBy: ripgrep(/\.ssh\//),
    means: 'which prints files from a key folder',
  },
  {
    rule: 'shows-no-environment',
    pattern: ripgrep(/\b(printenv)\b|^(env)\s\b|\b(set\s+-x)\b/),
    means: 'which prints the environment or every command with its values',
  },
  {
    rule: 'stops-no-machine',
    pattern: ripgrep(/\b(reboot|shutdown|halt|poweroff)\b/),
    means: 'a command that can stop a machine',
  },
  { rule: 'removes-no-files', pattern: ripgrep(/\b(rm\s+-[rf])/), means: 'which removes files without asking' },
  {
    rule: 'stops-no-guest',
    pattern: ripgrep(/\b((?:pct|qm)\s+(?:stop|destroy))\b/),
    means: 'a command that stops or destroys a VM or container',
  },
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD|PRIVATE_KEY/),
    means: 'which can print a secret',
  },
];

export default forbiddenInSurface({
  name: 'nodes-drift',
  mirrors: ['46997862487fd9ba576aab8cc0f2ae2aaa48c90e'],
  why: 'The reachability check logs in to every machine. A command in it that stops a machine or prints a key does so everywhere at once.',
  fix: 'Take the command out of the script or the binding; in comments and notes, use another word.',
  limits:
    'Only words in scripts and bindings are searched, comments included. Addresses are not compared, and a folder named `ssh-…` among the scripts switches the search off.',
  surface: ['ops/plugins/ssh/bin/ssh-*', 'ops/bindings/ssh*.yaml'],
  folder: 'ops/plugins/ssh/bin',
  bans: BANS,
  shown: {
    sound: 'ssh "$host" uptime',
    banned: {
      'ssh-stays-quiet': 'ssh -v "$host"',
      'shows-no-key': 'cat ~/.ssh/id',
      'shows-no-environment': 'printenv HOME',
      'stops-no-machine': 'ssh "$host" reboot',
      'removes-no-files': 'rm -rf /tmp/x',
      'stops-no-guest': 'qm stop 101',
      'prints-no-secret': 'echo "$DEPLOY_PRIVATE_KEY"',
    },
  },
});
