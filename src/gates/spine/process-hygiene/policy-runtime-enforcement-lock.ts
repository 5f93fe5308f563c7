import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import { absent, filesExist, fromRoot } from '../../lib/files/files.ts';
import { quotedAfter, stretches } from '../../lib/files/lines.ts';
import { declaresSections, hasTopLevelKeys, underKeys } from '../../lib/spine/contract-text.ts';

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

export default defineGate({
  name: 'policy-runtime-enforcement-lock',
  mirrors: ['e7c06e85edd13cc9d0f42d1c36f4bde1db5db4b1'],
  why: 'A policy knob that no program reads looks like protection and is none. Whether a knob is wired is not judged: only that it says so, and that the double-quoted files of its section exist.',
  fix: 'Give the knob an enforcement_point and a wired flag in policy.runtime.contract.yaml, and correct the quoted path to the file that reads it.',
  reads: [CONTRACT],

  *check({ repo }) {
    if (!repo.isFile(CONTRACT)) return yield absent(repo, CONTRACT);
    yield* hasTopLevelKeys(repo, CONTRACT, 'version');
    yield* declaresSections(repo, CONTRACT, KNOBS);

    for (const [knob, line] of underKeys(stretches(repo.lines(CONTRACT), /^knobs:/, /^enforcement:/))) {
      const reference = referenceIn(line);
      if (reference === '' || repo.isFile(fromRoot(reference))) continue;
      const message = `\`${knob}\` refers to \`${reference}\`, which is no file of the repo.`;
      yield problem('wired-file-exists', `knob:${knob}#${reference.trim()}`, line, message);
    }

    yield* filesExist(repo, PRESETS);
    yield* hasTopLevelKeys(repo, CONTRACT, 'enforcement');
    yield* filesExist(repo, DOC);
  },

  examples: {
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
  },
});

/** The path that a line wires a knob into, as far as the script sees one; empty where there is nothing to look at. */
function referenceIn(line: TextLine): string {
  if (!/wired_in:.*"|^ *- "/s.test(line.text) || line.text.includes('null')) return '';
  const quoted = quotedAfter(line, /^ *- /.test(line.text) ? '-' : 'wired_in:');
  return quoted.split(' (', 1)[0] ?? '';
}

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
