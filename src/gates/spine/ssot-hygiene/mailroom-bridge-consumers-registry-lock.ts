import { joinRaw, type YamlValue } from '../../../core/yaml/value.ts';
import { column } from '../../lib/bash/joins.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { membersOf } from '../../lib/files/members.ts';
import { file, yamlOrEmpty } from '../../lib/needs.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const TEST = 'ops/plugins/mailroom-bridge/tests/test-consumers-registry.sh';
const REGISTRY = 'ops/bindings/mailroom.bridge.consumers.yaml';
const BRIDGE = 'ops/bindings/mailroom.bridge.yaml';
const DOCUMENT = 'docs/governance/MAILROOM_BRIDGE.md';
const END_MARKER = '<!-- AUTO: BRIDGE_CONSUMERS_END -->';

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

export default defineGate({
  name: 'mailroom-bridge-consumers-registry-lock',
  mirrors: ['d98fe3ba6c1d4590ba29d67df8386ac26f12ecfa'],
  why: 'The HTTP bridge may run only what its registry allows. If its own binding allows something else, a remote consumer reaches capabilities that nobody approved.',
  fix: 'Edit mailroom.bridge.consumers.yaml only, then run `mailroom-bridge-consumers-sync`, which writes the binding and the document.',
  limits:
    'The allowlist, the names of the roles and the end marker of the document are compared. What a role may do, its token and the table in the document are not.',
  needs: {
    test: file(TEST),
    registry: yamlOrEmpty(REGISTRY),
    bridge: yamlOrEmpty(BRIDGE),
    document: file(DOCUMENT),
    capabilities: yamlOrEmpty(CAPABILITIES),
  },

  rules: {
    'allowlists-agree': 'The allowlist differs from the one in {registry}, in entries or order.',
    'roles-agree': 'The roles differ from those in {registry}, in names or order.',
    'document-has-end-marker': 'The document has no line with `{marker}`.',
    'promised-capability-has-command':
      '`{capability}` is promised to answer in JSON, but {capabilities} has no command for it.',
  },

  *check({ registry, bridge, document, capabilities }, report, { repo }) {
    const allowed = bridge.get('cap_rpc', 'allowlist');
    if (joinRaw(allowed.items) !== joinRaw(registry.get('cap_rpc', 'allowlist').items)) {
      yield report('allowlists-agree', 'cap_rpc.allowlist', allowed, { registry: REGISTRY });
    }
    const roles = bridge.get('cap_rpc', 'roles');
    if (namesOf(roles) !== namesOf(registry.get('cap_rpc', 'roles'))) {
      yield report('roles-agree', 'cap_rpc.roles', roles, { registry: REGISTRY });
    }
    if (!repo.text(DOCUMENT).includes(END_MARKER)) {
      yield report('document-has-end-marker', DOCUMENT, document, { marker: END_MARKER });
    }
    const known = capabilities.get('capabilities');
    const promised = column(registry.get('json_contract', 'caps'), 'capability');
    const broken = promised.find((id) => !isUnset(id) && isUnset(known.get(id.raw, 'command')));
    if (broken) {
      const values = { capability: broken, capabilities: CAPABILITIES };
      return yield report('promised-capability-has-command', `capability:${broken.raw}`, broken, values);
    }
    const last = promised.at(-1);
    if (last && !isUnset(last)) {
      yield { unverified: `whether \`${last.raw}\` answers in the promised JSON when it is run` };
    }
  },

  examples: {
    pass: [{ title: 'registry, binding and document agree', files: world() }],
    fail: [
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
        title: 'of the promises without a command only the first is named',
        files: world({ [CAPABILITIES]: 'capabilities: { b.status: { command: "" } }\n' }),
        finds: ['promised-capability-has-command capability:a.status'],
      },
    ],
  },
});
