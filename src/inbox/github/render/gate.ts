import { type Finding, type FindingKey, findingKey } from '../../../core/finding.ts';
import { type GateReport, gateTitle } from '../../../core/report.ts';
import { code, neutral, oneLine, prose } from '../../../core/text/neutral.ts';
import { plural } from '../../../core/text/plural.ts';
import { brokenByText, changedLineText } from '../../../formats/broken-by.ts';
import { compareUrl } from '../../../formats/links.ts';
import { contradictionSentence, originSentence, scriptSentence, WITHOUT_A_COMMIT } from '../../../formats/sentences.ts';
import type { IssueContent } from '../../writes.ts';
import { assemble } from './assemble.ts';
import { commitLink, type RenderContext, wordingFor } from './context.ts';
import { findingTable } from './findings.ts';
import { reproduction } from './reproduction.ts';

type GateContent = Extract<IssueContent, { kind: 'gate' }>;

/** The body of a gate's issue: what is open first, what was known before folded below. */
export function renderGate(content: GateContent, context: RenderContext, limit: number): string {
  const { gate, fresh, known, follows } = content;
  const before = [
    `**${plural(fresh.length, 'open finding')}** in ${code(gateTitle(gate))}, severity ${neutral(gate.severity || 'unknown')}.`,
    gate.why ? `**Why it matters.** ${prose(gate.why, 1000)}` : '',
    gate.fixHint ? `**How to fix it.** ${prose(gate.fixHint, 1000)}` : '',
    startOf(content, context),
    culpritOf(gate, context),
    follows === null ? '' : `It failed before: see #${follows}.`,
    neutral(originSentence(gate) ?? ''),
    neutral(contradictionSentence(gate) ?? ''),
    neutral(scriptSentence(gate) ?? ''),
  ];
  const open = findingsOf(gate, fresh);
  const sections = [
    { lines: findingTable('Open finding', open, context) },
    {
      lines: findingTable('Known finding', findingsOf(gate, known), context),
      folded: `${plural(known.length, 'known finding')} from before`,
    },
  ];
  const after = [
    gate.lanes.length > 0 ? `**Lanes affected:** ${lanesOf(gate)}` : '',
    reproduction(gate, context.sha),
    gapEntry(gate, open[0]),
    context.dashboardUrl ? `[Full report](${context.dashboardUrl})` : '',
  ];
  return assemble(before, sections, after, limit);
}

function findingsOf(gate: GateReport, keys: readonly FindingKey[]): readonly Finding[] {
  const wanted = new Set(keys);
  return gate.findings.filter((finding) => wanted.has(findingKey(finding)));
}

function startOf({ gate, lastPass, firstFail }: GateContent, context: RenderContext): string {
  if (!firstFail) return '';
  const first = commitLink(firstFail, context);
  if (!lastPass) return `**Started failing** at ${first} or before; no audit saw it pass.`;
  if (lastPass.sha === firstFail.sha)
    return `**Started failing** without a new commit, noticed at ${first}.${gate.brokenBy ? '' : ` ${WITHOUT_A_COMMIT}`}`;
  const compare = compareUrl(context, lastPass.sha, firstFail.sha);
  return `**Started failing** at ${first}. It last passed at ${commitLink(lastPass, context)}: [what changed](${compare}).`;
}

/** What broke it, with the lines that changed where the findings stand. */
function culpritOf({ brokenBy }: GateReport, context: RenderContext): string {
  if (!brokenBy) return '';
  const changed = brokenBy.kind === 'commit' ? brokenBy.lines : [];
  return [
    `**Broken** ${brokenByText(brokenBy, wordingFor(context))}.`,
    ...(changed.length > 0 ? ['', ...changed.map((line) => `- ${code(changedLineText(line), 260)}`)] : []),
  ].join('\n');
}

/** Lanes beyond these are in the report. */
const MAX_LANES = 100;

function lanesOf({ lanes }: GateReport): string {
  const shown = lanes.slice(0, MAX_LANES).map((lane) => code(lane, 100));
  return `${shown.join(', ')}${lanes.length > MAX_LANES ? ` and ${lanes.length - MAX_LANES} more` : ''}`;
}

/** An entry for the gap file of repos with governance files, ready to paste. JSON strings are YAML strings. */
function gapEntry({ number, name, category, severity }: GateReport, finding: Finding | undefined): string {
  const isForAnyRepo = number === name || category === 'basics';
  if (!finding || isForAnyRepo) return '';
  const quoted = (text: string) => JSON.stringify(oneLine(text, 300).replace(/[`<>]/g, "'"));
  const lines = [
    '- id: GAP-OP-000  # the next free number',
    '  discovered_by: lanekeeper',
    '  type: stale-ssot',
    `  doc: ${quoted(finding.path ?? '')}`,
    `  description: ${quoted(finding.message)}`,
    `  severity: ${quoted(severity)}`,
    '  status: open',
  ];
  return `<details><summary>Gap entry to paste</summary>\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n\n</details>`;
}
