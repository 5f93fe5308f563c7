import gate from '../../src/gates/spine/process-hygiene/policy-runtime-enforcement-lock.ts';
import { nearMisses } from './near-misses.ts';

const CONTRACT = 'ops/bindings/policy.runtime.contract.yaml';
const PRESETS = 'ops/bindings/policy.presets.yaml';
const DOC = 'docs/product/AOF_POLICY_RUNTIME_ENFORCEMENT.md';
const KNOBS = {
  kind: 'knob',
  names: [
    'drift_gate_mode',
    'approval_default',
    'session_closeout_sla_hours',
    'warn_policy',
    'stale_ssot_max_days',
    'gap_auto_claim',
    'proposal_required',
    'receipt_retention_days',
    'commit_sign_required',
    'multi_agent_writes',
  ],
  fields: ['enforcement_point', 'wired'],
  reach: 20,
};

function withKnob(lines: string, warnPolicy?: string): Readonly<Record<string, string>> {
  return { [CONTRACT]: contract(lines, warnPolicy), [PRESETS]: '', [DOC]: '', 'bin/gate': '' };
}

function contract(
  lines: string,
  warnPolicy = `  warn_policy:\n    enforcement_point:\n    unwired:\n${lines}`,
): string {
  const knobs = KNOBS.names.map((name) =>
    name === 'warn_policy' ? warnPolicy : `  ${name}:\n    # enforcement_point: wired:\n`,
  );
  return `version: 1\nknobs:\n${knobs.join('')}enforcement:\n  checks:\n    - "All knobs are declared"\n`;
}

export default nearMisses(gate, {
  pass: [
    { title: 'every knob wired into a file', files: withKnob('    wired_in: "bin/gate"\n') },
    {
      title: 'what follows a blank and a parenthesis is a remark',
      files: withKnob('    wired_in: "bin/gate (D61)"\n'),
    },
    {
      title: 'paths without double quotes, empty ones and lines that say null are not looked at',
      files: withKnob('    wired_in: lost\n    wired_in: \'lost\'\n    wired_in: ""\n    wired_in: "lost" # null\n'),
    },
    { title: 'a slash at the start means the repo', files: withKnob('    wired_in: "/bin/gate"\n') },
  ],
  fail: [
    { title: 'no contract', files: {}, finds: [`file-exists ${CONTRACT}`] },
    {
      title: 'nothing in the contract',
      files: { [CONTRACT]: '' },
      finds: [
        'has-top-level-key version',
        ...KNOBS.names.map((name) => `knob-is-declared knob:${name}`),
        `file-exists ${PRESETS}`,
        'has-top-level-key enforcement',
        `file-exists ${DOC}`,
      ],
    },
    {
      title: 'a knob that only says where it is wired_in',
      files: withKnob('', '  warn_policy:\n    wired_in: "bin/gate"\n'),
      finds: ['knob-has-field knob:warn_policy#enforcement_point', 'knob-has-field knob:warn_policy#wired'],
    },
    {
      title:
        'a remark without a blank, a folder, a path with a slash too many, a comment and any quoted item count as files',
      files: withKnob(
        '    wired_in: "bin/gate(D61)"\n    wired_in: "bin"\n    wired_in: "bin/gate/"\n    # wired_in: "old"\n    modes:\n      - "hard"\n',
      ),
      finds: ['bin/gate(D61)', 'bin', 'bin/gate/', 'old', 'hard'].map(
        (path) => `wired-file-exists knob:warn_policy#${path}`,
      ),
    },
    {
      title: 'a quote elsewhere on the line makes the line a path',
      files: withKnob('    wired_in: bin/gate # was "bin"\n'),
      finds: ['wired-file-exists knob:warn_policy#wired_in: bin/gate # was'],
    },
    {
      title: 'without the enforcement section, its checks are taken for files too',
      files: { ...withKnob(''), [CONTRACT]: contract('').replace('enforcement:', 'enforced:') },
      finds: ['wired-file-exists knob:checks#All knobs are declared', 'has-top-level-key enforcement'],
    },
  ],
});
