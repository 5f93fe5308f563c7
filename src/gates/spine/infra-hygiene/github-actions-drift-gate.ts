import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import { gnuGrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { type Ban, breaches } from '../../lib/files/forbidden-lines.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';
import { legacyCoupling } from '../../lib/spine/legacy-coupling.ts';

const FOLDER = 'ops/plugins/github';
const TOOL = `${FOLDER}/bin/github-actions-status`;
const REVEALING = ['url', 'displayTitle', 'workflowName', 'headBranch', 'actor', 'event', 'databaseId', 'headSha'];
const REQUEST = gnuGrep(/gh run list.*--json[ \t]+([a-zA-Z,]+)/);

const WRITES: Ban = {
  rule: 'tool-only-reads',
  pattern: gnuGrep(
    /(gh\s+(?:api|workflow))\s+.*(-X\s+(?:POST|PUT|PATCH|DELETE))|(gh\s+workflow\s+(?:enable|disable|run))/,
  ),
  means: 'changes something on GitHub',
};
const PRINTS: Ban = {
  rule: 'tool-prints-only-counts',
  pattern: gnuGrep(/^\s*(echo)/),
  followedBy: gnuGrep(/url|displayTitle|workflowName|headBranch|actor|event/),
  means: 'may print who ran what, where',
};

export default defineGate({
  name: 'github-actions-drift-gate',
  mirrors: ['a51e3398e424d612b81552306e3354a878fdc546'],
  why: 'The workflow status goes into logs that many read; it may count runs, but titles, branches, people and links stay out. Only words are searched: `curl` in an echo counts as `url`, one harmless request before the real one hides it, and without the tool nothing is looked at.',
  fix: 'Keep `gh run list … --json status,conclusion` on one unquoted line with harmless fields, print nothing but counts, and keep legacy paths out of the plugin.',
  reads: [`${FOLDER}/**`, CAPABILITIES],
  deviates: [UNDECODABLE_BYTES],

  *check({ repo }) {
    if (!repo.isFile(TOOL)) return;
    const coupling = legacyCoupling(repo, FOLDER, 'github.actions.');
    if (coupling.length > 0) return yield* coupling;
    const writes = breaches(repo, [TOOL], [WRITES]);
    if (writes.length > 0) return yield* writes;

    const request = firstRequest(repo.lines(TOOL));
    if (!request) {
      const message = 'No single line has `gh run list … --json` with a plain list of fields.';
      return yield problem('tool-requests-plain-fields', TOOL, repo.at(TOOL), message);
    }
    const field = REVEALING.find((name) => request.fields.includes(name));
    if (field !== undefined) {
      const message = `The tool asks GitHub for \`${field}\`, which says more than a count.`;
      return yield problem('tool-requests-harmless-fields', `${TOOL}#${field}`, request.line, message);
    }
    yield* breaches(repo, [TOOL], [PRINTS]);
  },

  examples: {
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
  },
});

/** The first line that asks for fields; on it the last list counts. */
function firstRequest(lines: readonly TextLine[]) {
  for (const line of lines) {
    const fields = REQUEST.exec(line.text)?.[1];
    if (fields !== undefined) return { line, fields: fields.split(',') };
  }
  return undefined;
}
