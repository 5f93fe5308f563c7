import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/cloudflare-drift-gate.ts';
import { nearMisses } from './near-misses.ts';

const FOLDER = 'ops/plugins/cloudflare';
const TOOL = `${FOLDER}/bin/cloudflare-status`;

export default nearMisses(gate, {
  pass: [
    {
      title: 'words that only look alike',
      files: { [TOOL]: '# crontab cronjob x.plists ~/agents logs/x HTTP_POST_BODY post\n' },
    },
    {
      title: 'a token in a message that says it is missing, or an echo that does not start its line',
      files: { [TOOL]: 'echo "STOP: $CLOUDFLARE_API_TOKEN unset"\ntrue && echo $CLOUDFLARE_API_TOKEN\n' },
    },
    {
      title: 'the verb in another tool of the plugin, the token in a heredoc',
      files: {
        [TOOL]: 'cat <<< "$CLOUDFLARE"\n',
        [`${FOLDER}/bin/cloudflare-dns-set`]: 'curl -X POST\necho $CLOUDFLARE\n',
      },
    },
    { title: 'a binary file', files: { [TOOL]: '', [`${FOLDER}/logo.bin`]: '\0\nLaunchAgents\n' } },
    {
      title: 'a YAML comment, other capabilities, and a key without the dot',
      files: {
        [TOOL]: '',
        [CAPABILITIES]:
          'capabilities:\n  # receipts/\n  cloudflare.status: { safety: read }\n  cloudflare_x.y: { d: cron }\n  dns.cloudflare.: { d: cron }\n',
      },
    },
    { title: 'capabilities that are no YAML', files: { [TOOL]: '', [CAPABILITIES]: 'capabilities: [receipts/\n' } },
    {
      title: 'capabilities in a list',
      files: { [TOOL]: '', [CAPABILITIES]: '- capabilities: { cloudflare.status: cron }\n' },
    },
  ],
  fail: [
    { title: 'no status tool', files: { [`${FOLDER}/x`]: 'cron\n' }, finds: [`file-exists ${TOOL}`] },
    {
      title: 'legacy paths hide everything else, once per line, in hidden files and inside longer words',
      files: {
        [TOOL]: 'curl -X POST # cron cron\n',
        [`${FOLDER}/.notes/a`]: 'interstate/x\nmicrocron\n/logs/\n~/logs\n',
      },
      finds: [...Array(4).fill(`is-free-of-legacy-paths ${FOLDER}/.notes/a`), `is-free-of-legacy-paths ${TOOL}`],
    },
    {
      title: 'capability keys, names and list items count, nested ones too',
      files: {
        [TOOL]: 'POST\n',
        [CAPABILITIES]:
          'capabilities:\n  cloudflare.cron: {}\n  cloudflare.status:\n    description: |\n      writes\n      receipts/ and state/\n    outputs: [x.plist, ok]\n    more: { ronny-ops: 1 }\n',
      },
      finds: [
        'capability-is-free-of-legacy-paths capability:cloudflare.cron',
        'capability-is-free-of-legacy-paths capability:cloudflare.status#description',
        'capability-is-free-of-legacy-paths capability:cloudflare.status',
        'capability-is-free-of-legacy-paths capability:cloudflare.status#ronny-ops',
      ],
    },
    {
      title: 'what an alias brings in counts',
      files: {
        [TOOL]: '',
        [CAPABILITIES]: 'old: &old { path: state/ }\ncapabilities: { cloudflare.status: { <<: *old, again: *old } }\n',
      },
      finds: ['capability-is-free-of-legacy-paths capability:cloudflare.status#path'],
    },
    {
      title: 'a verb in a comment, before any token',
      files: { [TOOL]: `echo \${CLOUDFLARE}\n# never PUT\n# (DELETE)\n` },
      finds: [`tool-only-reads ${TOOL}`, `tool-only-reads ${TOOL}`],
    },
    {
      title: 'the token printed in four ways; braces have no excuse',
      files: {
        [TOOL]: ` echo "$CLOUDFLARE_API_TOKEN"\necho "missing \${CLOUDFLARE}"\nprint $CF_TOKEN\nprintf "%s" $TOKEN\n`,
      },
      finds: Array(4).fill(`tool-prints-no-token ${TOOL}`),
    },
  ],
});
