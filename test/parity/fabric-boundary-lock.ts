import { BOUNDARY, CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/process-hygiene/fabric-boundary-lock.ts';
import { nearMisses } from './near-misses.ts';

const AGENTS = 'ops/bindings/agents.registry.yaml';
const SOUND = { [BOUNDARY]: 'version: 1\n', [CAPABILITIES]: 'capabilities: {}\n', [AGENTS]: 'agents: []\n' };
const STRICT =
  'workbench: { required_agent_path_prefix: ~/wb/agents/ }\nagents_registry_boundary:\n  active_exempt_agent_ids: [odd]\n  allowed_non_workbench_impl_prefixes: [~/ok/]\n';

export default nearMisses(gate, {
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
});
