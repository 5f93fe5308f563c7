/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { LaneTotals } from '../../core/store.ts';
import { STATES, type State } from './states.tsx';

/** What a lane's totals amount to. */
export function laneState([pass, total, fresh, fail, blind, provisional = 0]: LaneTotals): State {
  if (fresh > 0) return 'new';
  if (fail > 0) return 'fail';
  if (blind > 0) return 'blind';
  if (provisional > 0) return 'provisional';
  return pass === total ? 'pass' : 'skip';
}

export function LaneChip({ lane, totals }: { lane: string; totals: LaneTotals }) {
  const state = laneState(totals);
  return (
    <li class={`lane s-${state}`}>
      <span class="lane-name">{lane}</span>{' '}
      <span class="lane-total">
        <span aria-hidden="true">{STATES[state].glyph}</span> {totals[0]}/{totals[1]}
      </span>
      <span class="vh">, {STATES[state].word}</span>
    </li>
  );
}
