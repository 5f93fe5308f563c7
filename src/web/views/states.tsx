/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { type Mark, readStrip } from '../../core/outcome.ts';
import type { GateReport } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';

/** How a gate, a lane or an audit stands; `none` where there is nothing to say. */
export type State = Mark | 'none';

/** Each state has a sign of its own, so that nobody needs the colours. */
export const STATES: Readonly<Record<State, { readonly glyph: string; readonly word: string }>> = {
  pass: { glyph: '✓', word: 'passing' },
  fail: { glyph: '!', word: 'known failure' },
  new: { glyph: '✗', word: 'newly failing' },
  blind: { glyph: '?', word: 'blind' },
  crashed: { glyph: '‼', word: 'crashed' },
  skip: { glyph: '–', word: 'skipped' },
  provisional: { glyph: '≈', word: 'provisional' },
  incomplete: { glyph: '~', word: 'incomplete' },
  error: { glyph: '∅', word: 'could not audit' },
  none: { glyph: '·', word: 'not in this audit' },
};

/** How a gate of an audit stands: whether its failure is news is for the audit to say. */
export function gateState({ number, verdict }: GateReport, { newlyFailing }: StoredAudit): State {
  return verdict === 'fail' && newlyFailing.includes(number) ? 'new' : verdict;
}

export function StateTag({ state }: { state: State }) {
  return (
    <span class={`tag s-${state}`}>
      <span aria-hidden="true">{STATES[state].glyph}</span> {STATES[state].word}
    </span>
  );
}

/** A strip of outcomes, newest last. */
export function Strip({ strip, what }: { strip: string; what: string }) {
  const states = readStrip(strip).map((mark): State => mark ?? 'none');
  const counts = Map.groupBy(states, (state) => STATES[state].word);
  const told = [...counts].map(([word, members]) => `${members.length} ${word}`).join(', ');
  const last = STATES[states.at(-1) ?? 'none'].word;
  return (
    <span class="strip" role="img" aria-label={`The last ${states.length} ${what}: ${told}; the latest: ${last}`}>
      {states.map((state) => (
        <span class={`cell s-${state}`} aria-hidden="true">
          {STATES[state].glyph}
        </span>
      ))}
    </span>
  );
}
