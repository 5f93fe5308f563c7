import { problem } from '../../../core/finding.ts';
import { defineGate, type Example } from '../../../core/gate.ts';
import { shellWords } from '../../lib/bash/shell.ts';
import { absent, unparsable } from '../../lib/files/files.ts';
import { TOPOLOGY } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const POLICY = 'ops/bindings/d128-gate-mutation-policy.yaml';
const REGISTRY = 'ops/bindings/gate.registry.yaml';
const SOUND = {
  [POLICY]: `{ enforcement_after_sha: 4606f475, files: [${REGISTRY}], allowed_capabilities: [gate.registry.add] }\n`,
  [REGISTRY]: 'gates: [{ id: D3 }]\n',
};

const changed = variationsOf(SOUND);

/** A state whose history holds these commits, newest first, `c0` and on. */
function committed(title: string, messages: readonly string[], ...finds: readonly string[]): Example {
  const commits = messages.map((message, index) => ({ sha: `c${index}`, message }));
  return { title, files: SOUND, finds, history: () => ({ isAncestor: true, commits }) };
}

const TRAILERS = ['Gate-Mutation', 'Gate-Capability', 'Gate-Run-Key'];

export default defineGate({
  name: 'gate-registration-contract-lock',
  mirrors: ['344f10101c987378e476624680231d89bfef0041'],
  why: 'The registry and the topology decide which checks exist at all; an edit by hand, without a word on what made it, is how a check disappears unseen. Nothing is examined when the boundary is no ancestor of the audited commit.',
  fix: 'Change these files through a gate capability, or add `Gate-Mutation:`, `Gate-Capability:` and `Gate-Run-Key:` lines to the commit; for history that is settled, move `enforcement_after_sha` past it.',
  reads: [POLICY, REGISTRY, TOPOLOGY],
  deviates: [
    'A listed file that git does not track yet counts as an uncommitted change.',
    'An empty name among `files` is passed over; the script stops looking at commits because of it.',
  ],

  *check({ repo, history }) {
    if (!repo.isFile(POLICY)) return yield absent(repo, POLICY);
    if (!repo.isYaml(POLICY)) return yield unparsable(repo, POLICY);
    const policy = repo.yaml(POLICY);

    const boundary = policy.get('enforcement_after_sha');
    if (boundary.or('') === '') {
      return yield problem('has-boundary', 'enforcement_after_sha', boundary, 'No commit is named to count from.');
    }
    for (const list of ['files', 'allowed_capabilities']) {
      if (policy.get(list).items.length > 0) continue;
      return yield problem(`has-${list.replace('_', '-')}`, list, policy.get(list), `\`${list}\` lists nothing.`);
    }

    const files = policy.get('files').items.filter((file) => file.raw !== '');
    const missing = files.find((file) => !repo.isFile(file.raw));
    if (missing) return yield problem('tracked-file-exists', missing.raw, missing, `${missing.raw} does not exist.`);
    const changed = files.find((file) => repo.uncommitted().includes(file.raw));
    if (changed) {
      return yield problem(
        'tracked-file-is-committed',
        changed.raw,
        changed,
        `${changed.raw} has uncommitted changes.`,
      );
    }

    const window = policy.get('window').or('50');
    const isExamining = /^[+-]?\d+$/.test(window) && Number(window) !== 0 && files.length > 0;
    if (!isExamining) return yield { unverified: `commit messages, since \`window: ${window}\` covers no commit` };
    const { isAncestor, commits } = history({
      after: boundary.raw,
      paths: files.map((file) => file.raw),
      limit: Number(window) < 0 ? null : Number(window),
    });
    if (!isAncestor) {
      yield { unverified: `commit messages, since the boundary \`${boundary.raw}\` is no ancestor of this commit` };
    }
    const allowed = policy.get('allowed_capabilities').items.map((capability) => capability.raw);
    for (const { sha, message } of commits) {
      const wrong = provenanceFaults(message, allowed);
      if (wrong.length === 0) continue;
      const short = sha.slice(0, 12);
      const [subject] = message.split('\n');
      const text = `Commit ${short} (${subject}) changed the gates: ${wrong.join(', ')}.`;
      yield problem('gate-change-names-its-origin', `commit:${short}`, boundary, text);
    }
  },

  examples: {
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
  },
});

/** What a commit message lacks. A backslash and an n count as a line break: some tools write trailers that way. */
function provenanceFaults(message: string, allowed: readonly string[]): readonly string[] {
  const lines = message.replaceAll('\\n', '\n').split('\n');
  const lineOf = (word: string) => lines.find((line) => line.startsWith(`${word}:`))?.slice(word.length + 1);
  const missing = TRAILERS.filter((word) => lineOf(word) === undefined);
  const capability = shellWords(lineOf('Gate-Capability') ?? '') ?? '';
  const isAllowed = capability === '' || allowed.includes(capability);
  return [
    ...missing.map((word) => `no line \`${word}:\``),
    ...(isAllowed ? [] : [`\`${capability}\` is not an allowed capability`]),
  ];
}
