import { newIn } from '../../audit/new-findings.ts';
import { type FindingKey, findingKeys } from '../../core/finding.ts';
import type { GateReport, Report } from '../../core/report.ts';
import type { Waiver } from '../../core/waiver.ts';
import type { GateState, InboxState } from '../state.ts';
import { gateIn } from './updates.ts';

/** Phases in which a person has taken what the issue lists upon themselves. */
const ACCEPTED: readonly string[] = ['acknowledged', 'adopted', 'gone'];

/** New findings by the number of their gate: neither baseline nor waived, nor accepted by a person. Gates without any are left out. */
export function newlyFailing(
  { gates }: Report,
  state: InboxState,
  waivers: readonly Waiver[],
): ReadonlyMap<string, readonly FindingKey[]> {
  const found = new Map<string, readonly FindingKey[]>();
  for (const gate of gates) {
    const remembered = gateIn(state, gate.name);
    const keys = gate.verdict === 'fail' && remembered ? newIn(gate, knownOf(remembered, gate), waivers) : [];
    if (keys.length > 0) found.set(gate.number, keys);
  }
  return found;
}

/** Until a gate has a baseline, everything about it is known. */
function knownOf({ baseline, issue }: GateState, gate: GateReport): readonly FindingKey[] {
  if (baseline === null) return findingKeys(gate.findings);
  return issue && ACCEPTED.includes(issue.phase) ? [...baseline, ...issue.findings] : baseline;
}
