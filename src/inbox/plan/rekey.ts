import { keptSubject } from '../../audit/redact-report.ts';
import { type FindingKey, findingKeys } from '../../core/finding.ts';
import type { GateReport } from '../../core/report.ts';
import type { InboxState } from '../state.ts';
import type { Situation } from './situation.ts';

/**
 * Brings remembered findings under the names that this version gives them: what is masked today and was not before (so that a secret also
 * leaves our memory), and what was masked before findings that look alike were told apart.
 */
export function rekeyFindings(state: InboxState, { gates }: Situation): InboxState {
  const renamed = Object.entries(state.gates).map(([name, gate]) => {
    const present = presentOf(gates.get(name));
    const { baseline, issue } = gate;
    return [
      name,
      {
        ...gate,
        baseline: baseline && rekey(baseline, present),
        issue: issue && { ...issue, findings: rekey(issue.findings, present) },
      },
    ] as const;
  });
  const { group } = state;
  const members = Object.entries(group?.gates ?? {}).map(([name, keys]) => [
    name,
    rekey(keys, presentOf(gates.get(name))),
  ]);
  return {
    ...state,
    gates: Object.fromEntries(renamed),
    group: group && { ...group, gates: Object.fromEntries(members) },
  };
}

function presentOf(gate: GateReport | undefined): ReadonlySet<FindingKey> {
  return new Set(findingKeys(gate?.findings ?? []));
}

function rekey(keys: readonly FindingKey[], present: ReadonlySet<FindingKey>): readonly FindingKey[] {
  return [...new Set(keys.flatMap((key) => namesOf(key, present)))];
}

/** A masked key without its hash is of an earlier version: it means every present finding that looks like it. */
function namesOf(key: FindingKey, present: ReadonlySet<FindingKey>): readonly FindingKey[] {
  if (present.has(key)) return [key];
  const alike = key.includes('•••') ? [...present].filter((other) => other.replace(/ [0-9a-f]{4}$/, '') === key) : [];
  if (alike.length > 0) return alike;
  const space = key.indexOf(' ');
  return [`${key.slice(0, space)} ${keptSubject(key.slice(space + 1))}`];
}
