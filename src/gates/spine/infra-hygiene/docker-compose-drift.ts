import { defineGate } from '../../../core/gate.ts';
import { ripgrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { isProgram, notRunnable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { type Ban, breaches, CURL_WRITES } from '../../lib/files/forbidden-lines.ts';
import { LEGACY_MARKERS } from '../../lib/spine/legacy-coupling.ts';

const TOOL = 'ops/plugins/docker/bin/docker-compose-status';

const BANS: readonly Ban[] = [
  LEGACY_MARKERS,
  {
    rule: 'leaves-stacks-alone',
    pattern: ripgrep(
      /\bdocker(?:\s+-[^\n]+)?\s+((?:compose|stack)\s+(?:up|down|restart|rm|stop|start|kill|pull|build|create|run|exec))\b/i,
    ),
    means: 'changes or enters running containers',
  },
  {
    rule: 'removes-nothing',
    pattern: ripgrep(/\b(docker\s+(?:system\s+prune|volume\s+rm|network\s+rm|image\s+rm|container\s+rm))\b/i),
    means: 'removes images, volumes or networks',
  },
  CURL_WRITES,
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD/),
    means: 'can print a secret',
  },
  { rule: 'prints-no-secret', pattern: ripgrep(/set\s+-x/), means: 'prints every command with its values' },
];

export default defineGate({
  name: 'docker-compose-drift',
  mirrors: ['4c46d260ff77aae57b25d080747147e17954ab57'],
  why: 'The compose probe runs unattended against every Docker host; one `up` or `prune` in it and a look becomes a deployment. It is a search for words in that one script, comments included: no stack or binding is compared, and an option before the verb hides it.',
  fix: 'Take the command out of docker-compose-status (reword it in comments), and keep the script at mode 100755.',
  reads: [TOOL],
  deviates: [UNDECODABLE_BYTES],

  *check({ repo }) {
    if (!isProgram(repo, TOOL)) return yield notRunnable(repo, TOOL);
    yield* first(breaches(repo, [TOOL], BANS));
  },

  examples: {
    pass: [
      'docker compose -f x.yml up -d; docker-compose up; docker compose ps',
      '# /agents/x crontab CRON Launchd Ronny-Ops state. receipts.d x.plists',
      'curl -fsS --request POST http://x; curl -X post; curl -XGET',
      'echo "no password or token"; set -ex; set -euxo pipefail\nTOKEN=1 echo',
      'docker compose upé; docker compose\nup',
    ].map((text) => ({ title: JSON.stringify(text), files: { [TOOL]: text }, executable: [TOOL] })),
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
  },
});
