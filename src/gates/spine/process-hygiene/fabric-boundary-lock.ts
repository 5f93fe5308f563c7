import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { joinRaw, type YamlValue } from '../../../core/yaml/value.ts';
import { ITEM_KEY, tabRows } from '../../lib/bash/tab-rows.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { filesExist, unparsable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { BOUNDARY, CAPABILITIES } from '../../lib/spine/known-files.ts';

const AGENTS = 'ops/bindings/agents.registry.yaml';
const FILES = [BOUNDARY, CAPABILITIES, AGENTS];

const SOUND = { [BOUNDARY]: 'version: 1\n', [CAPABILITIES]: 'capabilities: {}\n', [AGENTS]: 'agents: []\n' };
const STRICT =
  'workbench: { required_agent_path_prefix: ~/wb/agents/ }\nagents_registry_boundary:\n  active_exempt_agent_ids: [odd]\n  allowed_non_workbench_impl_prefixes: [~/ok/]\n';

export default defineGate({
  name: 'fabric-boundary-lock',
  mirrors: ['95549e127af0294206b97d33f12ebb3853ded5c9'],
  why: 'This repo governs; domain code lives in the workbench. When an agent or capability does not say where its code is, domain code creeps into the control plane. As long as the contract lists no allowed prefixes, agents are in effect not checked; and one list in place of a field of any capability hides every wrong plane.',
  fix: 'Move the agent below the required prefix (or exempt it in fabric.boundary.contract.yaml); give the capability a known plane and, if it is external, a domain, implementation_repo and implementation_path.',
  reads: FILES,
  deviates: ['A list in place of `agents_registry_boundary` fails, as one in place of the whole contract does.'],

  check: ({ repo }) => first(findings(repo)),

  examples: {
    pass: [
      {
        title: 'without a list of allowed prefixes an agent may live anywhere',
        files: { ...SOUND, [AGENTS]: 'agents: [{ id: a, implementation_status: active, implementation: ~/x }]\n' },
      },
      {
        title: 'agents below the prefix, below an allowed one, exempt or not active',
        files: {
          ...SOUND,
          [BOUNDARY]: STRICT,
          [AGENTS]:
            'agents:\n  - { id: a, implementation_status: active, implementation: ~/wb/agents/a/ }\n  - { id: b, implementation_status: active, implementation: ~/ok/b }\n  - { id: odd, implementation_status: active, implementation: /x }\n  - { id: c, implementation_status: planned, implementation: /x }\n',
        },
      },
      {
        title: 'capabilities without a plane, in the fabric, and external with everything',
        files: {
          ...SOUND,
          [CAPABILITIES]:
            'capabilities:\n  a: { command: x }\n  b: { plane: "null", domain: none }\n  c: { plane: fabric }\n  d: { plane: domain_external, domain: n8n, implementation_repo: /wb, implementation_path: n8n/ }\n',
        },
      },
      {
        title: 'one plane that is a list hides a wrong one',
        files: { ...SOUND, [CAPABILITIES]: 'capabilities:\n  a: { plane: fabrics }\n  b: { plane: [fabric] }\n' },
      },
      { title: 'an empty contract restricts nothing', files: { ...SOUND, [BOUNDARY]: '' } },
    ],
    fail: [
      { title: 'no contract', files: { [AGENTS]: '', [CAPABILITIES]: '' }, finds: [`file-exists ${BOUNDARY}`] },
      { title: 'unreadable agents', files: { ...SOUND, [AGENTS]: '{' }, finds: [`file-is-yaml ${AGENTS}`] },
      {
        title: 'the home directory is not expanded, and only the first agent is named',
        files: {
          ...SOUND,
          [BOUNDARY]: STRICT,
          [AGENTS]:
            'agents:\n  - { id: a, implementation_status: active, implementation: /Users/me/wb/agents/a }\n  - { id: b, implementation_status: active }\n',
        },
        finds: ['agent-lives-in-workbench agent:a'],
      },
      {
        title: 'an unknown plane',
        files: { ...SOUND, [CAPABILITIES]: 'capabilities: { a: { plane: Fabric } }\n' },
        finds: ['plane-is-known capability:a'],
      },
      {
        title: 'without a plane, the domain is taken for it',
        files: { ...SOUND, [CAPABILITIES]: 'capabilities: { a: { domain: n8n } }\n' },
        finds: ['plane-is-known capability:a'],
      },
      {
        title: 'external without a real domain',
        files: { ...SOUND, [CAPABILITIES]: 'capabilities: { a: { plane: domain_external, domain: none } }\n' },
        finds: ['external-capability-has-domain capability:a'],
      },
      {
        title: 'external without repo and path',
        files: { ...SOUND, [CAPABILITIES]: 'capabilities: { a: { plane: domain_external, domain: n8n } }\n' },
        finds: ['external-capability-has-repo capability:a'],
      },
      {
        title: 'external without domain: repo and path move up, and the path is missing',
        files: {
          ...SOUND,
          [CAPABILITIES]:
            'capabilities: { a: { plane: domain_external, implementation_repo: /wb, implementation_path: n8n/ } }\n',
        },
        finds: ['external-capability-has-path capability:a'],
      },
    ],
  },
});

