import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo, TextLine } from '../../../core/repo.ts';
import { basicRegExp, INVOLVED_PATTERNS } from '../../lib/bash/basic-regexp.ts';
import { absent, filesExist } from '../../lib/files/files.ts';
import { hasLine, quotedAfter, stretches, textAfter } from '../../lib/files/lines.ts';
import { blockOf, declaresSections, hasTopLevelKeys, mentioning, underKeys } from '../../lib/spine/contract-text.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const CONTRACT = 'ops/bindings/surface.readonly.contract.yaml';
const DOC = 'docs/product/AOF_SURFACE_READONLY_CONTRACT.md';
const SURFACES = {
  kind: 'surface',
  names: ['spine_status', 'gap_reconciliation', 'loop_summary', 'rag_status', 'proposal_queue'],
};

export default defineGate({
  name: 'surface-readonly-contract-lock',
  mirrors: ['149e36c931fb5c8d52c2983f5d15bd9839e8c0a0'],
  why: 'People look at a status page because it cannot change anything. One that can write, or that shows a capability nobody offers any more, betrays them. Access is judged by three words only: `admin` passes.',
  fix: 'In surface.readonly.contract.yaml take writing out of `access`, quote a capability that ops/capabilities.yaml defines, and give each planned surface a `gap`.',
  reads: [CONTRACT, CAPABILITIES],
  deviates: [INVOLVED_PATTERNS],

  *check({ repo }) {
    if (!repo.isFile(CONTRACT)) return yield absent(repo, CONTRACT);
    const lines = repo.lines(CONTRACT);
    yield* hasTopLevelKeys(repo, CONTRACT, 'version');
    yield* declaresSections(repo, CONTRACT, SURFACES);

    for (const [surface, line] of underKeys(lines)) {
      const access = line.text.includes('    access:') ? textAfter(line, 'access: *') : '';
      if (!/mutating|write|delete/i.test(access)) continue;
      const message = `The access of \`${surface}\` speaks of changing things: \`${access}\`.`;
      yield problem('access-is-readonly', `surface:${surface}#access`, line, message);
    }
    for (const [surface, line] of underKeys(lines)) {
      const capability = capabilityIn(line);
      if (capability === '' || hasLine(repo, CAPABILITIES, basicRegExp(`${capability}:`))) continue;
      const message = `\`${surface}\` shows \`${capability.trim()}\`, which is no quoted capability of ${CAPABILITIES}.`;
      yield problem('capability-is-registered', `surface:${surface}#capability`, line, message);
    }
    for (const header of plannedSurfaces(repo)) {
      const surface = header.text.trimStart().split(':', 1)[0] ?? '';
      if (mentioning(blockOf(lines, surface, 20), 'gap')) continue;
      yield problem(
        'planned-surface-has-gap',
        `surface:${surface}#gap`,
        header,
        `\`${surface}\` does not exist yet and says no \`gap:\`.`,
      );
    }

    yield* hasTopLevelKeys(repo, CONTRACT, 'enforcement');
    yield* filesExist(repo, DOC);
  },

  examples: {
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
  },
});

/** The capability that a line shows; the whole line where it is not in double quotes. Empty where there is nothing to look up. */
function capabilityIn(line: TextLine): string {
  const isLookedAt = line.text.includes('    capability:') && !line.text.includes('null');
  return isLookedAt ? quotedAfter(line, 'capability:') : '';
}

/** Headers of the surfaces that say `exists: false`. The script reads whole lines only, so a last one without a line break is lost. */
function* plannedSurfaces(repo: Repo): Generator<TextLine> {
  const lines = repo.text(CONTRACT).endsWith('\n') ? repo.lines(CONTRACT) : repo.lines(CONTRACT).slice(0, -1);
  let surface: TextLine | undefined;
  let exists = '';
  for (const line of stretches(lines, /^surfaces:/, /^enforcement:/)) {
    if (/^(?:surfaces|enforcement):/.test(line.text)) continue;
    if (/^ {2}[a-z].*:$/s.test(line.text)) {
      if (surface && exists === 'false') yield surface;
      surface = line;
      exists = '';
    }
    if (line.text.includes('exists:')) exists = textAfter(line, 'exists: *');
  }
  if (surface && exists === 'false') yield surface;
}

function withMore(lines: string): Readonly<Record<string, string>> {
  const surfaces = SURFACES.names.map((name) => `  ${name}:\n    access: local\n    exists: true\n`);
  return {
    [CONTRACT]: `version: 1\nsurfaces:\n${surfaces.join('')}${lines}enforcement:\n`,
    [CAPABILITIES]: 'capabilities:\n  rag.status:\n',
    [DOC]: '',
  };
}
