import { findingKey } from '../../../core/finding.ts';
import { gateTitle } from '../../../core/report.ts';
import { code, neutral, prose } from '../../../core/text/neutral.ts';
import { plural } from '../../../core/text/plural.ts';
import { brokenByText } from '../../../formats/broken-by.ts';
import type { GroupEntry } from '../../writes.ts';
import { assemble } from './assemble.ts';
import { type RenderContext, wordingFor } from './context.ts';
import { placeLink } from './findings.ts';

/** The body of the issue that many gates share. */
export function renderGroup(gates: readonly GroupEntry[], context: RenderContext, limit: number): string {
  const before = [
    `**${plural(gates.length, 'gate')} started failing at once.** Gates that start failing together usually have one cause, so they share this issue. It closes when all of them have recovered.`,
  ];
  const after = context.dashboardUrl ? [`[Full report](${context.dashboardUrl})`] : [];
  const rows = gates.map((entry) => rowOf(entry, context));
  return assemble(
    before,
    [{ lines: ['| Gate | Severity | What | Where |', '|---|---|---|---|', ...rows] }],
    after,
    limit,
  );
}

function rowOf({ gate, fresh, hasRecovered }: GroupEntry, context: RenderContext): string {
  const name = code(gateTitle(gate));
  if (hasRecovered) return `| ☑ ${name} | ${neutral(gate.severity)} | recovered | |`;
  const first = gate.findings.find((finding) => fresh.includes(findingKey(finding)));
  const count = plural(fresh.length, 'open finding');
  const culprit = gate.brokenBy ? `<br>broken ${brokenByText(gate.brokenBy, wordingFor(context))}` : '';
  const what = `${first ? `${count}: ${prose(first.message, 160)}` : count}${culprit}`;
  return `| ☐ ${name} | ${neutral(gate.severity)} | ${what} | ${first ? placeLink(first, context) : ''} |`;
}
