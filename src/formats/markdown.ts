import type { Finding } from '../core/finding.ts';
import type { GateReport, Report } from '../core/report.ts';
import { code, neutral, prose } from '../core/text/neutral.ts';
import { type CommitPages, findingUrl, placeText } from './links.ts';
import { laneTotals } from './totals.ts';

export interface MarkdownOptions {
  /** Where GitHub's pages are. */
  readonly webUrl?: string;
  readonly siblings?: NonNullable<CommitPages['siblings']>;
  /** Numbers of gates that newly fail, where that is known. */
  readonly newlyFailing?: readonly string[];
}

/** A report as Markdown, for a summary or a comment. Text from the audited repo shows as text and never becomes markup. */
export function reportAsMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const { webUrl = 'https://github.com', siblings = {}, newlyFailing = [] } = options;
  const pages: CommitPages = { webUrl, repo: report.repo, sha: report.sha, siblings };
  const parts = [
    `# Audit of ${code(report.repo)}`,
    `Commit ${code(report.sha ?? 'work tree')}, audited at ${neutral(report.now)}.`,
    report.error === undefined ? '' : `**Could not audit.** ${neutral(report.error, 1500)}`,
    report.complete || report.error !== undefined
      ? ''
      : '**Incomplete.** Some of what was asked for could not be read.',
    report.bypass === undefined ? '' : neutral(report.bypass),
    laneTable(report),
    ...failing(report, newlyFailing).map((gate) => gateSection(gate, pages, newlyFailing.includes(gate.number))),
    list(
      'Blind',
      gatesThat(report, 'blind').map((gate) => `${title(gate)}: ${neutral(gate.reason ?? '')}`),
    ),
    list(
      'Not verified from here',
      report.gates.flatMap((gate) => (gate.unverified ?? []).map((part) => `${title(gate)}: ${neutral(part)}`)),
    ),
    list(
      'Skipped',
      gatesThat(report, 'skip').map((gate) => `${title(gate)}: ${neutral(gate.reason ?? '')}`),
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function laneTable({ lanes }: Report): string {
  if (lanes.length === 0) return '';
  const rows = lanes.map((lane) => `| ${code(lane.id)}${lane.ours ? ' (ours)' : ''} | ${laneTotals(lane)} |`);
  return ['| Lane | Passing |', '|---|---|', ...rows].join('\n');
}

/** What newly fails comes first. */
function failing(report: Report, newlyFailing: readonly string[]): readonly GateReport[] {
  const gates = [...gatesThat(report, 'fail'), ...gatesThat(report, 'crashed')];
  const isNew = ({ number }: GateReport) => newlyFailing.includes(number);
  return [...gates.filter(isNew), ...gates.filter((gate) => !isNew(gate))];
}

function gateSection(gate: GateReport, pages: CommitPages, isNew: boolean): string {
  const { severity, verdict, reason, findings, fixHint, why, scriptChanged } = gate;
  const state = verdict === 'crashed' ? 'crashed' : isNew ? 'newly failing' : 'failing';
  return [
    `## ${title(gate)}: ${state}, ${neutral(severity || 'unknown severity')}`,
    reason === undefined ? '' : neutral(reason),
    why === undefined ? '' : `**Why it matters.** ${prose(why, 1000)}`,
    fixHint === undefined ? '' : `**How to fix it.** ${prose(fixHint, 1000)}`,
    scriptChanged ? "The gate's script changed since this verdict was verified against it." : '',
    findings.length === 0
      ? ''
      : ['| Finding | Where |', '|---|---|', ...findings.map((finding) => findingRow(finding, pages))].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function findingRow(finding: Finding, pages: CommitPages): string {
  const url = findingUrl(finding, pages);
  const place = code(placeText(finding));
  const quote = finding.excerpt === undefined ? '' : `<br>${code(finding.excerpt, 160)}`;
  return `| ${prose(finding.message)}${quote} | ${url === null ? place : `[${place}](${url})`} |`;
}

function list(heading: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : [`## ${heading}`, '', ...rows.map((row) => `- ${row}`)].join('\n');
}

function gatesThat(report: Report, verdict: GateReport['verdict']): readonly GateReport[] {
  return report.gates.filter((gate) => gate.verdict === verdict);
}

function title({ number, name }: GateReport): string {
  return code(`${number} ${name}`);
}
