import { joinRaw } from '../../../core/yaml/value.ts';
import { ITEM_KEY, tabRows } from '../../lib/bash/tab-rows.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { yaml } from '../../lib/needs.ts';
import { BOUNDARY, CAPABILITIES } from '../../lib/spine/known-files.ts';

const AGENTS = 'ops/bindings/agents.registry.yaml';
const EXTERNAL = [
  ['domain', ''],
  ['implementation_repo', ''],
  ['implementation_path', ''],
] as const;

const SOUND = { [BOUNDARY]: 'version: 1\n', [CAPABILITIES]: 'capabilities: {}\n', [AGENTS]: 'agents: []\n' };
const STRICT =
  'workbench: { required_agent_path_prefix: ~/wb/agents/ }\nagents_registry_boundary:\n  active_exempt_agent_ids: [odd]\n  allowed_non_workbench_impl_prefixes: [~/ok/]\n';

/** The sound repo with one capability. */
function withCapability(fields: string) {
  return { ...SOUND, [CAPABILITIES]: `capabilities: { a: { ${fields} } }\n` };
}

export default defineGate({
  name: 'fabric-boundary-lock',
  mirrors: ['95549e127af0294206b97d33f12ebb3853ded5c9'],
  why: 'This repo governs; domain code lives in the workbench. When an agent or capability does not say where its code is, domain code creeps into the control plane.',
  fix: 'Move the agent below the required prefix (or exempt it in fabric.boundary.contract.yaml); give the capability a known plane and, if it is external, a domain, implementation_repo and implementation_path.',
  limits:
    'While the contract lists no allowed prefixes, agents are not checked. A list in place of a field of any capability hides every wrong plane.',
  needs: { boundary: yaml(BOUNDARY), capabilities: yaml(CAPABILITIES), agents: yaml(AGENTS) },
  stopsAtFirst: true,
  deviates: ['A list in place of `agents_registry_boundary` fails, as one in place of the whole contract does.'],

  rules: {
    'agent-lives-in-workbench': 'The agent `{agent}` is active, but its code at `{path}` is not below `{required}`.',
    'plane-is-known': '`{capability}` has the plane `{plane}`; use fabric or domain_external.',
    'external-capability-has-domain': '`{capability}` is external but has no domain.',
    'external-capability-has-repo': '`{capability}` is external but names no repo.',
    'external-capability-has-path': '`{capability}` is external but names no path.',
  },

  *check({ boundary }, report, { repo }) {
    const required = boundary.get('workbench', 'required_agent_path_prefix').raw;
    for (const file of repo.yamlDocuments(AGENTS)) {
      const agents = file.get('agents');
      const rules = boundary.get('agents_registry_boundary');
      const listed = (key: string) => joinRaw(rules.get(key).items).split('\n');
      const allowed = listed('allowed_non_workbench_impl_prefixes').filter((prefix) => prefix !== '');
      const exempt = listed('active_exempt_agent_ids');
      if (allowed.length === 0) continue;
      for (const { values, item } of tabRows(agents, ['id', 'implementation_status', 'implementation'])) {
        const [agent = '', status, path = ''] = values;
        if (status !== 'active' || exempt.includes(agent)) continue;
        if ([...allowed, required].some((prefix) => path.startsWith(prefix))) continue;
        const at = item.get('implementation');
        yield report('agent-lives-in-workbench', `agent:${agent}`, at, { agent, path, required });
      }
    }
    for (const file of repo.yamlDocuments(CAPABILITIES)) {
      for (const { values, item } of tabRows(file.get('capabilities'), [ITEM_KEY, ['plane', ''], ...EXTERNAL])) {
        const [capability = '', plane = '', domain = '', home = '', path = ''] = values;
        const subject = `capability:${capability}`;
        if (saysNothing(plane) || plane === 'fabric') continue;
        if (plane !== 'domain_external') {
          yield report('plane-is-known', subject, item.get('plane'), { capability, plane });
        } else if (saysNothing(domain) || domain === 'none') {
          yield report('external-capability-has-domain', subject, item.get('domain'), { capability });
        } else if (saysNothing(home)) {
          yield report('external-capability-has-repo', subject, item.get('implementation_repo'), { capability });
        } else if (saysNothing(path)) {
          yield report('external-capability-has-path', subject, item.get('implementation_path'), { capability });
        }
      }
    }
  },

  examples: {
    pass: [{ title: 'no agent and no capability', files: SOUND }],
    fail: [
      {
        title: 'an agent elsewhere',
        files: {
          ...SOUND,
          [BOUNDARY]: STRICT,
          [AGENTS]: 'agents: [{ id: a, implementation_status: active, implementation: ~/x }]\n',
        },
        finds: ['agent-lives-in-workbench agent:a'],
      },
      { title: 'an unknown plane', files: withCapability('plane: Fabric'), finds: ['plane-is-known capability:a'] },
      {
        title: 'external without a real domain',
        files: withCapability('plane: domain_external, domain: none'),
        finds: ['external-capability-has-domain capability:a'],
      },
      {
        title: 'external without repo and path',
        files: withCapability('plane: domain_external, domain: n8n'),
        finds: ['external-capability-has-repo capability:a'],
      },
      {
        title: 'external without a path',
        files: withCapability('plane: domain_external, domain: n8n, implementation_repo: /wb'),
        finds: ['external-capability-has-path capability:a'],
      },
    ],
  },
});
