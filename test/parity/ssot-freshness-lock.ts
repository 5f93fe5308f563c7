import gate from '../../src/gates/spine/ssot-hygiene/ssot-freshness-lock.ts';
import { nearMisses } from './near-misses.ts';

const REGISTRY = 'docs/governance/SSOT_REGISTRY.yaml';
const DOCUMENTS = 'docs/governance';
const EXEMPTIONS = 'ops/bindings/binding.freshness.exemptions.yaml';

export default nearMisses(gate, {
  pass: [
    {
      title: '21 full days, the future and what is not a date are all fine',
      files: {
        [REGISTRY]:
          'ssots: [{ id: a, last_reviewed: 2026-01-27 }, { id: b, last_reviewed: 2027-01-01 }, { id: c, last_reviewed: 2026-1-1 }, { id: d }, e]\n',
      },
    },
    { title: 'entries have to be a list', files: { [REGISTRY]: 'ssots: { a: { last_reviewed: 2025-01-01 } }\n' } },
    {
      title: 'only authoritative documents with both fields near the top count',
      files: {
        [REGISTRY]: '',
        [`${DOCUMENTS}/A.md`]: 'status: draft\nlast_verified: 2025-01-01\n',
        [`${DOCUMENTS}/B.md`]: 'status: authoritative # for now\nlast_verified: 2025-01-01\n',
        [`${DOCUMENTS}/C.md`]: 'status: authoritative\r\nlast_verified: 2025-01-01\r\n',
        [`${DOCUMENTS}/D.md`]: 'status: authoritative\n  last_verified: 2025-01-01\n',
        [`${DOCUMENTS}/E.md`]: `status: authoritative\n${'\n'.repeat(14)}last_verified: 2025-01-01\n`,
        [`${DOCUMENTS}/old/F.md`]: 'status: authoritative\nlast_verified: 2025-01-01\n',
      },
    },
    {
      title: 'a binding is exempt when an entry begins with its name, or has a comment after its date',
      files: {
        [REGISTRY]: '',
        [EXEMPTIONS]: 'updated: 2024-01-01\nexempt: [{ file: a.yaml }, { file: b.yaml.old }]\n',
        'ops/bindings/a.yaml': 'updated: 2024-01-01\n',
        'ops/bindings/b.yaml': 'updated: 2024-01-01\n',
        'ops/bindings/c.yaml': 'updated: "2024-01-01" # reviewed\n',
      },
    },
    {
      title: 'without exemptions no binding is looked at',
      files: { [REGISTRY]: '', 'ops/bindings/a.yaml': 'updated: 2024-01-01\n' },
    },
  ],
  fail: [
    { title: 'no registry', files: {}, finds: [`file-exists ${REGISTRY}`] },
    { title: 'a registry that is not YAML', files: { [REGISTRY]: '[' }, finds: [`unreadable ${REGISTRY}`] },
    {
      title: '22 days, archived or not, once for each entry',
      files: {
        [REGISTRY]:
          'ssots:\n  - { id: a, last_reviewed: "2026-01-26", archived: true }\n  - { id: a, last_reviewed: 20260126 }\n',
      },
      finds: ['registry-entry-is-fresh entry:a', 'registry-entry-is-fresh entry:a'],
    },
    {
      title: 'a hidden document, and a binding with Windows line ends',
      files: {
        [REGISTRY]: '',
        [`${DOCUMENTS}/.H.md`]: "status: 'authoritative'\nlast_verified:  2025-W20-1\n",
        [EXEMPTIONS]: 'exempt: [{ file: ops/bindings/z.yaml }]\n',
        'ops/bindings/z.yaml': 'updated: "2025-01-01"\r\n',
      },
      finds: [`document-is-fresh ${DOCUMENTS}/.H.md`, 'binding-is-fresh ops/bindings/z.yaml'],
    },
    { title: 'broken exemptions', files: { [REGISTRY]: '', [EXEMPTIONS]: '[' }, finds: [`unreadable ${EXEMPTIONS}`] },
  ],
});
