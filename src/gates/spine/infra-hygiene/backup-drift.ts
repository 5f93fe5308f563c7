import { ripgrep } from '../../lib/bash/search-patterns.ts';
import { type Ban, CURL_WRITES } from '../../lib/files/forbidden-lines.ts';
import { forbiddenInTool } from '../../lib/files/forbidden-words.ts';
import { BACKUPS } from '../../lib/spine/known-files.ts';
import { LEGACY_MARKERS } from '../../lib/spine/legacy-coupling.ts';

const BANS: readonly Ban[] = [
  LEGACY_MARKERS,
  {
    rule: 'moves-no-data',
    pattern: ripgrep(/\b(rm|mv|cp|rsync|scp|restic|zfs|rclone|dd|mkfs|mount|umount|truncate)\b/i),
    means: 'a command that can move or destroy data',
  },
  CURL_WRITES,
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD|INFISICAL_|CLOUDFLARE_/),
    means: 'which can print a secret',
  },
  {
    rule: 'prints-no-secret:trace',
    pattern: ripgrep(/set\s+-x/),
    means: 'which prints every command with its values',
  },
];

export default forbiddenInTool({
  name: 'backup-drift',
  mirrors: ['7ffc14554e9503f18c270ffb0c90109abc642bc8'],
  why: 'The backup status is checked when backups are needed most. A copy, prune or mount in it can damage the backups it reports on.',
  fix: 'Take the command out of backup-status (in comments, use another word), and keep the script at mode 100755 and backup.inventory.yaml in place.',
  limits:
    'Only words in that one script are searched, comments included: the date format `YYYY-MM-DD` counts as `dd`. The inventory only has to exist.',
  tool: 'ops/plugins/backup/bin/backup-status',
  runs: true,
  after: BACKUPS,
  bans: BANS,
  shown: {
    sound: 'ls -l "$mount_point"',
    banned: {
      'is-free-of-legacy-paths': 'ls ~/agent/backups',
      'moves-no-data': 'zfs list',
      'sends-only-reading-requests': 'curl -X DELETE http://x',
      'prints-no-secret': 'echo $CLOUDFLARE_ZONE',
      'prints-no-secret:trace': 'set -x',
    },
  },
});
