import { findingKey } from '../../../core/finding.ts';
import { type GateReport, gateTitle } from '../../../core/report.ts';
import { code, neutral } from '../../../core/text/neutral.ts';
import { plural } from '../../../core/text/plural.ts';
import type { Waiver } from '../../../core/waiver.ts';
import { LABELS } from '../../labels.ts';
import type { CommentContent } from '../../writes.ts';
import { assemble } from './assemble.ts';
import { commitHere, commitLink, dayOf, type RenderContext } from './context.ts';
import { findingTable } from './findings.ts';

/** A comment, without marker. */
export function renderComment(content: CommentContent, context: RenderContext): string {
  const here = commitHere(context);
  switch (content.kind) {
    case 'new-findings':
      return newFindings(content, context);
    case 'recovered':
      return recovered(content, here);
    case 'back-to-baseline':
      return `All new findings are fixed at ${here}. ${remaining(content.known)}`;
    case 'waived':
      return assemble([`Waived in the repository (read at ${here}):`], [{ lines: content.waivers.map(waiverRow) }]);
    case 'waiver-ended':
      return `It still fails at ${here}, and the waivers no longer cover all of its findings.`;
    case 'regressed':
      return regressed(content, context);
    case 'still-failing':
      return `It was closed as completed, but it still fails at the newer commit ${here} with ${plural(content.failing, 'open finding')}. Close it again to accept it as it is.`;
    case 'closed-by-bot':
      return closedByBot(content.failing, here);
    case 'retired':
      return `${code(content.gate)} is no longer registered in this repository (read at ${here}).`;
    case 'group-grew':
      return grew(content.gates, here);
    case 'group-recovered':
      return `Every gate of this issue has recovered at ${here}.`;
    case 'duplicate':
      return `Duplicate of #${content.of}: Lanekeeper could not see one of the two when it opened the other.`;
    case 'audit-works-again':
      return `Audits work again: ${here} was audited completely.`;
    case 'audit-ended':
      return 'Lanekeeper no longer audits this repository, so nobody keeps this issue up to date any more. Closed on request.';
  }
}

function recovered({ gate, openedAt }: Extract<CommentContent, { kind: 'recovered' }>, here: string): string {
  const sentence = `${titleOf(gate)} passes at ${here}. This issue had been open since ${dayOf(openedAt)}.`;
  return assemble([sentence], [{ lines: unverifiedParts(gate) }]);
}

function newFindings(
  { gate, fresh, severityRose }: Extract<CommentContent, { kind: 'new-findings' }>,
  context: RenderContext,
): string {
  const here = commitHere(context);
  const rows = gate.findings.filter((finding) => fresh.includes(findingKey(finding)));
  const rose = severityRose ? `The severity is now ${neutral(gate.severity)}` : '';
  if (rows.length === 0) return `${rose} (read at ${here}).`;
  const count = `**${plural(rows.length, 'new finding')}** at ${here}.`;
  return assemble([rose ? `${count} ${rose}.` : count], [{ lines: findingTable('New finding', rows, context) }]);
}

function remaining(known: number): string {
  if (known === 1) return 'The 1 known finding remains.';
  return known === 0 ? 'None is left.' : `The ${known} known ones remain.`;
}

function waiverRow({ reason, owner, expires }: Waiver): string {
  return `- until ${neutral(expires)} by ${neutral(owner)}: ${neutral(reason, 1000)}`;
}

function regressed(
  { firstFail, lastPass }: Extract<CommentContent, { kind: 'regressed' }>,
  context: RenderContext,
): string {
  const first = firstFail ? commitLink(firstFail, context) : commitHere(context);
  if (!lastPass) return `It fails again at ${first}.`;
  if (lastPass.sha === firstFail?.sha) return `It fails again at ${first}, without a new commit.`;
  return `It fails again at ${first}. It last passed at ${commitLink(lastPass, context)}.`;
}

function closedByBot(failing: number | null, here: string): string {
  const what =
    failing === null
      ? 'A bot closed this issue, which Lanekeeper still needs.'
      : `A bot closed this issue, but the gate still fails at ${here} with ${plural(failing, 'open finding')}.`;
  return `${what} It is open again; to keep the bot away, exempt issues with the label ${code(LABELS.audit)}.`;
}

/** Names beyond these are in the list. */
const MAX_NAMES = 100;

function grew(gates: readonly Pick<GateReport, 'number' | 'name'>[], here: string): string {
  const names = gates.slice(0, MAX_NAMES).map((gate) => code(gateTitle(gate), 200));
  const rest = gates.length > MAX_NAMES ? ' …' : '';
  return `${plural(gates.length, 'more gate')} started failing at ${here}: ${names.join(', ')}${rest}.`;
}

function unverifiedParts({ unverified = [] }: GateReport): readonly string[] {
  if (unverified.length === 0) return [];
  return ['Not checked from here:', ...unverified.map((part) => `- ${neutral(part)}`)];
}

function titleOf(gate: GateReport): string {
  return code(gateTitle(gate));
}
