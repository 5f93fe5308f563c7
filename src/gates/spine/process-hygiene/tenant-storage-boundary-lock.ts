import { contractGate } from '../../lib/spine/contract-gate.ts';

export default contractGate({
  name: 'tenant-storage-boundary-lock',
  mirrors: ['87e107c0026b7d91e419f971b1bf947acd1df0c1'],
  why: 'Without a declared path per tenant, one tenant can end up reading the data of another.',
  fix: 'Declare every boundary in tenant.storage.contract.yaml with current_path, tenant_path_template and sensitivity within 20 lines.',
  limits: 'Only the words are searched for: an empty value, or the word in a comment, is enough.',
  contract: 'ops/bindings/tenant.storage.contract.yaml',
  doc: 'docs/product/AOF_TENANT_STORAGE_MODEL.md',
  keys: { first: ['version', 'isolation_mode'], last: ['enforcement'] },
  sections: {
    kind: 'boundary',
    names: ['receipts', 'ledger', 'mailroom_inbox', 'mailroom_outbox', 'loop_scopes'],
    fields: ['current_path', 'tenant_path_template', 'sensitivity'],
    reach: 20,
  },
  rules: {},
  shown: {},
});
