import gate from '../../src/gates/spine/infra-hygiene/docker-compose-drift.ts';
import { nearMisses } from './near-misses.ts';

const TOOL = 'ops/plugins/docker/bin/docker-compose-status';

export default nearMisses(gate, {
  pass: [
    ...[
      'docker compose -f x.yml up -d; docker-compose up; docker compose ps',
      '# /agents/x crontab CRON Launchd Ronny-Ops state. receipts.d x.plists',
      'curl -fsS --request POST http://x; curl -X post; curl -XGET',
      'echo "no password or token"; set -ex; set -euxo pipefail\nTOKEN=1 echo',
      'docker compose upé; docker compose\nup',
    ].map((text) => ({ title: JSON.stringify(text), files: { [TOOL]: text }, executable: [TOOL] })),
  ],
  fail: [
    {
      title: 'no probe, but its neighbours',
      files: { 'ops/plugins/docker/bin/docker-compose-up': '' },
      finds: [`program-can-run ${TOOL}`],
    },
    { title: 'not executable hides the rest', files: { [TOOL]: 'set -x\n' }, finds: [`program-can-run ${TOOL}`] },
    ...(
      [
        ['is-free-of-legacy-paths', 'set -x\n# ~/agents'],
        ['is-free-of-legacy-paths', '# estate/ launchd'],
        ['leaves-stacks-alone', 'docker system prune\n# Docker Compose Up happens elsewhere'],
        ['leaves-stacks-alone', 'docker -H ssh://x compose restart'],
        ['leaves-stacks-alone', 'docker compose create-all'],
        ['leaves-stacks-alone', 'docker\u2003stack\u00a0rm'],
        ['removes-nothing', '# DOCKER SYSTEM  PRUNE\ndocker volume rm x'],
        ['sends-only-reading-requests', 'curl -s -XPOST http://x'],
        ['prints-no-secret', 'printf "%s" "$DB_PASSWORD"'],
        ['prints-no-secret', 'set -xe'],
        ['prints-no-secret', '\0 set -x'],
      ] as const
    ).map(([rule, text]) => ({
      title: JSON.stringify(text),
      files: { [TOOL]: text },
      executable: [TOOL],
      finds: [`${rule} ${TOOL}`],
    })),
  ],
});
