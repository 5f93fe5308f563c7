import gate from '../../src/gates/spine/process-hygiene/tenant-storage-boundary-lock.ts';
import { nearMisses } from './near-misses.ts';

const CONTRACT = 'ops/bindings/tenant.storage.contract.yaml';
const DOC = 'docs/product/AOF_TENANT_STORAGE_MODEL.md';
const BOUNDARIES = {
  kind: 'boundary',
  names: ['receipts', 'ledger', 'mailroom_inbox', 'mailroom_outbox', 'loop_scopes'],
  fields: ['current_path', 'tenant_path_template', 'sensitivity'],
  reach: 20,
};

function contract(ledger?: string): string {
  const blocks = BOUNDARIES.names.map((name) =>
    name === 'ledger' && ledger !== undefined
      ? ledger
      : `  ${name}:\n    current_path: x\n    tenant_path_template: y\n    sensitivity: low\n`,
  );
  return `version: 1\nisolation_mode:\nboundaries:\n${blocks.join('')}enforcement:\n`;
}

export default nearMisses(gate, {
  pass: [
    { title: 'all boundaries declared', files: { [DOC]: '', [CONTRACT]: contract() } },
    {
      title: 'a field without a value, or in a comment, is declared',
      files: {
        [DOC]: '',
        [CONTRACT]: contract('  ledger:\n    old_current_path:\n    # tenant_path_template: sensitivity:\n'),
      },
    },
    {
      title: 'the key that closes a block belongs to it',
      files: {
        [DOC]: '',
        [CONTRACT]: contract('  ledger: # current_path: tenant_path_template:\n  sensitivity: of the ledger\n'),
      },
    },
    {
      title: 'the 20th line of a block counts, and comments do not close it',
      files: {
        [DOC]: '',
        [CONTRACT]: contract(
          `  ledger:\n${'  # filler\n'.repeat(18)}    # current_path: tenant_path_template: sensitivity:\n`,
        ),
      },
    },
    {
      title: 'a second stretch under the same name counts with the first',
      files: {
        [DOC]: '',
        [CONTRACT]: contract('  ledger:\n  other:\n  ledger:\n    current_path: tenant_path_template: sensitivity:\n'),
      },
    },
    {
      title: 'text that is no YAML any more passes as long as the lines are there',
      files: { [DOC]: '', [CONTRACT]: `${contract()}extra: [unclosed\r\n` },
    },
  ],
  fail: [
    { title: 'no contract', files: { [DOC]: '' }, finds: [`file-exists ${CONTRACT}`] },
    {
      title: 'a boundary renamed: its fields are not asked for',
      files: { [DOC]: '', [CONTRACT]: contract('  Ledger:\n    current_path:\n') },
      finds: ['boundary-is-declared boundary:ledger'],
    },
    {
      title: 'a key right under the header closes the block',
      files: {
        [DOC]: '',
        [CONTRACT]: contract('  ledger:\n  note: x\n    current_path:\n    tenant_path_template:\n    sensitivity:\n'),
      },
      finds: BOUNDARIES.fields.map((field) => `boundary-has-field boundary:ledger#${field}`),
    },
    {
      title: 'line 21 of a block is out of sight, and so is a key with a blank before its colon',
      files: {
        [DOC]: '',
        [CONTRACT]: contract(
          `  ledger:\n    current_path: tenant_path_template :\n${'\n'.repeat(18)}    sensitivity: high\n`,
        ),
      },
      finds: [
        'boundary-has-field boundary:ledger#tenant_path_template',
        'boundary-has-field boundary:ledger#sensitivity',
      ],
    },
    {
      title: 'nothing but boundaries',
      files: { [CONTRACT]: contract().replace(/^(version|isolation_mode|enforcement)/gm, '# $1') },
      finds: [
        'has-top-level-key version',
        'has-top-level-key isolation_mode',
        'has-top-level-key enforcement',
        `file-exists ${DOC}`,
      ],
    },
  ],
});
