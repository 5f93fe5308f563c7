import gate from '../../src/gates/spine/infra-hygiene/health-drift.ts';
import { nearMisses } from './near-misses.ts';

const TOOLS = 'ops/plugins/services/bin';

export default nearMisses(gate, {
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
});
