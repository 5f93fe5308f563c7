import type { TextLine } from '../../../core/repo.ts';
import { gnuGrep, UNDECODABLE_BYTES } from '../../lib/bash/search-patterns.ts';
import { defineGate } from '../../lib/define.ts';
import { type Ban, breaches, rulesOf } from '../../lib/files/forbidden-lines.ts';
import { lines, optional } from '../../lib/needs.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';
import { COUPLING_RULES, legacyCoupling } from '../../lib/spine/legacy-coupling.ts';

const FOLDER = 'ops/plugins/github';
const TOOL = `${FOLDER}/bin/github-actions-status`;
const REVEALING = ['url', 'displayTitle', 'workflowName', 'headBranch', 'actor', 'event', 'databaseId', 'headSha'];
const REQUEST = gnuGrep(/gh run list.*--json[ \t]+([a-zA-Z,]+)/);

const WRITES: Ban = {
  rule: 'tool-only-reads',
  pattern: gnuGrep(
    /(gh\s+(?:api|workflow))\s+.*(-X\s+(?:POST|PUT|PATCH|DELETE))|(gh\s+workflow\s+(?:enable|disable|run))/,
  ),
  means: 'a command that changes something on GitHub',
};
const PRINTS: Ban = {
  rule: 'tool-prints-only-counts',
  pattern: gnuGrep(/^\s*(echo)/),
  followedBy: gnuGrep(/url|displayTitle|workflowName|headBranch|actor|event/),
  means: 'which can print who ran what and where',
};

/** The first line that asks for fields; on it the last list counts. */
function firstRequest(tool: readonly TextLine[]) {
  for (const line of tool) {
    const fields = REQUEST.exec(line.text)?.[1];
    if (fields !== undefined) return { line, fields: fields.split(',') };
  }
  return undefined;
}

export default defineGate({
  name: 'github-actions-drift-gate',
  mirrors: ['a51e3398e424d612b81552306e3354a878fdc546'],
  why: 'Many people can read the logs that the workflow status goes to. It may count runs, but titles, branches, people and links must stay out.',
  fix: 'Keep `gh run list … --json status,conclusion` on one unquoted line with harmless fields, print nothing but counts, and keep paths of the retired setup out of the plugin.',
  limits:
    'Only words are searched: `curl` in an echo counts as `url`, a harmless request hides the real one after it, and nothing is checked when the tool does not exist.',
  needs: { tool: optional(lines(TOOL)) },
  alsoReads: [`${FOLDER}/**`, CAPABILITIES],
  deviates: [UNDECODABLE_BYTES],

  rules: {
    ...COUPLING_RULES,
    ...rulesOf([WRITES, PRINTS]),
    'tool-requests-plain-fields': 'No single line has `gh run list … --json` with a plain list of fields.',
    'tool-requests-harmless-fields': 'The tool asks GitHub for `{field}`, which reveals more than a count.',
  },

  *check({ tool }, report, { repo }) {
    if (!tool) return;
    const coupling = legacyCoupling(repo, FOLDER, 'github.actions.');
    if (coupling.length > 0) return yield* coupling;
    const writes = breaches(repo, [TOOL], [WRITES]);
    if (writes.length > 0) return yield* writes;

    const request = firstRequest(tool);
    if (!request) return yield report('tool-requests-plain-fields', TOOL, repo.at(TOOL));
    const field = REVEALING.find((name) => request.fields.includes(name));
    if (field !== undefined) {
      return yield report('tool-requests-harmless-fields', `${TOOL}#${field}`, request.line, { field });
    }
    yield* breaches(repo, [TOOL], [PRINTS]);
  },

  examples: {
    pass: [{ title: 'only the status of runs', files: { [TOOL]: 'gh run list --json status,conclusion\n' } }],
    fail: [
      {
        title: 'a path of the retired setup',
        files: { [TOOL]: '# see ~/logs\n' },
        finds: [`is-free-of-legacy-paths ${TOOL}`],
      },
      {
        title: 'the same in the capability',
        files: { [TOOL]: '', [CAPABILITIES]: 'capabilities: { github.actions.status: { description: state/ } }\n' },
        finds: ['capability-is-free-of-legacy-paths capability:github.actions.status#description'],
      },
      { title: 'it starts a run', files: { [TOOL]: 'gh workflow run ci.yml\n' }, finds: [`tool-only-reads ${TOOL}`] },
      {
        title: 'fields in quotes',
        files: { [TOOL]: 'gh run list --json "status"\n' },
        finds: [`tool-requests-plain-fields ${TOOL}`],
      },
      {
        title: 'a person',
        files: { [TOOL]: 'gh run list --json status,actor\n' },
        finds: [`tool-requests-harmless-fields ${TOOL}#actor`],
      },
      {
        title: 'a link in the output',
        files: { [TOOL]: 'gh run list --json status\necho "$url"\n' },
        finds: [`tool-prints-only-counts ${TOOL}`],
      },
    ],
  },
});
