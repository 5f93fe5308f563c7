import { findingKey } from '../core/finding.ts';
import type { Ledger } from '../core/ledger.ts';
import { own } from '../core/own.ts';
import type { Report } from '../core/report.ts';
import type { InboxState } from '../inbox/state.ts';
import type { Acceptance } from './pokes.ts';

const MAX_ACCEPTANCES = 100;

/** Who made which gates' findings baseline, when and why. */
export interface AcceptanceRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
  readonly reason: string;
  readonly gates: readonly string[];
}

interface Present {
  readonly ledger: Ledger;
  readonly at: number;
  readonly state: InboxState;
}

/** Adds the present findings of the meant gates to their baselines and remembers it; undefined when there is no such gate, or no report. */
export function acceptFindings(
  { gate: wanted, by, reason }: Acceptance,
  report: Report | undefined,
  { ledger, at, state }: Present,
): AcceptanceRecord | undefined {
  const isMeant = ({ number, name }: Report['gates'][number]) =>
    own(state.gates, name) !== undefined && (wanted === undefined || wanted === number || wanted === name);
  const gates = (report?.gates ?? []).filter(isMeant);
  if (gates.length === 0) return undefined;
  const accepted = gates.map(({ name, findings }) => {
    const { baseline, ...rest } = own(state.gates, name) ?? { baseline: null };
    return [name, { ...rest, baseline: [...new Set([...(baseline ?? []), ...findings.map(findingKey)])] }];
  });
  const record = { at, by, reason, gates: gates.map(({ number }) => number) };
  const earlier = (ledger.get('acceptances') as AcceptanceRecord[] | undefined) ?? [];
  ledger.transaction(() => {
    ledger.put('inbox', { ...state, gates: { ...state.gates, ...Object.fromEntries(accepted) } });
    ledger.put('acceptances', [...earlier, record].slice(-MAX_ACCEPTANCES));
  });
  return record;
}
