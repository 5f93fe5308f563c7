import { gnuGrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { defineGate } from '../../lib/define.ts';
import { type Ban, breaches, rulesOf } from '../../lib/files/forbidden-lines.ts';
import { file } from '../../lib/needs.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';
import { COUPLING_RULES, legacyCoupling } from '../../lib/spine/legacy-coupling.ts';

const FOLDER = 'ops/plugins/cloudflare';
const TOOL = `${FOLDER}/bin/cloudflare-status`;

const BANS: readonly Ban[] = [
  {
    rule: 'tool-only-reads',
    pattern: gnuGrep(/\b(?:POST|PUT|PATCH|DELETE)\b/),
    means: 'a request that changes zones or records',
  },
  {
    rule: 'tool-prints-no-token',
    pattern: gnuGrep(
      /^(?!.*(?:not present|missing|STOP|>&2))\s*(echo)\s+.*(\$CLOUDFLARE)|^\s*(echo)\s+.*(\$\{CLOUDFLARE)|^\s*(printf?)\s+.*(\$).*(TOKEN)/,
    ),
    means: 'which prints a credential of the Cloudflare account',
  },
];

export default defineGate({
  name: 'cloudflare-drift-gate',
  mirrors: ['66b002d028d7071d2dddd18293431c95a10b205e'],
  why: 'A status tool that can write, or that logs its API token, turns a harmless look at DNS into an outage or a leak.',
  fix: 'Take the word out of cloudflare-status (or the plugin, or its capability), comments included. A tool that has to write needs another name.',
  limits: 'Only words are searched: comments count, and so does `interstate/` for `state/`.',
  needs: { tool: file(TOOL) },
  alsoReads: [`${FOLDER}/**`, CAPABILITIES],
  rules: { ...COUPLING_RULES, ...rulesOf(BANS) },
  deviates: [UNDECODABLE_BYTES],

  *check(_, __, { repo }) {
    const coupling = legacyCoupling(repo, FOLDER, 'cloudflare.');
    yield* coupling.length > 0 ? coupling : breaches(repo, [TOOL], BANS);
  },

  examples: {
    pass: [{ title: 'a tool that only reads', files: { [TOOL]: 'curl -fsS "$API/zones"\n' } }],
    fail: [
      {
        title: 'a path of the retired setup',
        files: { [TOOL]: 'cat ~/logs/dns\n' },
        finds: [`is-free-of-legacy-paths ${TOOL}`],
      },
      {
        title: 'the same in the capability',
        files: { [TOOL]: '', [CAPABILITIES]: 'capabilities: { cloudflare.status: { outputs: receipts/ } }\n' },
        finds: ['capability-is-free-of-legacy-paths capability:cloudflare.status#outputs'],
      },
      {
        title: 'a request that changes something',
        files: { [TOOL]: 'curl -X POST\n' },
        finds: [`tool-only-reads ${TOOL}`],
      },
      {
        title: 'the token in the log',
        files: { [TOOL]: 'echo $CLOUDFLARE_API_TOKEN\n' },
        finds: [`tool-prints-no-token ${TOOL}`],
      },
    ],
  },
});
