import gate from '../../src/gates/spine/process-hygiene/evidence-retention-policy-lock.ts';
import { nearMisses } from './near-misses.ts';

const POLICY = 'ops/bindings/evidence.retention.policy.yaml';
const DOC = 'docs/product/AOF_EVIDENCE_RETENTION_EXPORT.md';
const CLASSES = {
  kind: 'class',
  names: ['session_receipts', 'ledger_entries', 'loop_scopes', 'gap_registry', 'proposals'],
  fields: ['retention_days', 'purge_eligible', 'sensitivity'],
  reach: 20,
};

function withProposals(lines: string): Readonly<Record<string, string>> {
  return { [POLICY]: policy(lines), [DOC]: '', 'receipts/.keep': '' };
}

function policy(proposals: string): string {
  const classes = CLASSES.names.map((name) => {
    const purge = name === 'proposals' ? proposals : '    purge_eligible: false\n';
    return `  ${name}:\n    retention_days: null\n${purge}    sensitivity: high\n`;
  });
  return `version: 1\nretention_classes:\n${classes.join('')}export:\nenforcement:\n`;
}

export default nearMisses(gate, {
  pass: [
    {
      title: 'purging needs an approval',
      files: withProposals('    purge_eligible: true\n    purge_requires: auto\n'),
    },
    {
      title: 'what may not be purged needs none',
      files: withProposals('    purge_eligible: false\n    purge_requires: null\n'),
    },
    ...['True', 'yes', '"true"', 'true ', 'true # for now'].map((eligible) => ({
      title: `\`${eligible}\` does not say purgeable`,
      files: withProposals(`    purge_eligible: ${eligible}\n`),
    })),
    ...['""', '~', 'null  # note', 'none'].map((approval) => ({
      title: `\`${approval}\` passes for an approval`,
      files: withProposals(`    purge_eligible: true\n    purge_requires: ${approval}\n`),
    })),
    {
      title: 'the first mention decides, even in a comment',
      files: withProposals('    # purge_eligible: no\n    purge_eligible: true\n'),
    },
  ],
  fail: [
    { title: 'no policy', files: {}, finds: [`file-exists ${POLICY}`] },
    {
      title: 'nothing in the policy, and receipts is a file',
      files: { [POLICY]: '', receipts: '' },
      finds: [
        'has-top-level-key version',
        ...CLASSES.names.map((name) => `class-is-declared class:${name}`),
        'has-top-level-key export',
        'receipts-is-a-folder receipts',
        'has-top-level-key enforcement',
        `file-exists ${DOC}`,
      ],
    },
    {
      title: 'nobody has to agree',
      files: withProposals('    purge_eligible: true\n    purge_requires: null\n'),
      finds: ['purge-requires-approval class:proposals#purge_requires'],
    },
    {
      title: 'what stands after the last colon of the line is the value',
      files: withProposals('    purge_eligible: no # see: true\n    purge_requires: auto # or:\n'),
      finds: ['purge-requires-approval class:proposals#purge_requires'],
    },
    {
      title: 'without a line that says who, the script dies and does not see the rest',
      files: { [POLICY]: policy('    purge_eligible: true\n') },
      finds: ['purge-requires-approval class:proposals#purge_requires'],
    },
    {
      title: 'the same without a line that says whether',
      files: { [POLICY]: policy('    purge_requires: null\n') },
      finds: ['class-has-field class:proposals#purge_eligible'],
    },
  ],
});
