import type { Example } from '../../../core/gate.ts';
import { defineGate } from '../../lib/define.ts';
import { yaml } from '../../lib/needs.ts';
import { missingTrailers } from '../../lib/spine/commit-trailers.ts';
import { TOPOLOGY } from '../../lib/spine/known-files.ts';
import { variationsOf } from '../../lib/variations.ts';

const POLICY = 'ops/bindings/d128-gate-mutation-policy.yaml';
const REGISTRY = 'ops/bindings/gate.registry.yaml';
const LISTS = [
  { rule: 'has-files', field: 'files' },
  { rule: 'has-allowed-capabilities', field: 'allowed_capabilities' },
] as const;

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

export default defineGate({
  name: 'gate-registration-contract-lock',
  mirrors: ['344f10101c987378e476624680231d89bfef0041'],
  why: 'The registry and the topology decide which checks exist at all. An edit by hand that does not say where it came from is how a check disappears unseen.',
  fix: 'Change these files through a gate capability, or add `Gate-Mutation:`, `Gate-Capability:` and `Gate-Run-Key:` lines to the commit; for history that is settled, move `enforcement_after_sha` past it.',
  limits: 'No commit is checked when the boundary is not an ancestor of the audited commit.',
  needs: { policy: yaml(POLICY) },
  alsoReads: [REGISTRY, TOPOLOGY],
  deviates: [
    'A listed file that git does not track yet counts as an uncommitted change.',
    'An empty name among `files` is skipped; the script stops looking at commits because of it.',
  ],

  rules: {
    'has-boundary': 'The policy does not name the commit from which on changes are checked.',
    'has-files': '`{field}` lists nothing.',
    'has-allowed-capabilities': '`{field}` lists nothing.',
    'tracked-file-exists': '{path} does not exist.',
    'tracked-file-is-committed': '{path} has uncommitted changes.',
    'gate-change-names-its-origin': 'Commit {commit} ({subject}) changed the gates: {faults}.',
  },

  *check({ policy }, report, { repo, history }) {
    const boundary = policy.get('enforcement_after_sha');
    if (boundary.or('') === '') return yield report('has-boundary', 'enforcement_after_sha', boundary);
    for (const { rule, field } of LISTS) {
      if (policy.get(field).items.length === 0) return yield report(rule, field, policy.get(field), { field });
    }
    const files = policy.get('files').items.filter((file) => file.raw !== '');
    const missing = files.find((file) => !repo.isFile(file.raw));
    if (missing) return yield report('tracked-file-exists', missing.raw, missing, { path: missing });
    const edited = files.find((file) => repo.uncommitted().includes(file.raw));
    if (edited) return yield report('tracked-file-is-committed', edited.raw, edited, { path: edited });

    const window = policy.get('window').or('50');
    const isExamining = /^[+-]?\d+$/.test(window) && Number(window) !== 0 && files.length > 0;
    if (!isExamining) return yield { unverified: `commit messages, since \`window: ${window}\` covers no commit` };
    const { isAncestor, commits, mayLackMerges } = history({
      after: boundary.raw,
      paths: files.map((file) => file.raw),
      limit: Number(window) < 0 ? null : Number(window),
    });
    if (!isAncestor) {
      yield { unverified: `commit messages, since the boundary \`${boundary.raw}\` is not an ancestor of this commit` };
    }
    if (mayLackMerges)
      yield { unverified: 'messages of merges, of which GitHub does not say which ones touched the files' };
    const allowed = policy.get('allowed_capabilities').items.map((capability) => capability.raw);
    for (const { sha, message } of commits) {
      const faults = missingTrailers(message, allowed).join(', ');
      if (faults === '') continue;
      const [commit, subject = ''] = [sha.slice(0, 12), message.split('\n')[0]];
      yield report('gate-change-names-its-origin', `commit:${commit}`, boundary, { commit, subject, faults });
    }
  },

  examples: {
    pass: [committed('no change since the boundary', [])],
    fail: [
      changed('no boundary', { '4606f475': '""' }, 'has-boundary enforcement_after_sha'),
      changed('no files', { [`[${REGISTRY}]`]: '[]' }, 'has-files files'),
      changed('nothing allowed', { '[gate.registry.add]': '[]' }, 'has-allowed-capabilities allowed_capabilities'),
      changed('a tracked file that is gone', { [`[${REGISTRY}]`]: '[a.yaml]' }, 'tracked-file-exists a.yaml'),
      { title: 'an edit', files: SOUND, uncommitted: [REGISTRY], finds: [`tracked-file-is-committed ${REGISTRY}`] },
      committed('a change without a word', ['Remove D9'], 'gate-change-names-its-origin commit:c0'),
    ],
    blind: [{ title: 'no history at hand', files: SOUND, history: () => ({ unavailable: 'a shallow clone' }) }],
  },
});
