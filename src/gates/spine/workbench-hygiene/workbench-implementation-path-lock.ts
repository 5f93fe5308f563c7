import { ITEM_KEY, tabRows } from '../../lib/bash/tab-rows.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { program, yaml } from '../../lib/needs.ts';
import { exists, locate, needsWorkbench, WORKBENCH_ROOT } from '../../lib/spine/host-paths.ts';
import { BOUNDARY, CAPABILITIES } from '../../lib/spine/known-files.ts';

const HELPER = 'ops/plugins/verify/bin/workbench-impl-audit';
const COLUMNS = [ITEM_KEY, ['domain', 'none'], ['implementation_repo', ''], ['implementation_path', '']] as const;

/** One external capability, complete but for what is given. */
function sound(path: string, { domain = 'n8n', home = WORKBENCH_ROOT } = {}) {
  return {
    [HELPER]: '',
    [BOUNDARY]: `workbench: { canonical_repo: ${WORKBENCH_ROOT} }\n`,
    [CAPABILITIES]: `capabilities:\n  a: { plane: domain_external, domain: ${domain}, implementation_repo: ${home}, implementation_path: ${path} }\n`,
  };
}
const executable = [HELPER];
const siblings = { workbench: { 'agents/n8n/tool.py': '' } };

export default defineGate({
  name: 'workbench-implementation-path-lock',
  mirrors: ['fdafc9df13fad4c8014afb20e6068cedeafd7982'],
  why: 'A capability whose code lives in the workbench says where. When that path is wrong, the action is still on offer and nobody finds its code.',
  fix: 'Give the capability a domain, an implementation_repo spelled exactly like workbench.canonical_repo, and an implementation_path that exists there.',
  limits: 'A list in place of a capability, or of a field of an external one, silences the whole check.',
  needs: { helper: program(HELPER), capabilities: yaml(CAPABILITIES), boundary: yaml(BOUNDARY) },
  deviates: [
    'A path that enters a folder of the workbench and climbs out of the repo again (`agents/../../x`) counts as missing.',
    `A workbench at another place than ${WORKBENCH_ROOT} is not the sibling, so that every path in it counts as missing.`,
  ],

  rules: {
    'workbench-is-stated': 'The contract does not say where the workbench is.',
    'metadata-is-complete': 'The capability `{capability}` does not have all of domain, repo and path.',
    'repo-is-the-workbench': 'The capability `{capability}` is in `{home}`, not in `{wanted}`.',
    'path-is-in-workbench': 'The capability `{capability}` is outside the workbench, at `{target}`.',
    'path-exists': 'The capability `{capability}` is at `{target}`, which does not exist.',
  },

  *check({ capabilities, boundary }, report, context) {
    const stated = boundary.get('workbench', 'canonical_repo');
    if (isUnset(stated)) return yield report('workbench-is-stated', 'workbench.canonical_repo', stated);
    const wanted = stated.raw;
    const external = tabRows(capabilities.get('capabilities'), COLUMNS, (entry) =>
      entry.get('plane').is('domain_external'),
    );
    let needsSibling = false;
    for (const { values, item } of external) {
      if (values.length === 0) continue;
      const [capability = '', , home = '', path = ''] = values;
      const subject = `capability:${capability}`;
      const target = path.startsWith('/') ? path : `${home}/${path}`;
      const place = locate(context, target);
      const [homeAt, pathAt] = [item.get('implementation_repo'), item.get('implementation_path')];
      if (home === '' || path === '') yield report('metadata-is-complete', subject, pathAt, { capability });
      else if (home !== wanted) yield report('repo-is-the-workbench', subject, homeAt, { capability, home, wanted });
      else if (!target.startsWith(wanted))
        yield report('path-is-in-workbench', subject, pathAt, { capability, target });
      else if (place === 'no sibling') needsSibling = true;
      else if (place === 'machine' && target.includes('/../')) {
        yield { blind: `\`${target}\` climbs out of the repos that can be seen` };
      } else if (place === 'machine' || !exists(place)) {
        yield report('path-exists', subject, pathAt, { capability, target });
      }
    }
    if (needsSibling) yield needsWorkbench('what external capabilities name');
  },

  examples: {
    pass: [{ title: 'a folder of the workbench', files: sound('agents/n8n/'), executable, siblings }],
    fail: [
      {
        title: 'a contract that names no workbench',
        files: { ...sound('agents'), [BOUNDARY]: '' },
        executable,
        finds: ['workbench-is-stated workbench.canonical_repo'],
      },
      {
        title: 'an empty domain',
        files: sound('agents', { domain: '""' }),
        executable,
        finds: ['metadata-is-complete capability:a'],
      },
      {
        title: 'another repo',
        files: sound('agents', { home: '/opt/workbench' }),
        executable,
        finds: ['repo-is-the-workbench capability:a'],
      },
      {
        title: 'an absolute path elsewhere',
        files: sound('/opt/agents'),
        executable,
        finds: ['path-is-in-workbench capability:a'],
      },
      { title: 'a path to nothing', files: sound('lost/'), executable, siblings, finds: ['path-exists capability:a'] },
    ],
    blind: [{ title: 'no workbench to look into', files: sound('agents/n8n/'), executable }],
  },
});
