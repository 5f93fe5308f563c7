import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/ssot-hygiene/mailroom-bridge-consumers-registry-lock.ts';
import { nearMisses, soundFiles } from './near-misses.ts';

const TEST = 'ops/plugins/mailroom-bridge/tests/test-consumers-registry.sh';
const REGISTRY = 'ops/bindings/mailroom.bridge.consumers.yaml';
const BRIDGE = 'ops/bindings/mailroom.bridge.yaml';
const DOCUMENT = 'docs/governance/MAILROOM_BRIDGE.md';
const END_MARKER = '<!-- AUTO: BRIDGE_CONSUMERS_END -->';

function registry(contract: string): string {
  return `cap_rpc: { allowlist: [a.status, b.status], roles: { operator: {}, viewer: {} } }\n${contract}`;
}

function world(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...soundFiles(gate), ...changes };
}

export default nearMisses(gate, {
  pass: [
    {
      title: 'spelling, comments, tokens and rights do not matter, nor does the rest of the document',
      files: world({
        [BRIDGE]:
          'cap_rpc:\n  allowlist: ["a.status", b.status] # same\n  roles: { operator: { token_env: X }, viewer: { allow: [z] } }\n',
        [DOCUMENT]: `nothing before it ${END_MARKER}\n`,
      }),
    },
    {
      title: 'neither side has a list, and nothing is promised',
      files: world({ [REGISTRY]: 'cap_rpc: [\n', [BRIDGE]: '{}\n', [CAPABILITIES]: '{}\n' }),
    },
    {
      title: 'a promise without a capability is passed over',
      files: world({ [REGISTRY]: registry('json_contract: { caps: [{ capability: "" }, { args: [] }, text] }\n') }),
    },
  ],
  fail: [
    { title: 'no test', files: {}, finds: [`file-exists ${TEST}`] },
    {
      title: 'of two missing files the first is named',
      files: { [TEST]: '', [REGISTRY]: '', [CAPABILITIES]: '' },
      finds: [`file-exists ${BRIDGE}`],
    },
    {
      title: 'a registry that is not YAML has no lists and promises nothing',
      files: world({ [REGISTRY]: 'cap_rpc: [\n' }),
      finds: ['allowlists-agree cap_rpc.allowlist', 'roles-agree cap_rpc.roles'],
    },
    {
      title: 'roles in lists of different lengths',
      files: world({
        [REGISTRY]: 'cap_rpc: { allowlist: [], roles: [a, b] }\n',
        [BRIDGE]: 'cap_rpc: { allowlist: [], roles: [b] }\n',
      }),
      finds: ['roles-agree cap_rpc.roles'],
    },
    {
      title: 'capabilities that are not YAML have no command',
      files: world({ [CAPABILITIES]: 'capabilities: [\n' }),
      finds: ['promised-capability-has-command capability:a.status'],
    },
  ],
});
