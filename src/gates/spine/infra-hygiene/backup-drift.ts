import { defineGate } from '../../../core/gate.ts';
import { ripgrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { absent, isProgram, notRunnable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { type Ban, breaches, CURL_WRITES } from '../../lib/files/forbidden-lines.ts';
import { BACKUPS } from '../../lib/spine/known-files.ts';
import { LEGACY_MARKERS } from '../../lib/spine/legacy-coupling.ts';

const TOOL = 'ops/plugins/backup/bin/backup-status';

const BANS: readonly Ban[] = [
  LEGACY_MARKERS,
  {
    rule: 'moves-no-data',
    pattern: ripgrep(/\b(rm|mv|cp|rsync|scp|restic|zfs|rclone|dd|mkfs|mount|umount|truncate)\b/i),
    means: 'can move or destroy data',
  },
  CURL_WRITES,
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD|INFISICAL_|CLOUDFLARE_/),
    means: 'can print a secret',
  },
  { rule: 'prints-no-secret', pattern: ripgrep(/set\s+-x/), means: 'prints every command with its values' },
];

export default defineGate({
  name: 'backup-drift',
  mirrors: ['7ffc14554e9503f18c270ffb0c90109abc642bc8'],
  why: 'The backup inventory is asked for when backups are needed most; a copy, prune or mount slipped into it could damage what it reports on. It is a search for words in that one script: a date format `YYYY-MM-DD` counts as `dd`, and the inventory only has to exist.',
  fix: 'Take the command out of backup-status (reword it in comments), keep the script at mode 100755 and backup.inventory.yaml in place.',
  reads: [TOOL, BACKUPS],
  deviates: [UNDECODABLE_BYTES],

  *check({ repo }) {
    if (!isProgram(repo, TOOL)) return yield notRunnable(repo, TOOL);
    if (!repo.isFile(BACKUPS)) return yield absent(repo, BACKUPS);
    yield* first(breaches(repo, [TOOL], BANS));
  },

  examples: {
    pass: [
      'mount_point confirm addr rsyncd remount',
      'echo "password token"; set -ex',
      'curl --request DELETE http://x',
    ].map((text) => ({ title: JSON.stringify(text), files: { [TOOL]: text, [BACKUPS]: '' }, executable: [TOOL] })),
    fail: [
      { title: 'no probe', files: { [BACKUPS]: '' }, finds: [`program-can-run ${TOOL}`] },
      { title: 'not executable', files: { [TOOL]: '' }, finds: [`program-can-run ${TOOL}`] },
      { title: 'no inventory', files: { [TOOL]: 'cron' }, executable: [TOOL], finds: [`file-exists ${BACKUPS}`] },
      ...(
        [
          ['is-free-of-legacy-paths', 'rm x # /agent/'],
          ['moves-no-data', 'date +YYYY-MM-DD'],
          ['moves-no-data', '# ZFS snapshots'],
          ['moves-no-data', 'docker run --rm; cat mount-point'],
          ['moves-no-data', 'ls /mnt/cp'],
          ['sends-only-reading-requests', 'curl -X   DELETE http://x'],
          ['prints-no-secret', 'echo $CLOUDFLARE_ZONE'],
          ['prints-no-secret', 'set -xe'],
        ] as const
      ).map(([rule, text]) => ({
        title: JSON.stringify(text),
        files: { [TOOL]: text, [BACKUPS]: '- broken: [' },
        executable: [TOOL],
        finds: [`${rule} ${TOOL}`],
      })),
    ],
  },
});
