import gate from '../../src/gates/spine/process-hygiene/entrypoint-smoke.ts';
import { nearMisses, soundFiles } from './near-misses.ts';

const ENTRYPOINT = 'bin/ops';
const GOVERNANCE = 'ops/lib/governance.sh';
const LISTER = 'ops/plugins/verify/bin/drift-gates-certify';
const PROFILES = 'ops/bindings/gate.domain.profiles.yaml';
const GATE_RUNNER = 'surfaces/verify/drift-gate.sh';

/** A repo in which preflight runs, with some files changed or taken away. */
function state(changes: Readonly<Record<string, string | undefined>> = {}, executable = [ENTRYPOINT, LISTER]) {
  const files: Record<string, string> = { ...soundFiles(gate) };
  for (const [path, text] of Object.entries(changes)) {
    if (text === undefined) delete files[path];
    else files[path] = text;
  }
  return { files, executable };
}

export default nearMisses(gate, {
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
});
