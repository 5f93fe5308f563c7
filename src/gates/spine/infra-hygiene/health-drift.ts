import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { ripgrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { first } from '../../lib/files/first.ts';
import { type Ban, breaches, CURL_WRITES } from '../../lib/files/forbidden-lines.ts';
import { listFiles } from '../../lib/files/listed-files.ts';

const TOOLS = 'ops/plugins/services/bin';
const SURFACE = [`${TOOLS}/services-*`, 'ops/bindings/services*.yaml'];

const BANS: readonly Ban[] = [
  {
    rule: 'curl-stays-quiet',
    pattern: ripgrep(/\b(curl)\b/),
    followedBy: ripgrep(/\s(-v|--verbose)\b/),
    means: 'makes curl print headers, credentials included',
  },
  {
    rule: 'prints-no-header',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/Authorization|Bearer|X-Auth/),
    means: 'prints a header that carries credentials',
  },
  CURL_WRITES,
  { rule: 'traces-nothing', pattern: ripgrep(/\b(set\s+-x)\b/), means: 'prints every command with its values' },
  {
    rule: 'prints-no-secret',
    pattern: ripgrep(/echo|printf/),
    followedBy: ripgrep(/TOKEN|SECRET|API_KEY|PASSWORD/),
    means: 'can print a secret',
  },
];

export default defineGate({
  name: 'health-drift',
  mirrors: ['186bf6420bb844fd6ee2c0ff28c760a538e8a578'],
  why: 'The health probe asks every service every few minutes and its output is kept; a header or token in it is leaked for good. It is a search for words in scripts and bindings, comments included; endpoints are not compared, and a folder named services-… switches the search off.',
  fix: 'Probe with a plain GET without credentials; take the flag or word out of the script or the binding, comments included.',
  reads: SURFACE,
  deviates: [UNDECODABLE_BYTES],

  *check({ repo }) {
    const surface = listFiles(repo, SURFACE);
    if (surface.isEmpty) {
      const message = 'Neither a services-… script nor a services….yaml binding exists.';
      return yield problem('surface-exists', TOOLS, repo.at(TOOLS), message);
    }
    if (surface.isSearchable) yield* first(breaches(repo, surface.files, BANS));
  },

  examples: {
    pass: [
      ...[
        'curl -sv x; curl -vk x',
        'command -v curl',
        'curl --request POST x; curl -X GET x',
        'set -xe; set -ex',
        'echo bearer',
      ].map((text) => ({ title: JSON.stringify(text), files: { [`${TOOLS}/services-a`]: text } })),
      {
        title: 'other names',
        files: {
          'ops/bindings/services.health.yaml': '',
          [`${TOOLS}/probe`]: 'set -x; curl -v x\n',
          'ops/bindings/services.extra.yml': 'set -x\n',
        },
      },
      {
        title: 'a folder among the scripts blinds the search',
        files: { [`${TOOLS}/services-a`]: 'set -x\n', [`${TOOLS}/services-lib/x`]: '' },
      },
    ],
    fail: [
      { title: 'nothing to look at', files: { [`${TOOLS}/probe`]: '' }, finds: [`surface-exists ${TOOLS}`] },
      {
        title: 'a comment in the binding',
        files: { 'ops/bindings/services.health.yaml': '# by hand: curl -s -XPOST x\n' },
        finds: ['sends-only-reading-requests ops/bindings/services.health.yaml'],
      },
      ...(
        [
          ['curl-stays-quiet', 'set -x\n# curl --verbose x'],
          ['curl-stays-quiet', 'curl -s x | grep -v y'],
          ['prints-no-header', 'echo "Bearer $TOKEN"'],
          ['sends-only-reading-requests', 'curl -X  PUT x'],
          ['traces-nothing', 'set  -x'],
          ['prints-no-secret', 'hint: "echo $DB_PASSWORD"'],
        ] as const
      ).map(([rule, text]) => ({
        title: JSON.stringify(text),
        files: { [`${TOOLS}/services-a`]: text },
        finds: [`${rule} ${TOOLS}/services-a`],
      })),
    ],
  },
});
