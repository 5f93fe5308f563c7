import { type FindingKey, findingKeys } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import type { GateReport } from '../../core/report.ts';
import type { GateState } from '../state.ts';
import type { IssueContent } from '../writes.ts';

export type GateContent = Extract<IssueContent, { kind: 'gate' }>;

/** What a gate's issue shows. */
export function gateContent(
  gate: GateReport,
  { lastPass, firstFail }: Pick<GateState, 'lastPass' | 'firstFail'>,
  fresh: readonly FindingKey[],
  follows: number | null,
): GateContent {
  const known = findingKeys(gate.findings).filter((key) => !fresh.includes(key));
  return { kind: 'gate', gate, fresh, known, lastPass, firstFail, follows };
}

/** Hash of what makes an edit worth it: no messages, lines, counters or times. */
export function fingerprintOf({ gate, fresh, known }: GateContent): string {
  const { number, name, severity, lanes } = gate;
  return shortHash(JSON.stringify([number, name, severity, lanes, [...fresh].sort(), [...known].sort()]));
}
