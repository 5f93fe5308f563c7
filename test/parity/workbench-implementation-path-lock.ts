import { WORKBENCH_ROOT } from '../../src/gates/lib/spine/host-paths.ts';
import { BOUNDARY, CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/workbench-hygiene/workbench-implementation-path-lock.ts';
import { nearMisses } from './near-misses.ts';

const HELPER = 'ops/plugins/verify/bin/workbench-impl-audit';
const executable = [HELPER];
const siblings = { workbench: { 'agents/n8n/tool.py': '' } };

/** One external capability, complete but for what is given. */
function sound(path: string, { domain = 'n8n', home = WORKBENCH_ROOT } = {}) {
  return {
    [HELPER]: '',
    [BOUNDARY]: `workbench: { canonical_repo: ${WORKBENCH_ROOT} }\n`,
    [CAPABILITIES]: `capabilities:\n  a: { plane: domain_external, domain: ${domain}, implementation_repo: ${home}, implementation_path: ${path} }\n`,
  };
}

export default nearMisses(gate, {
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
});
