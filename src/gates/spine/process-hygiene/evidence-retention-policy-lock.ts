import type { Example } from '../../../core/gate.ts';
import { textAfter } from '../../lib/files/lines.ts';
import { contractGate } from '../../lib/spine/contract-gate.ts';
import { blockOf, mentioning } from '../../lib/spine/contract-text.ts';

function without(gone: string, example: Example): Example {
  return { ...example, files: Object.fromEntries(Object.entries(example.files).filter(([path]) => path !== gone)) };
}

const CLASSES = {
  kind: 'class',
  names: ['session_receipts', 'ledger_entries', 'loop_scopes', 'gap_registry', 'proposals'],
  fields: ['retention_days', 'purge_eligible', 'sensitivity'],
  reach: 20,
};

export default contractGate({
  name: 'evidence-retention-policy-lock',
  mirrors: ['db4fc1f02422e3a80392dbffc51e5555bd37bcd3'],
  why: 'Evidence that can be purged without anybody agreeing is gone on the day of the dispute.',
  fix: 'Give each class in evidence.retention.policy.yaml retention_days, purge_eligible and sensitivity, and each purgeable one a purge_requires.',
  limits: 'Only a bare `true` counts as purgeable, and any text, even `none`, counts as an approval.',
  contract: 'ops/bindings/evidence.retention.policy.yaml',
  doc: 'docs/product/AOF_EVIDENCE_RETENTION_EXPORT.md',
  keys: { first: ['version'], last: ['enforcement'] },
  sections: CLASSES,

  rules: {
    'purge-requires-approval': '`{class}` may be purged, but `purge_requires` names nobody who has to agree.',
    'receipts-is-a-folder': 'There is no tracked file below receipts/.',
  },

  *more({ lines, missing }, report, { repo }) {
    for (const name of CLASSES.names) {
      const block = blockOf(lines, name, CLASSES.reach);
      if (block.length === 0) continue;
      const eligible = mentioning(block, 'purge_eligible');
      if (!eligible) return true;
      if (textAfter(eligible, ': *') !== 'true') continue;
      const approval = mentioning(block, 'purge_requires');
      if (!approval || ['', 'null'].includes(textAfter(approval, ': *'))) {
        const subject = `class:${name}#purge_requires`;
        yield report('purge-requires-approval', subject, approval ?? eligible, { class: name });
      }
      if (!approval) return true;
    }
    yield* missing('export');
    if (!repo.isDirectory('receipts')) yield report('receipts-is-a-folder', 'receipts', repo.at('receipts'));
    return false;
  },

  shown: {
    keys: ['export'],
    files: { 'receipts/.keep': '' },
    body: '    retention_days: 30\n    purge_eligible: false\n    sensitivity: high\n',
    fail: (world) => [
      world(
        'nobody has to agree',
        {
          proposals:
            '    retention_days: 30\n    purge_eligible: true\n    purge_requires: null\n    sensitivity: high\n',
        },
        'purge-requires-approval class:proposals#purge_requires',
      ),
      without('receipts/.keep', world('no receipts', {}, 'receipts-is-a-folder receipts')),
    ],
  },
});
