import { type FindingKey, findingKeys } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import type { GateReport } from '../../core/report.ts';
import { hasLabel, LABELS } from '../labels.ts';
import { type Issue, isIssue, type Marker, type Whereabouts } from '../port.ts';
import type { IssueState } from '../state.ts';
import { newIssue } from './updates.ts';

/** An issue that carries our marker. */
export type OurIssue = Issue & { readonly marker: Marker };

export function isOurs(issue: Whereabouts): issue is OurIssue {
  return isIssue(issue) && issue.marker !== null;
}

/** What can be told of an issue from its marker and labels. */
export function recoveredIssue(gate: GateReport, { number, labels, marker }: OurIssue, now: number): IssueState {
  const flapping = hasLabel(labels, LABELS.flapping) ? { quietSince: null } : null;
  const { severity } = gate;
  return newIssue(number, { severity, now }, { findings: listed(gate, marker.findings), flapping });
}

export function isJudged({ verdict }: GateReport): boolean {
  return verdict === 'pass' || verdict === 'fail';
}

/** The findings of a gate of which a marker has the hashes. */
export function listed({ findings }: GateReport, hashes: readonly string[]): readonly FindingKey[] {
  return findingKeys(findings).filter((key) => hashes.includes(shortHash(key)));
}
