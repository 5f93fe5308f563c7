import { ripgrep } from '../../lib/bash/search-patterns.ts';
import { type Ban, CURL_WRITES } from '../../lib/files/forbidden-lines.ts';
import { forbiddenInSurface } from '../../lib/files/forbidden-words.ts';

const BANS: readonly Ban[] = [
  {
    rule: 'curl-stays-quiet',
    pattern: ripgrep(/\b(curl)\b/),
    followedBy: ripgrep(/\s(-v|--verbose)\b/),
    means: 'which makes curl print headers, credentials included',
  },
  {
    rule: 'prints-no-header',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/Authorization|Bearer|X-Auth/),
    means: 'which prints a header that carries credentials',
  },
  CURL_WRITES,
  {
    rule: 'traces-nothing',
    pattern: ripgrep(/\b(set\s+-x)\b/),
    means: 'which prints every command with its values',
  },
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD/),
    means: 'which can print a secret',
  },
];

export default forbiddenInSurface({
  name: 'health-drift',
  mirrors: ['186bf6420bb844fd6ee2c0ff28c760a538e8a578'],
  why: 'The health probe asks every service every few minutes and its output is kept. A header or token in it is leaked for good.',
  fix: 'Probe with a plain GET without credentials; take the flag or word out of the script or the binding, comments included.',
  limits:
    'Only words in scripts and bindings are searched, comments included. Endpoints are not compared, and a folder named `services-…` among the scripts switches the search off.',
  surface: ['ops/plugins/services/bin/services-*', 'ops/bindings/services*.yaml'],
  folder: 'ops/plugins/services/bin',
  bans: BANS,
  shown: {
    sound: 'curl -fsS http://x/health',
    banned: {
      'curl-stays-quiet': 'curl --verbose http://x',
      'prints-no-header': 'echo "Bearer $key"',
      'sends-only-reading-requests': 'curl -X PUT http://x',
      'traces-nothing': 'set -x',
      'prints-no-secret': 'echo "$DB_PASSWORD"',
    },
  },
});
