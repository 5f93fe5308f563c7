import { BACKUPS } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/backup-drift.ts';
import { nearMisses } from './near-misses.ts';

const TOOL = 'ops/plugins/backup/bin/backup-status';

export default nearMisses(gate, {
  pass: [
    ...[
      'mount_point confirm addr rsyncd remount',
      'echo "password token"; set -ex',
      'curl --request DELETE http://x',
    ].map((text) => ({ title: JSON.stringify(text), files: { [TOOL]: text, [BACKUPS]: '' }, executable: [TOOL] })),
  ],
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
});
