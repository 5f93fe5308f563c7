import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/infra-hygiene/github-actions-drift-gate.ts';
import { nearMisses } from './near-misses.ts';

const FOLDER = 'ops/plugins/github';
const TOOL = `${FOLDER}/bin/github-actions-status`;

export default nearMisses(gate, {
  pass: [
    { title: 'without the tool nothing is examined', files: { [`${FOLDER}/bin/github-status`]: 'cron\n' } },
    {
      title: 'fields and commands that only look alike',
      files: {
        [TOOL]:
          'gh run list --json  eventName,urlPath,status\ngh api -XDELETE x; gh workflow list\nprintf "actor"; x && echo event\n',
      },
    },
    {
      title: 'a harmless request in a comment hides the real one',
      files: { [TOOL]: '# gh run list --json status\ngh run list --json actor\n' },
    },
    {
      title: 'other capabilities of the plugin',
      files: {
        [TOOL]: 'gh run list --json status\n',
        [CAPABILITIES]: 'capabilities: { github.queue.status: { description: cron } }\n',
      },
    },
  ],
  fail: [
    {
      title: 'a legacy path in a comment of a neighbour',
      files: { [TOOL]: 'gh run list --json url\n', [`${FOLDER}/bin/github-labels-status`]: '# see ~/logs\n' },
      finds: [`is-free-of-legacy-paths ${FOLDER}/bin/github-labels-status`],
    },
    {
      title: 'a legacy path in the capability',
      files: {
        [TOOL]: '',
        [CAPABILITIES]: 'capabilities: { github.actions.status: { description: reads state/ } }\n',
      },
      finds: ['capability-is-free-of-legacy-paths capability:github.actions.status#description'],
    },
    {
      title: 'writing commands, comments included',
      files: { [TOOL]: '# gh workflow run ci.yml\ngh api repos/x -X DELETE\n' },
      finds: [`tool-only-reads ${TOOL}`, `tool-only-reads ${TOOL}`],
    },
    ...['gh run list --json="status"', 'gh run list --json "status"', 'gh run list \\\n --json status', ''].map(
      (text) => ({
        title: `no field list on one line: ${JSON.stringify(text)}`,
        files: { [TOOL]: text },
        finds: [`tool-requests-plain-fields ${TOOL}`],
      }),
    ),
    {
      title: 'of several blocked fields the first of the blocked list is named',
      files: { [TOOL]: 'gh run list --json status --json headSha,actor,event --json "url"\necho url\n' },
      finds: [`tool-requests-harmless-fields ${TOOL}#actor`],
    },
    {
      title: 'an echo with a blocked word inside another',
      files: { [TOOL]: 'gh run list --json status\n echo "run curl"\necho"prevented"\nif x; then echo url; fi\n' },
      finds: [`tool-prints-only-counts ${TOOL}`, `tool-prints-only-counts ${TOOL}`],
    },
  ],
});
