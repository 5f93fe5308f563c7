import type { TextLine } from '../../../core/repo.ts';
import { basicRegExp, INVOLVED_PATTERNS } from '../../lib/bash/basic-regexp.ts';
import { hasLine, quotedAfter, stretches, textAfter } from '../../lib/files/lines.ts';
import { contractGate } from '../../lib/spine/contract-gate.ts';
import { blockOf, mentioning, underKeys } from '../../lib/spine/contract-text.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const CONTRACT = 'ops/bindings/surface.readonly.contract.yaml';

/** The capability that a line shows; the whole line where it is not in double quotes. Empty where there is nothing to look up. */
function capabilityIn(line: TextLine): string {
  const isLookedAt = line.text.includes('    capability:') && !line.text.includes('null');
  return isLookedAt ? quotedAfter(line, 'capability:') : '';
}

/** Headers of the surfaces that have `exists: false`. */
function* plannedSurfaces(lines: readonly TextLine[]): Generator<TextLine> {
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

export default contractGate({
  name: 'surface-readonly-contract-lock',
  mirrors: ['149e36c931fb5c8d52c2983f5d15bd9839e8c0a0'],
  why: 'People trust a status page because it cannot change anything. One that can write, or that shows a capability that no longer exists, misleads them.',
  fix: 'In surface.readonly.contract.yaml, take writing out of `access`, quote a capability that ops/capabilities.yaml defines, and give each planned surface a `gap`.',
  limits: 'Access is judged by three words only: `admin` passes.',
  deviates: [INVOLVED_PATTERNS],
  contract: CONTRACT,
  doc: 'docs/product/AOF_SURFACE_READONLY_CONTRACT.md',
  keys: { first: ['version'], last: ['enforcement'] },
  sections: {
    kind: 'surface',
    names: ['spine_status', 'gap_reconciliation', 'loop_summary', 'rag_status', 'proposal_queue'],
  },
  alsoReads: [CAPABILITIES],

  rules: {
    'access-is-readonly': 'The access of `{surface}`, `{access}`, includes changing things.',
    'capability-is-registered': '`{surface}` shows `{capability}`, which is not a capability in {registry}.',
    'planned-surface-has-gap': '`{surface}` does not exist yet and has no `gap:`.',
  },

  *more({ lines }, report, { repo }) {
    for (const [surface, line] of underKeys(lines)) {
      const access = line.text.includes('    access:') ? textAfter(line, 'access: *') : '';
      if (!/mutating|write|delete/i.test(access)) continue;
      yield report('access-is-readonly', `surface:${surface}#access`, line, { surface, access });
    }
    for (const [surface, line] of underKeys(lines)) {
      const capability = capabilityIn(line);
      if (capability === '' || hasLine(repo, CAPABILITIES, basicRegExp(`${capability}:`))) continue;
      const values = { surface, capability: capability.trim(), registry: CAPABILITIES };
      yield report('capability-is-registered', `surface:${surface}#capability`, line, values);
    }
    // The script reads whole lines only, so a last one without a line break is lost.
    const whole = repo.text(CONTRACT).endsWith('\n') ? lines : lines.slice(0, -1);
    for (const header of plannedSurfaces(whole)) {
      const surface = header.text.trimStart().split(':', 1)[0] ?? '';
      if (mentioning(blockOf(lines, surface, 20), 'gap')) continue;
      yield report('planned-surface-has-gap', `surface:${surface}#gap`, header, { surface });
    }
    return false;
  },

  shown: {
    body: '    access: local\n    exists: true\n    capability: "rag.status"\n',
    files: { [CAPABILITIES]: 'capabilities:\n  rag.status:\n' },
    fail: (world) => [
      world(
        'access that writes, an unknown capability, a planned surface without a gap',
        { rag_status: '    access: read-write\n    exists: false\n    capability: "rag.stats"\n' },
        'access-is-readonly surface:rag_status#access',
        'capability-is-registered surface:rag_status#capability',
        'planned-surface-has-gap surface:rag_status#gap',
      ),
    ],
  },
});
