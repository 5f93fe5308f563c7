import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { ITEM_KEY, tabRows } from '../../lib/bash/tab-rows.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { filesExist, isProgram, notRunnable, unparsable } from '../../lib/files/files.ts';
import { locate, needsWorkbench, type RepoPath, WORKBENCH_ROOT } from '../../lib/spine/host-paths.ts';
import { BOUNDARY, CAPABILITIES } from '../../lib/spine/known-files.ts';

const HELPER = 'ops/plugins/verify/bin/workbench-impl-audit';

const executable = [HELPER];
const siblings = { workbench: { 'agents/n8n/tool.py': '' } };

export default defineGate({
  name: 'workbench-implementation-path-lock',
  mirrors: ['fdafc9df13fad4c8014afb20e6068cedeafd7982'],
  why: 'A capability whose code lives in the workbench says where. When that path is wrong, the action is still on offer and nobody finds its code. One list in place of a capability, or of a field of an external one, silences the whole check.',
  fix: 'Give the capability a domain, an implementation_repo spelled exactly like workbench.canonical_repo, and an implementation_path that exists there.',
  reads: [CAPABILITIES, BOUNDARY],
  deviates: [
    'A path that enters a folder of the workbench and climbs out of the repo again (`agents/../../x`) counts as missing.',
    `A workbench at another place than ${WORKBENCH_ROOT} is not the sibling, so that every path in it counts as missing.`,
  ],

  *check(context) {
    const { repo } = context;
    if (!isProgram(repo, HELPER)) return yield notRunnable(repo, HELPER);
    const [missing] = filesExist(repo, CAPABILITIES, BOUNDARY);
    if (missing) return yield missing;
    for (const path of [CAPABILITIES, BOUNDARY]) if (!repo.isYaml(path)) return yield unparsable(repo, path);
    const stated = repo.yaml(BOUNDARY).get('workbench', 'canonical_repo');
    if (isUnset(stated)) {
      return yield problem('workbench-is-stated', 'workbench.canonical_repo', stated, 'No workbench is stated.');
    }

    const workbench = stated.raw;
    const fields = [ITEM_KEY, ['domain', 'none'], ['implementation_repo', ''], ['implementation_path', '']] as const;
    const capabilities = tabRows(repo.yaml(CAPABILITIES).get('capabilities'), fields, (capability) =>
      capability.get('plane').is('domain_external'),
    );
    let needsSibling = false;
    for (const { values, item } of capabilities) {
      if (values.length === 0) continue;
      const [id = '', , home = '', path = ''] = values;
      const says = (rule: string, field: string, message: string) =>
        problem(rule, `capability:${id}`, item.get(`implementation_${field}`), `Capability \`${id}\` ${message}`);
      const target = path.startsWith('/') ? path : `${home}/${path}`;
      const place = locate(context, target);
      if (home === '' || path === '')
        yield says('metadata-is-complete', 'path', 'does not say its domain, repo and path.');
      else if (home !== workbench)
        yield says('repo-is-the-workbench', 'repo', `lives in \`${home}\`, not in \`${workbench}\`.`);
      else if (!target.startsWith(workbench))
        yield says('path-is-in-workbench', 'path', `lives outside, at \`${target}\`.`);
      else if (place === 'no sibling') needsSibling = true;
      else if (place === 'machine' && target.includes('/../')) {
        yield { blind: `\`${target}\` climbs out of the repos that can be seen` };
      } else if (place === 'machine' || !exists(place)) {
        yield says('path-exists', 'path', `lives at \`${target}\`, which does not exist.`);
      }
    }
    if (needsSibling) yield needsWorkbench('What external capabilities name');
  },

  examples: {
    pass: [
      { title: 'a folder of the workbench', files: sound('agents/n8n/'), executable, siblings },
      { title: 'a folder without the slash', files: sound('agents/n8n'), executable, siblings },
      { title: 'a file in full', files: sound(`${WORKBENCH_ROOT}/agents/n8n/tool.py`), executable, siblings },
      {
        title: 'a file of this repo, next door to the workbench',
        files: { ...sound('../agentic-spine/README.md'), 'README.md': '' },
        executable,
        siblings,
      },
      {
        title: 'capabilities of other planes',
        files: { ...sound(''), [CAPABILITIES]: 'capabilities: { a: { plane: fabric }, b: { command: x } }\n' },
        executable,
        siblings,
      },
      {
        title: 'one capability that is a list hides a path that leads nowhere',
        files: { ...sound('nowhere'), [CAPABILITIES]: `${sound('nowhere')[CAPABILITIES]}  b: []\n` },
        executable,
        siblings,
      },
    ],
    fail: [
      { title: 'the helper lost its executable bit', files: sound('agents'), finds: [`program-can-run ${HELPER}`] },
      { title: 'no capabilities', files: { [HELPER]: '' }, executable, finds: [`file-exists ${CAPABILITIES}`] },
      { title: 'no YAML', files: { ...sound(''), [BOUNDARY]: '{' }, executable, finds: [`file-is-yaml ${BOUNDARY}`] },
      {
        title: 'a contract that names no workbench',
        files: { ...sound('agents'), [BOUNDARY]: 'workbench: { canonical_repo: "null" }\n' },
        executable,
        finds: ['workbench-is-stated workbench.canonical_repo'],
      },
      {
        title: 'an empty domain moves repo and path up',
        files: sound('agents', { domain: '""' }),
        executable,
        finds: ['metadata-is-complete capability:a'],
      },
      {
        title: 'the repo with a slash at its end',
        files: sound('agents', { home: `${WORKBENCH_ROOT}/` }),
        executable,
        finds: ['repo-is-the-workbench capability:a'],
      },
      {
        title: 'an absolute path elsewhere',
        files: sound('/opt/agents'),
        executable,
        finds: ['path-is-in-workbench capability:a'],
      },
      {
        title: 'a file with a slash at its end',
        files: sound('agents/n8n/tool.py/'),
        executable,
        siblings,
        finds: ['path-exists capability:a'],
      },
      {
        title: 'a neighbour whose name begins like the workbench is no part of it',
        files: sound(`${WORKBENCH_ROOT}-old/agents`),
        executable,
        finds: ['path-exists capability:a'],
      },
    ],
    blind: [
      { title: 'no workbench to look into', files: sound('agents/n8n/'), executable },
      { title: 'a path into a third repo', files: sound('../other/tool.py'), executable, siblings },
    ],
  },
});

function exists({ repo, path }: RepoPath): boolean {
  return repo.isFile(path) || repo.isDirectory(path);
}

/** One external capability, complete but for what is given. */
function sound(path: string, { domain = 'n8n', home = WORKBENCH_ROOT } = {}) {
  return {
    [HELPER]: '',
    [BOUNDARY]: `workbench: { canonical_repo: ${WORKBENCH_ROOT} }\n`,
    [CAPABILITIES]: `capabilities:\n  a: { plane: domain_external, domain: ${domain}, implementation_repo: ${home}, implementation_path: ${path} }\n`,
  };
}
