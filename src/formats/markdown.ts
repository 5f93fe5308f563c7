import type { BrokenBy } from '../core/broken-by.ts';
import { problemLine } from '../core/declaration.ts';
import { type Finding, type FindingKey, findingKey } from '../core/finding.ts';
import { own } from '../core/own.ts';
import { type GateReport, gateTitle, isProvisional, judgedNothing, type Report } from '../core/report.ts';
import { code, neutral, prose } from '../core/text/neutral.ts';
import { brokenByText, changedLineText, MARKDOWN_WORDING } from './broken-by.ts';
import type { ReportToRender } from './format.ts';
import { type CommitPages, findingUrl, placeText } from './links.ts';
import { PROVISIONAL, provisionalFailure, provisionalGates } from './provisional.ts';
import { BUILT_IN, INCOMPLETE, NOTHING_JUDGED, scriptSentence } from './sentences.ts';
import { laneTotals, passesBeyondTotals } from './totals.ts';

/** A report as Markdown, for a summary or a comment. Text from the audited repo shows as text and never becomes markup. */
export function reportAsMarkdown({ report, pages, fresh = {} }: ReportToRender): string {
  const newOf = (gate: GateReport) => new Set(own(fresh, gate.number));
  const parts = [
    `# Audit of ${code(report.repo)}`,
    `Commit ${code(report.sha ?? 'work tree')}, audited at ${neutral(report.now)}.`,
    ...notices(report),
    laneTable(report),
    ...failing(report, newOf).map((gate) => gateSection(gate, pages, newOf(gate))),
    list('Passing', passesBeyondTotals(report).map(title)),
    list(
      'Blind',
      gatesThat(report, 'blind')
        .filter((gate) => !isProvisional(gate))
        .map(withReason),
    ),
    list(
      'Not verified from here',
      report.gates.flatMap((gate) => (gate.unverified ?? []).map((part) => `${title(gate)}: ${neutral(part)}`)),
    ),
    provisional(report),
    list('Skipped', gatesThat(report, 'skip').map(withReason)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function notices(report: Report): readonly string[] {
  const { error, complete, problems, certificates, unusable, bypass } = report;
  const found: string[] = [];
  if (error !== undefined) found.push(`**Could not audit.** ${neutral(error, 1500)}`);
  else if (!complete && !problems) found.push(`**Incomplete.** ${INCOMPLETE}`);
  if (problems)
    found.push(
      list(
        'Could not audit these gates',
        problems.map((problem) => prose(problemLine(problem))),
      ),
    );
  if (error === undefined && judgedNothing(report)) found.push(prose(NOTHING_JUDGED));
  if (certificates !== undefined) found.push(prose(certificates));
  if (unusable) found.push(list('Entries without a usable name', unusable.map(prose)));
  if (bypass !== undefined) found.push(neutral(bypass));
  return found;
}

function laneTable({ lanes }: Report): string {
  if (lanes.length === 0) return '';
  const rows = lanes.map((lane) => `| ${code(lane.id)}${lane.ours ? ` ${BUILT_IN}` : ''} | ${laneTotals(lane)} |`);
  return ['| Lane | Passing |', '|---|---|', ...rows].join('\n');
}

type NewOf = (gate: GateReport) => ReadonlySet<FindingKey>;

/** What newly fails comes first. */
function failing(report: Report, newOf: NewOf): readonly GateReport[] {
  const gates = [...gatesThat(report, 'fail'), ...gatesThat(report, 'crashed')];
  return [...gates.filter((gate) => newOf(gate).size > 0), ...gates.filter((gate) => newOf(gate).size === 0)];
}

function gateSection(gate: GateReport, pages: CommitPages, news: ReadonlySet<FindingKey>): string {
  const { severity, reason, findings, fixHint, why, script, brokenBy } = gate;
  const isNew = (finding: Finding) => news.has(findingKey(finding));
  const parts = [`## ${title(gate)}: ${stateOf(gate, news)}, ${neutral(severity || 'unknown severity')}`];
  if (reason !== undefined) parts.push(neutral(reason));
  if (why !== undefined) parts.push(`**Why it matters.** ${prose(why, 1000)}`);
  if (fixHint !== undefined) parts.push(`**How to fix it.** ${prose(fixHint, 1000)}`);
  const changed = scriptSentence(gate);
  if (changed !== undefined) parts.push(neutral(changed));
  if (brokenBy) parts.push(`**Broken** ${brokenByText(brokenBy, MARKDOWN_WORDING)}.`, changedLines(brokenBy));
  const sorted = [...findings.filter(isNew), ...findings.filter((finding) => !isNew(finding))];
  const rows = sorted.map((finding) => findingRow(finding, pages, isNew(finding)));
  if (rows.length > 0) parts.push(['| Finding | Where |', '|---|---|', ...rows].join('\n'));
  if (script && script.output.length > 0) {
    const rest = script.output.map((line) => code(line, 300));
    parts.push(folded('What else the script printed', rest));
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function changedLines(brokenBy: BrokenBy): string {
  const lines = brokenBy.kind === 'commit' ? brokenBy.lines : [];
  return lines.map((line) => `- ${code(changedLineText(line), 260)}`).join('\n');
}

function stateOf({ verdict }: GateReport, news: ReadonlySet<FindingKey>): string {
  if (verdict === 'crashed') return 'crashed';
  return news.size > 0 ? 'newly failing' : 'failing';
}

function findingRow(finding: Finding, pages: CommitPages, isNew: boolean): string {
  const url = findingUrl(finding, pages);
  const place = code(placeText(finding));
  const quote = finding.excerpt === undefined ? '' : `<br>${code(finding.excerpt, 160)}`;
  return `| ${isNew ? '**New.** ' : ''}${prose(finding.message)}${quote} | ${url === null ? place : `[${place}](${url})`} |`;
}

/** What scripts say that nobody has certified, folded: it counts as nothing. */
function provisional(report: Report): string {
  const { failing: bad, passing, unknown } = provisionalGates(report);
  const rows = [
    ...bad.map((gate) => `${title(gate)} would fail: ${neutral(provisionalFailure(gate))}`),
    ...(passing.length > 0 ? [`${passing.length} would pass: ${numbersOf(passing)}`] : []),
    ...unknown.map(([reason, gates]) => `${gates.length} blind, ${neutral(reason)}: ${numbersOf(gates)}`),
  ];
  if (rows.length === 0) return '';
  return `## Provisional\n\n${PROVISIONAL}\n\n${folded(`${bad.length} would fail, ${passing.length} would pass`, rows)}`;
}

function numbersOf(gates: readonly GateReport[]): string {
  return neutral(gates.map(({ number }) => number).join(' '));
}

function folded(summary: string, rows: readonly string[]): string {
  return [
    '<details><summary>',
    summary,
    '</summary>\n\n',
    rows.map((row) => `- ${row}`).join('\n'),
    '\n\n</details>',
  ].join('');
}

function list(heading: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : [`## ${heading}`, '', ...rows.map((row) => `- ${row}`)].join('\n');
}

function gatesThat(report: Report, verdict: GateReport['verdict']): readonly GateReport[] {
  return report.gates.filter((gate) => gate.verdict === verdict);
}

function withReason(gate: GateReport): string {
  return `${title(gate)}: ${neutral(gate.reason ?? 'no reason given')}`;
}

function title(gate: GateReport): string {
  return code(gateTitle(gate));
}
