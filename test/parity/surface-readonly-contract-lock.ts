import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/process-hygiene/surface-readonly-contract-lock.ts';
import { nearMisses } from './near-misses.ts';

const CONTRACT = 'ops/bindings/surface.readonly.contract.yaml';
const DOC = 'docs/product/AOF_SURFACE_READONLY_CONTRACT.md';
const SURFACES = {
  kind: 'surface',
  names: ['spine_status', 'gap_reconciliation', 'loop_summary', 'rag_status', 'proposal_queue'],
};

function withMore(lines: string): Readonly<Record<string, string>> {
  const surfaces = SURFACES.names.map((name) => `  ${name}:\n    access: local\n    exists: true\n`);
  return {
    [CONTRACT]: `version: 1\nsurfaces:\n${surfaces.join('')}${lines}enforcement:\n`,
    [CAPABILITIES]: 'capabilities:\n  rag.status:\n',
    [DOC]: '',
  };
}

export default nearMisses(gate, {
  pass: [
    { title: 'five surfaces that only read', files: withMore('    capability: "rag.status"\n    access: admin\n') },
    {
      title: 'an empty capability, and a line that says null, are not looked up',
      files: withMore('    capability: ""\n    capability: none # null\n'),
    },
    {
      title: 'a fragment of an id passes, and a dot is any character',
      files: withMore('    capability: "r.g.status"\n    capability: "status"\n'),
    },
    {
      title: 'only a bare `false` means planned',
      files: withMore('  mobile:\n    exists: false  # later\n  desk:\n    exists: "false"\n'),
    },
    {
      title: 'a planned surface with any key that ends in gap',
      files: withMore('  mobile:\n    exists: false\n    stopgap:\n'),
    },
    {
      title: 'a header with a remark is no header: its flag goes to the surface above',
      files: withMore('  mobile:\n    gap: soon\n  desk: # next\n    exists: false\n'),
    },
  ],
  fail: [
    { title: 'no contract', files: {}, finds: [`file-exists ${CONTRACT}`] },
    {
      title: 'nothing in the contract',
      files: { [CONTRACT]: '' },
      finds: [
        'has-top-level-key version',
        ...SURFACES.names.map((name) => `surface-is-declared surface:${name}`),
        'has-top-level-key enforcement',
        `file-exists ${DOC}`,
      ],
    },
    {
      title: 'access that writes, at any depth, even in a comment',
      files: withMore('    access: read-write\n      access: local # Write-free\n'),
      finds: Array<string>(2).fill('access-is-readonly surface:proposal_queue#access'),
    },
    {
      title: 'an unknown capability, and a known one without quotes',
      files: withMore('    capability: "rag.stats"\n    capability: rag.status\n'),
      finds: Array<string>(2).fill('capability-is-registered surface:proposal_queue#capability'),
    },
    {
      title: 'a capability that the registry does not hold',
      files: { ...withMore('    capability: "rag.status"\n'), [CAPABILITIES]: '' },
      finds: ['capability-is-registered surface:proposal_queue#capability'],
    },
    {
      title: 'a planned surface without a gap, the later flag deciding',
      files: withMore('  mobile:\n    exists: true\n    exists: false\n    notes: soon\n'),
      finds: ['planned-surface-has-gap surface:mobile#gap'],
    },
  ],
});
