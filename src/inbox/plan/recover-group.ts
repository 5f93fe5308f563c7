import { findingKeys } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import type { InboxState } from '../state.ts';
import { isJudged, type OurIssue, recoveredIssue } from './our-issue.ts';
import type { Situation } from './situation.ts';
import { changeGate, confirmGroup, gateIn } from './updates.ts';

/** A gate of the group that cannot be judged now keeps a placeholder, so that it does not count as recovered. */
const UNJUDGED = 'not judged since its issue was found again';

/** Takes the common issue of many gates back, with the gates that its marker names and that have no issue of their own. */
export function recoverGroup(
  state: InboxState,
  { gates, now }: Situation,
  issue: OurIssue,
  isLost: boolean,
): InboxState {
  if (state.group || issue.state !== 'open' || (issue.stateReason === 'reopened' && !isLost)) return state;
  const { known, findings } = issue.marker;
  const members: Record<string, readonly string[]> = {};
  let recovered = state;
  for (const gate of gates.values()) {
    const before = gateIn(state, gate.name);
    const isMember = before && known.includes(shortHash(gate.name));
    if (!isMember || (before.issue && before.issue.number !== issue.number)) continue;
    const isNew = (key: string) => findings.includes(shortHash(`${gate.name} ${key}`));
    const keys = findingKeys(gate.findings);
    const left = isJudged(gate) ? keys.filter(isNew) : [UNJUDGED];
    const baseline = isJudged(gate) ? (before.baseline ?? keys).filter((key) => !isNew(key)) : (before.baseline ?? []);
    members[gate.name] = left;
    const grouped = { ...recoveredIssue(gate, issue, now), phase: 'grouped', findings: left } as const;
    recovered = changeGate(recovered, gate.name, { baseline, issue: grouped });
  }
  if (Object.keys(members).length === 0) return state;
  return confirmGroup(recovered, { number: issue.number, fingerprint: '', openedAt: now, gates: members });
}
