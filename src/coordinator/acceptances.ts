import { findingKey } from '../core/finding.ts';
import { own } from '../core/own.ts';
import type { Report } from '../core/report.ts';
import type { InboxState } from '../inbox/state.ts';
import type { Acceptance } from './requests.ts';
import type { AcceptanceRecord, Rows } from './rows.ts';

const MAX_ACCEPTANCES = 100;

interface Present {
  readonly rows: Rows;
  readonly at: number;
  readonly state: InboxState;
}

/** Adds the present findings of the meant gates to their baselines and remembers it; undefined when there is no such gate, or no report. */
export function acceptFindings(
  { gate: wanted, by, reason }: Acceptance,
  report: Report | undefined,
  { rows, at, state }: Present,
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
  const earlier = rows.get('acceptances') ?? [];
  rows.transaction(() => {
    rows.put('inbox', { ...state, gates: { ...state.gates, ...Object.fromEntries(accepted) } });
    rows.put('acceptances', [...earlier, record].slice(-MAX_ACCEPTANCES));
  });
  return record;
}
