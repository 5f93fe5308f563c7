import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { absent, filesExist, isProgram, notRunnable, unparsable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { hasLine } from '../../lib/files/lines.ts';

const ENTRYPOINT = 'bin/ops';
const GOVERNANCE = 'ops/lib/governance.sh';
const SOURCED = ['ops/commands/preflight.sh', GOVERNANCE, 'ops/lib/registry.sh'];
const HELPERS = ['compute_governance_hash', 'compute_map_hash', 'check_secrets_cache', 'count_governance_docs'];
const LISTER = 'ops/plugins/verify/bin/drift-gates-certify';
const PROFILES = 'ops/bindings/gate.domain.profiles.yaml';
const GATE_RUNNER = 'surfaces/verify/drift-gate.sh';

const DISPATCHES_PREFLIGHT = /^\s*(?:[\w-]+\|)*preflight(?:\|[\w-]+)*\)/;

export default defineGate({
  name: 'entrypoint-smoke',
  mirrors: ['0fa11b120363da9c070225b20c745b0470ddc229'],
  why: 'Every session starts with `bin/ops preflight`. When that cannot run, nobody sees the governance banner and nothing governed starts at all. What is judged here is whether its parts are in place, not whether their code works: an entrypoint that was emptied passes.',
  fix: 'Put back the named file with its executable bit, or repair the `core` domain in gate.domain.profiles.yaml; then run `bin/ops preflight`.',
  reads: [ENTRYPOINT, GOVERNANCE, PROFILES],

  *check({ repo }) {
    yield { unverified: 'remotes, worktrees and stashes of the checkout, which preflight also looks at (D62 and D48)' };
    yield* first(obstacles(repo));
  },

  examples: {
    pass: [
      { title: 'all parts in place', ...state() },
      {
        title: 'no core domain: preflight warns and does not even need the gate runner',
        ...state({ [PROFILES]: 'domains: {}\n', [GATE_RUNNER]: undefined }),
      },
      { title: 'core is null, another is broken', ...state({ [PROFILES]: 'domains: { core: null, infra: 7 }\n' }) },
      {
        title: 'core names a gate nobody wrote',
        ...state({ [PROFILES]: 'domains: { core: { gate_ids: [D998] } }\n' }),
      },
      { title: 'a number in quotes is a text', ...state({ [PROFILES]: 'domains: { core: { gate_ids: "7" } }\n' }) },
      {
        title: 'an entrypoint without code exits at once, and well',
        ...state({ [ENTRYPOINT]: '#!/bin/sh\n', [LISTER]: undefined }),
      },
    ],
    fail: [
      { title: 'no entrypoint', files: {}, finds: [`program-can-run ${ENTRYPOINT}`] },
      {
        title: 'the entrypoint lost its executable bit',
        ...state({}, [LISTER]),
        finds: [`program-can-run ${ENTRYPOINT}`],
      },
      {
        title: 'preflight is only mentioned',
        ...state({ [ENTRYPOINT]: 'case $1 in\n  # preflight)\n  postflight) ;;\nesac\n' }),
        finds: [`entrypoint-knows-preflight ${ENTRYPOINT}`],
      },
      {
        title: 'of two missing parts the first is named',
        ...state({ 'ops/lib/registry.sh': undefined, [LISTER]: undefined }),
        finds: ['file-exists ops/lib/registry.sh'],
      },
      {
        title: 'the governance library was emptied',
        ...state({ [GOVERNANCE]: '' }),
        finds: ['library-defines-function function:compute_governance_hash'],
      },
      { title: 'the domain lister cannot be run', ...state({}, [ENTRYPOINT]), finds: [`program-can-run ${LISTER}`] },
      { title: 'no domains', ...state({ [PROFILES]: 'version: 1\n' }), finds: ['domains-are-listed domains'] },
      { title: 'profiles that are not YAML', ...state({ [PROFILES]: '[' }), finds: [`file-is-yaml ${PROFILES}`] },
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
      {
        title: 'a number in place of the gates',
        ...state({ [PROFILES]: 'domains: { core: { gate_ids: .inf } }\n' }),
        finds: ['core-gates-can-be-listed domain:core#gate_ids'],
      },
    ],
  },
});

function* obstacles(repo: Repo): Generator<Problem> {
  if (!isProgram(repo, ENTRYPOINT)) yield notRunnable(repo, ENTRYPOINT);
  if (!hasLine(repo, ENTRYPOINT, /^\s*[^\s#]/)) return;
  if (!hasLine(repo, ENTRYPOINT, DISPATCHES_PREFLIGHT)) {
    yield problem(
      'entrypoint-knows-preflight',
      ENTRYPOINT,
      repo.at(ENTRYPOINT),
      'The entrypoint has no case for `preflight`.',
    );
  }
  yield* filesExist(repo, ...SOURCED);
  for (const name of HELPERS) {
    if (hasLine(repo, GOVERNANCE, new RegExp(`^\\s*(?:${name}\\s*\\(|function\\s+${name}\\b)`))) continue;
    const message = `Preflight calls \`${name}\`, which is not defined.`;
    yield problem('library-defines-function', `function:${name}`, repo.at(GOVERNANCE), message);
  }
  if (!isProgram(repo, LISTER)) yield notRunnable(repo, LISTER);
  if (!repo.isFile(PROFILES)) yield absent(repo, PROFILES);
  if (!repo.isYaml(PROFILES)) yield unparsable(repo, PROFILES);
  yield* domainObstacles(repo, repo.yaml(PROFILES).get('domains').target);
}

function* domainObstacles(repo: Repo, domains: YamlValue): Generator<Problem> {
  if (domains.kind === 'list') return;
  if (domains.kind !== 'map') yield problem('domains-are-listed', 'domains', domains, 'There are no domains.');
  const core = domains.get('core').target;
  if (core.kind === 'absent' || core.kind === 'null') return;
  if (core.kind !== 'map') {
    yield problem('core-domain-is-described', 'domain:core', core, `\`core\` is a ${core.kind}, not a map.`);
  }
  const gates = core.get('gate_ids').target;
  if (gates.kind === 'null' || (gates.kind === 'scalar' && !gates.isText)) {
    yield problem('core-gates-can-be-listed', 'domain:core#gate_ids', gates, '`gate_ids` is not a list of gates.');
  }
  if (!repo.isFile(GATE_RUNNER)) yield absent(repo, GATE_RUNNER);
}

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
