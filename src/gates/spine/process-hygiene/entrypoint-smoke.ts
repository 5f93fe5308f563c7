import { defineGate } from '../../lib/define.ts';
import { absent, filesExist, isProgram, notRunnable, unparsable } from '../../lib/files/files.ts';
import { hasLine } from '../../lib/files/lines.ts';

const ENTRYPOINT = 'bin/ops';
const GOVERNANCE = 'ops/lib/governance.sh';
const SOURCED = ['ops/commands/preflight.sh', GOVERNANCE, 'ops/lib/registry.sh'];
const HELPERS = ['compute_governance_hash', 'compute_map_hash', 'check_secrets_cache', 'count_governance_docs'];
const LISTER = 'ops/plugins/verify/bin/drift-gates-certify';
const PROFILES = 'ops/bindings/gate.domain.profiles.yaml';
const GATE_RUNNER = 'surfaces/verify/drift-gate.sh';
const PREFLIGHT = /^\s*(?:[\w-]+\|)*preflight(?:\|[\w-]+)*\)/;

/** A repo in which preflight runs, with some files changed or taken away. */
function state(changes: Readonly<Record<string, string | undefined>> = {}, executable = [ENTRYPOINT, LISTER]) {
  const files: Record<string, string> = {
    [ENTRYPOINT]: 'case "$1" in\n  start|preflight) run_preflight ;;\nesac\n',
    [GOVERNANCE]: HELPERS.map((name) => `${name}() { :; }\n`).join(''),
    [PROFILES]: 'domains: { core: { gate_ids: [D1] } }\n',
  };
  for (const path of [...SOURCED, LISTER, GATE_RUNNER]) files[path] ??= '';
  for (const [path, text] of Object.entries(changes)) {
    if (text === undefined) delete files[path];
    else files[path] = text;
  }
  return { files, executable };
}

export default defineGate({
  name: 'entrypoint-smoke',
  mirrors: ['0fa11b120363da9c070225b20c745b0470ddc229'],
  why: 'Every session starts with `bin/ops preflight`. If that cannot run, nobody sees the governance banner and nothing governed starts at all.',
  fix: 'Put back the named file with its executable bit, or repair the `core` domain in gate.domain.profiles.yaml; then run `bin/ops preflight`.',
  limits: 'Only whether the parts of preflight are in place is checked, not their code: an emptied entrypoint passes.',
  needs: {},
  alsoReads: [ENTRYPOINT, GOVERNANCE, PROFILES],
  stopsAtFirst: true,

  rules: {
    'entrypoint-knows-preflight': 'The entrypoint has no case for `preflight`.',
    'library-defines-function': 'Preflight calls `{name}`, which {library} does not define.',
    'domains-are-listed': '{profiles} lists no domains.',
    'core-domain-is-described': 'The domain `core` must be a map; it is a {kind}.',
    'core-gates-can-be-listed': '`gate_ids` of the domain `core` is not a list of gates.',
  },

  *check(_, report, { repo }) {
    yield { unverified: 'remotes, worktrees and stashes of the checkout, which preflight also looks at (D62 and D48)' };
    if (!isProgram(repo, ENTRYPOINT)) yield notRunnable(repo, ENTRYPOINT);
    if (!hasLine(repo, ENTRYPOINT, /^\s*[^\s#]/)) return;
    const entrypoint = repo.at(ENTRYPOINT);
    if (!hasLine(repo, ENTRYPOINT, PREFLIGHT)) yield report('entrypoint-knows-preflight', ENTRYPOINT, entrypoint);
    yield* filesExist(repo, ...SOURCED);
    for (const name of HELPERS) {
      if (hasLine(repo, GOVERNANCE, new RegExp(`^\\s*(?:${name}\\s*\\(|function\\s+${name}\\b)`))) continue;
      yield report('library-defines-function', `function:${name}`, repo.at(GOVERNANCE), { name, library: GOVERNANCE });
    }
    if (!isProgram(repo, LISTER)) yield notRunnable(repo, LISTER);
    if (!repo.isFile(PROFILES)) yield absent(repo, PROFILES);
    if (!repo.isYaml(PROFILES)) yield unparsable(repo, PROFILES);

    const domains = repo.yaml(PROFILES).get('domains').target;
    if (domains.kind === 'list') return;
    if (domains.kind !== 'map') yield report('domains-are-listed', 'domains', domains, { profiles: PROFILES });
    const core = domains.get('core').target;
    if (core.kind === 'absent' || core.kind === 'null') return;
    if (core.kind !== 'map') yield report('core-domain-is-described', 'domain:core', core, { kind: core.kind });
    const gates = core.get('gate_ids').target;
    if (gates.kind === 'null' || (gates.kind === 'scalar' && !gates.isText)) {
      yield report('core-gates-can-be-listed', 'domain:core#gate_ids', gates);
    }
    if (!repo.isFile(GATE_RUNNER)) yield absent(repo, GATE_RUNNER);
  },

  examples: {
    pass: [{ title: 'all parts in place', ...state() }],
    fail: [
      {
        title: 'preflight is only mentioned',
        ...state({ [ENTRYPOINT]: 'echo preflight\n' }),
        finds: [`entrypoint-knows-preflight ${ENTRYPOINT}`],
      },
      {
        title: 'the governance library was emptied',
        ...state({ [GOVERNANCE]: '' }),
        finds: ['library-defines-function function:compute_governance_hash'],
      },
      { title: 'no domains', ...state({ [PROFILES]: 'version: 1\n' }), finds: ['domains-are-listed domains'] },
      {
        title: 'core is a list',
        ...state({ [PROFILES]: 'domains: { core: [D1] }\n' }),
        finds: ['core-domain-is-described domain:core'],
      },
      {
        title: 'core has its gates commented out',
        ...state({ [PROFILES]: 'domains:\n  core:\n    gate_ids:\n' }),
        finds: ['core-gates-can-be-listed domain:core#gate_ids'],
      },
    ],
  },
});
