import { ripgrep } from '../../lib/bash/search-patterns.ts';
import { type Ban, CURL_WRITES } from '../../lib/files/forbidden-lines.ts';
import { forbiddenInTool } from '../../lib/files/forbidden-words.ts';
import { LEGACY_MARKERS } from '../../lib/spine/legacy-coupling.ts';

const BANS: readonly Ban[] = [
  LEGACY_MARKERS,
  {
    rule: 'leaves-stacks-alone',
    pattern: ripgrep(
      /\bdocker(?:\s+-[^\n]+)?\s+((?:compose|stack)\s+(?:up|down|restart|rm|stop|start|kill|pull|build|create|run|exec))\b/i,
    ),
    means: 'a command that changes or enters running containers',
  },
  {
    rule: 'removes-nothing',
    pattern: ripgrep(/\b(docker\s+(?:system\s+prune|volume\s+rm|network\s+rm|image\s+rm|container\s+rm))\b/i),
    means: 'a command that removes containers, images, volumes or networks',
  },
  CURL_WRITES,
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD/),
    means: 'which can print a secret',
  },
  {
    rule: 'prints-no-secret:trace',
    pattern: ripgrep(/set\s+-x/),
    means: 'which prints every command with its values',
  },
];

export default forbiddenInTool({
  name: 'docker-compose-drift',
  mirrors: ['4c46d260ff77aae57b25d080747147e17954ab57'],
  why: 'The compose probe runs unattended against every Docker host. A single `up` or `prune` in it turns a status check into a deployment.',
  fix: 'Take the command out of docker-compose-status (in comments, use another word), and keep the script at mode 100755.',
  limits:
    'Only words in that one script are searched, comments included. Stacks and bindings are not compared, and an option before the verb hides it.',
  tool: 'ops/plugins/docker/bin/docker-compose-status',
  runs: true,
  bans: BANS,
  shown: {
    sound: 'docker compose ps',
    banned: {
      'is-free-of-legacy-paths': 'cd ~/agents',
      'leaves-stacks-alone': 'docker compose up -d',
      'removes-nothing': 'docker system prune',
      'sends-only-reading-requests': 'curl -s -XPOST http://x',
      'prints-no-secret': 'printf "%s" "$DB_PASSWORD"',
      'prints-no-secret:trace': 'set -x',
    },
  },
});
