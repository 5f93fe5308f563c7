import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { joinRaw, type YamlValue } from '../../../core/yaml/value.ts';
import { column } from '../../lib/bash/joins.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { filesExist } from '../../lib/files/files.ts';
import { membersOf } from '../../lib/files/members.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const TEST = 'ops/plugins/mailroom-bridge/tests/test-consumers-registry.sh';
const REGISTRY = 'ops/bindings/mailroom.bridge.consumers.yaml';
const BRIDGE = 'ops/bindings/mailroom.bridge.yaml';
const DOCUMENT = 'docs/governance/MAILROOM_BRIDGE.md';

const END_MARKER = '<!-- AUTO: BRIDGE_CONSUMERS_END -->';

export default defineGate({
  name: 'mailroom-bridge-consumers-registry-lock',
  mirrors: ['d98fe3ba6c1d4590ba29d67df8386ac26f12ecfa'],
  why: 'The HTTP bridge may run only what its registry allows. When its own binding says something else, a remote consumer reaches capabilities that nobody approved. Compared are the allowlist, the names of the roles and the end marker of the document; what a role may do, its token and the table in the document can differ unnoticed.',
  fix: 'Edit mailroom.bridge.consumers.yaml only, then run `mailroom-bridge-consumers-sync`, which writes the binding and the document.',
  reads: [REGISTRY, BRIDGE, DOCUMENT, CAPABILITIES],

  *check({ repo }) {
    const [missing] = filesExist(repo, TEST, REGISTRY, BRIDGE, DOCUMENT, CAPABILITIES);
    if (missing) return yield missing;
    const registry = repo.yamlOrEmpty(REGISTRY);
    const bridge = repo.yamlOrEmpty(BRIDGE);

    const allowed = bridge.get('cap_rpc', 'allowlist');
    if (joinRaw(allowed.items) !== joinRaw(registry.get('cap_rpc', 'allowlist').items)) {
      const message = `The allowlist differs from the one in ${REGISTRY}, in entries or order.`;
      yield problem('allowlists-agree', 'cap_rpc.allowlist', allowed, message);
    }
    const roles = bridge.get('cap_rpc', 'roles');
    if (namesOf(roles) !== namesOf(registry.get('cap_rpc', 'roles'))) {
      const message = `The roles differ from those in ${REGISTRY}, in names or order.`;
      yield problem('roles-agree', 'cap_rpc.roles', roles, message);
    }
    if (!repo.text(DOCUMENT).includes(END_MARKER)) {
      const message = `The document has no line with \`${END_MARKER}\`.`;
      yield problem('document-has-end-marker', DOCUMENT, repo.at(DOCUMENT), message);
    }

    const capabilities = repo.yamlOrEmpty(CAPABILITIES).get('capabilities');
    const promised = column(registry.get('json_contract', 'caps'), 'capability');
    for (const capability of promised.filter((id) => !isUnset(id))) {
      const id = capability.raw;
      if (!isUnset(capabilities.get(id, 'command'))) continue;
      const message = `\`${id}\` is promised to answer in JSON, but ${CAPABILITIES} has no command for it.`;
      return yield problem('promised-capability-has-command', `capability:${id}`, capability, message);
    }
    const last = promised.at(-1);
    if (last && !isUnset(last))
      yield { unverified: `whether \`${last.raw}\` answers in the promised JSON when it is run` };
  },

  examples: {
    pass: [
      { title: 'registry, binding and document agree', files: world() },
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
        title: 'the same entries and roles in another order, and no end marker',
        files: world({
          [BRIDGE]: 'cap_rpc: { allowlist: [b.status, a.status], roles: { viewer: {}, operator: {} } }\n',
          [DOCUMENT]: '<!-- auto: bridge_consumers_end -->\n',
        }),
        finds: [
          'allowlists-agree cap_rpc.allowlist',
          'roles-agree cap_rpc.roles',
          `document-has-end-marker ${DOCUMENT}`,
        ],
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
        title: 'of the promises without a command only the first is named',
        files: world({ [CAPABILITIES]: 'capabilities: { b.status: { command: "" } }\n' }),
        finds: ['promised-capability-has-command capability:a.status'],
      },
      {
        title: 'capabilities that are not YAML have no command',
        files: world({ [CAPABILITIES]: 'capabilities: [\n' }),
        finds: ['promised-capability-has-command capability:a.status'],
      },
    ],
  },
});

/** In order; a list's names are its indices. */
function namesOf(roles: YamlValue): string {
  return membersOf(roles)
    .map(([name]) => name)
    .join('\n');
}

function registry(contract: string): string {
  return `cap_rpc: { allowlist: [a.status, b.status], roles: { operator: {}, viewer: {} } }\n${contract}`;
}

function world(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    [TEST]: '',
    [REGISTRY]: registry('json_contract: { caps: [{ capability: a.status }, { capability: b.status }] }\n'),
    [BRIDGE]: 'cap_rpc: { allowlist: [a.status, b.status], roles: { operator: {}, viewer: {} } }\n',
    [DOCUMENT]: `# Bridge\n${END_MARKER}\n`,
    [CAPABILITIES]: 'capabilities: { a.status: { command: ./a }, b.status: { command: ./b } }\n',
    ...changes,
  };
}
