import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { absent, filesExist } from '../../lib/files/files.ts';
import { textAfter } from '../../lib/files/lines.ts';
import { blockOf, declaresSections, hasTopLevelKeys, mentioning } from '../../lib/spine/contract-text.ts';

const POLICY = 'ops/bindings/evidence.retention.policy.yaml';
const DOC = 'docs/product/AOF_EVIDENCE_RETENTION_EXPORT.md';
const CLASSES = {
  kind: 'class',
  names: ['session_receipts', 'ledger_entries', 'loop_scopes', 'gap_registry', 'proposals'],
  fields: ['retention_days', 'purge_eligible', 'sensitivity'],
  reach: 20,
};

export default defineGate({
  name: 'evidence-retention-policy-lock',
  mirrors: ['db4fc1f02422e3a80392dbffc51e5555bd37bcd3'],
  why: 'Evidence that may be purged without anybody agreeing is gone on the day of the dispute. Only a bare `true` counts as purgeable, and any text at all, even `none`, as an agreement.',
  fix: 'Give each class in evidence.retention.policy.yaml retention_days, purge_eligible and sensitivity, and each purgeable one a purge_requires.',
  reads: [POLICY],

  *check({ repo }) {
    if (!repo.isFile(POLICY)) return yield absent(repo, POLICY);
    yield* hasTopLevelKeys(repo, POLICY, 'version');
    yield* declaresSections(repo, POLICY, CLASSES);

    for (const name of CLASSES.names) {
      const block = blockOf(repo.lines(POLICY), name, CLASSES.reach);
      if (block.length === 0) continue;
      const eligible = mentioning(block, 'purge_eligible');
      if (!eligible) return; // The script dies here, and what it found missing is said above.
      if (textAfter(eligible, ': *') !== 'true') continue;
      const approval = mentioning(block, 'purge_requires');
      if (!approval || ['', 'null'].includes(textAfter(approval, ': *'))) {
        const message = `\`${name}\` may be purged, and \`purge_requires\` names nobody who has to agree.`;
        yield problem('purge-requires-approval', `class:${name}#purge_requires`, approval ?? eligible, message);
      }
      if (!approval) return; // It dies here too.
    }

    yield* hasTopLevelKeys(repo, POLICY, 'export');
    if (!repo.isDirectory('receipts')) {
      yield problem(
        'receipts-is-a-folder',
        'receipts',
        repo.at('receipts'),
        'There is no tracked file below receipts/.',
      );
    }
    yield* hasTopLevelKeys(repo, POLICY, 'enforcement');
    yield* filesExist(repo, DOC);
  },

  examples: {
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
  },
});

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
