import type { TextLine } from '../../../core/repo.ts';
import { filesExist, fromRoot } from '../../lib/files/files.ts';
import { quotedAfter, stretches } from '../../lib/files/lines.ts';
import { contractGate } from '../../lib/spine/contract-gate.ts';
import { underKeys } from '../../lib/spine/contract-text.ts';

const PRESETS = 'ops/bindings/policy.presets.yaml';

/** The path that a line wires a knob into, as far as the script sees one; empty where there is nothing to look at. */
function referenceIn(line: TextLine): string {
  if (!/wired_in:.*"|^ *- "/s.test(line.text) || line.text.includes('null')) return '';
  const quoted = quotedAfter(line, /^ *- /.test(line.text) ? '-' : 'wired_in:');
  return quoted.split(' (', 1)[0] ?? '';
}

export default contractGate({
  name: 'policy-runtime-enforcement-lock',
  mirrors: ['e7c06e85edd13cc9d0f42d1c36f4bde1db5db4b1'],
  why: 'A policy setting that no program reads looks like protection and protects nothing.',
  fix: 'Give the knob an enforcement_point and a wired flag in policy.runtime.contract.yaml, and correct the quoted path to the file that reads it.',
  limits:
    'It is not checked whether a knob is wired: only that its section mentions it, and that the double-quoted files of the section exist.',
  contract: 'ops/bindings/policy.runtime.contract.yaml',
  doc: 'docs/product/AOF_POLICY_RUNTIME_ENFORCEMENT.md',
  keys: { first: ['version'], last: ['enforcement'] },
  sections: {
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
  },

  rules: {
    'wired-file-exists': '`{knob}` refers to `{path}`, which is not a file of the repo.',
  },

  *more({ lines }, report, { repo }) {
    for (const [knob, line] of underKeys(stretches(lines, /^knobs:/, /^enforcement:/))) {
      const path = referenceIn(line);
      if (path === '' || repo.isFile(fromRoot(path))) continue;
      yield report('wired-file-exists', `knob:${knob}#${path.trim()}`, line, { knob, path });
    }
    yield* filesExist(repo, PRESETS);
    return false;
  },

  shown: {
    body: '    enforcement_point: gate\n    wired: true\n    wired_in: "bin/gate"\n',
    files: { [PRESETS]: '', 'bin/gate': '' },
    fail: (world) => [
      world(
        'a file that is gone',
        { warn_policy: '    enforcement_point: gate\n    wired: true\n    wired_in: "bin/lost"\n' },
        'wired-file-exists knob:warn_policy#bin/lost',
      ),
    ],
  },
});