function* findings(repo: Repo): Generator<Problem> {
  yield* filesExist(repo, ...FILES);
  for (const path of FILES) if (!repo.isYaml(path)) yield unparsable(repo, path);
  const boundary = repo.yaml(BOUNDARY);
  for (const file of repo.yamlDocuments(AGENTS)) yield* strayAgents(file.get('agents'), boundary);
  for (const file of repo.yamlDocuments(CAPABILITIES)) yield* vagueCapabilities(file.get('capabilities'));
}

function* strayAgents(agents: YamlValue, boundary: YamlValue): Generator<Problem> {
  const required = boundary.get('workbench', 'required_agent_path_prefix').raw;
  const rules = boundary.get('agents_registry_boundary');
  const lines = (key: string) => joinRaw(rules.get(key).items).split('\n');
  const allowed = lines('allowed_non_workbench_impl_prefixes').filter((prefix) => prefix !== '');
  if (allowed.length === 0) return;
  const exempt = lines('active_exempt_agent_ids');
  for (const { values, item } of tabRows(agents, ['id', 'implementation_status', 'implementation'])) {
    const [id = '', status, implementation = ''] = values;
    if (status !== 'active' || exempt.includes(id)) continue;
    if ([...allowed, required].some((prefix) => implementation.startsWith(prefix))) continue;
    const message = `Agent \`${id}\` is active, but \`${implementation}\` is not below \`${required}\`.`;
    yield problem('agent-lives-in-workbench', `agent:${id}`, item.get('implementation'), message);
  }
}

function* vagueCapabilities(capabilities: YamlValue): Generator<Problem> {
  const optional = (field: string) => [field, ''] as const;
  const columns = ['plane', 'domain', 'implementation_repo', 'implementation_path'].map(optional);
  for (const { values, item } of tabRows(capabilities, [ITEM_KEY, ...columns])) {
    const [id = '', plane = '', domain = '', home = '', path = ''] = values;
    const says = (rule: string, field: string, message: string) =>
      problem(rule, `capability:${id}`, item.get(field), `Capability \`${id}\` ${message}`);
    if (saysNothing(plane) || plane === 'fabric') continue;
    if (plane !== 'domain_external') {
      yield says('plane-is-known', 'plane', `has the plane \`${plane}\`, neither fabric nor domain_external.`);
    } else if (saysNothing(domain) || domain === 'none') {
      yield says('external-capability-has-domain', 'domain', 'is external, but belongs to no domain.');
    } else if (saysNothing(home)) {
      yield says('external-capability-has-repo', 'implementation_repo', 'is external, but names no repo.');
    } else if (saysNothing(path)) {
      yield says('external-capability-has-path', 'implementation_path', 'is external, but names no path.');
    }
  }
}
