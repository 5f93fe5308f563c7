import type { Example } from '../../src/core/gate.ts';
import gate from '../../src/gates/spine/process-hygiene/gate-registration-contract-lock.ts';
import { nearMisses, soundFiles, variationsOn } from './near-misses.ts';

const POLICY = 'ops/bindings/d128-gate-mutation-policy.yaml';
const REGISTRY = 'ops/bindings/gate.registry.yaml';
const SOUND = soundFiles(gate);
const changed = variationsOn(gate);

/** A state whose history holds these commits, newest first, `c0` and on. */
function committed(title: string, messages: readonly string[], ...finds: readonly string[]): Example {
  const commits = messages.map((message, index) => ({ sha: `c${index}`, message }));
  return { title, files: SOUND, finds, history: () => ({ isAncestor: true, commits }) };
}

export default nearMisses(gate, {
  pass: [
    committed('no change since the boundary', []),
    committed('lines anywhere, a padded and quoted capability, values left empty', [
      'Gate-Run-Key:\n\nGate-Mutation:\nGate-Capability:  "gate.registry.add"  \n\nMore prose.',
    ]),
    committed('line breaks that are written as a backslash and an n', [
      'Add D9\\nGate-Mutation: a\\nGate-Capability:\\nGate-Run-Key: b',
    ]),
    committed('a capability with an open quote is not compared', [
      "Gate-Mutation: a\nGate-Capability: by 'hand\nGate-Run-Key: b",
    ]),
    committed('only the first capability counts', [
      'Gate-Mutation:\nGate-Run-Key:\nGate-Capability: gate.registry.add\nGate-Capability: by hand',
    ]),
    changed('a window of no commits', { '{': '{ window: 0,' }),
    {
      title: 'merges that GitHub does not tell of',
      files: SOUND,
      history: () => ({ isAncestor: true, commits: [], mayLackMerges: true }),
    },
    { title: 'a boundary elsewhere', files: SOUND, history: () => ({ isAncestor: false, commits: [] }) },
  ],
  fail: [
    { title: 'no policy', files: {}, finds: [`file-exists ${POLICY}`] },
    changed('a policy that is not YAML', { '{': '[' }, `file-is-yaml ${POLICY}`),
    changed('no boundary', { '4606f475': '""' }, 'has-boundary enforcement_after_sha'),
    changed('files in a bare text', { [`[${REGISTRY}]`]: REGISTRY }, 'has-files files'),
    changed('nothing allowed', { '[gate.registry.add]': '[]' }, 'has-allowed-capabilities allowed_capabilities'),
    changed('a tracked file that is gone', { [`[${REGISTRY}]`]: '["", a.yaml]' }, 'tracked-file-exists a.yaml'),
    {
      title: 'an uncommitted edit',
      files: SOUND,
      uncommitted: [REGISTRY],
      finds: [`tracked-file-is-committed ${REGISTRY}`],
    },
    committed(
      'a change without a word; lines in lower case or indented; a list in place of a capability',
      [
        'Remove D9',
        'Add D9\n\ngate-mutation: a\n Gate-Run-Key: b\nGate-Capability: gate.registry.add',
        'Gate-Mutation:\nGate-Run-Key:\nGate-Capability: gate.registry.add, gate.registry.add',
      ],
      ...['c0', 'c1', 'c2'].map((sha) => `gate-change-names-its-origin commit:${sha}`),
    ),
  ],
  blind: [{ title: 'no history at hand', files: SOUND, history: () => ({ unavailable: 'a shallow clone' }) }],
});
