import type { BrokenBy } from '../core/broken-by.ts';
import { problemLine } from '../core/declaration.ts';
import { findingKey } from '../core/finding.ts';
import { own } from '../core/own.ts';
import {
  type GateReport,
  gateTitle,
  isProvisional,
  judgedNothing,
  type LaneReport,
  type Report,
} from '../core/report.ts';
import { visible } from '../core/text/neutral.ts';
import { plural } from '../core/text/plural.ts';
import { brokenByText, changedLineText, PLAIN_WORDING } from './broken-by.ts';
import type { ReportToRender } from './format.ts';
import { placeText } from './links.ts';
import { PROVISIONAL, provisionalFailure, provisionalGates } from './provisional.ts';
import { BUILT_IN, INCOMPLETE, NOTHING_JUDGED, scriptSentence } from './sentences.ts';
import { laneTotals, passesBeyondTotals } from './totals.ts';

/** Findings of a gate, and skipped gates of a reason: more would push what matters off the screen. */
const MAX_FINDINGS = 10;
const MAX_SKIPPED = 25;
/** Provisional failures and reasons: they count as nothing, so they get little room. */
const MAX_PROVISIONAL = 10;

interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

function createStyle(color: boolean): Style {
  const wrap = (code: number) => (text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: wrap(1), dim: wrap(2), red: wrap(31), green: wrap(32), yellow: wrap(33) };
}

export interface TableOptions extends Pick<ReportToRender, 'fresh'> {
  readonly color?: boolean;
  /** How to see all findings of a gate, by its number, where a table shows ten at most. Without it, it shows them all. */
  readonly seeAll?: (gate: string) => string;
}

/** A report for a terminal: lanes with totals, each failing gate with its findings, then why anything is blind or skipped. */
export function reportAsTable(report: Report, options: TableOptions = {}): string {
  const style = createStyle(options.color ?? false);
  const sections = [
    heading(report, style),
    lanes(report, style),
    ...failing(report).map((gate) => gateSection(gate, style, options)),
    passing(report, style),
    blind(report, style),
    provisional(report, style, options),
    skipped(report, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(report: Report, { bold, dim, red, yellow }: Style): readonly string[] {
  const { repo, sha, now, complete, error, problems, certificates, unusable, bypass, siblings } = report;
  const lines = [`${bold(visible(repo))} ${sha?.slice(0, 10) ?? 'work tree'} at ${now}`];
  const known = Object.entries(siblings).map(([name, at]) => `${name} ${at?.slice(0, 10) ?? '(work tree, or absent)'}`);
  if (known.length > 0) lines.push(dim(visible(`siblings: ${known.join(', ')}`)));
  if (error !== undefined) lines.push(red(visible(`Could not audit: ${error}`)));
  else if (!complete && !problems) lines.push(yellow(`Incomplete: ${INCOMPLETE}`));
  for (const problem of problems ?? [])
    lines.push(red(visible(`Could not audit these gates: ${problemLine(problem)}`)));
  if (error === undefined && judgedNothing(report)) lines.push(yellow(NOTHING_JUDGED));
  if (certificates !== undefined) lines.push(yellow(visible(certificates)));
  for (const sentence of unusable ?? []) lines.push(yellow(visible(sentence)));
  if (bypass) lines.push(yellow(visible(bypass)));
  return lines;
}

function lanes(report: Report, style: Style): readonly string[] {
  const names = report.lanes.map((lane) => visible(lane.ours ? `${lane.id} ${BUILT_IN}` : lane.id));
  const width = Math.max(0, ...names.map((name) => name.length));
  return report.lanes.map((lane, index) => `${mark(lane, style)} ${names[index]?.padEnd(width)} ${laneTotals(lane)}`);
}

function mark(lane: LaneReport, { red, green, yellow }: Style): string {
  if (lane.fail + lane.crashed > 0) return red('✗');
  return lane.total > 0 && lane.pass === lane.total ? green('✓') : yellow('?');
}

function failing(report: Report): readonly GateReport[] {
  return report.gates.filter(({ verdict }) => verdict === 'fail' || verdict === 'crashed');
}

function passing(report: Report, { green }: Style): readonly string[] {
  return passesBeyondTotals(report).map((gate) => `${green('✓')} ${visible(gateTitle(gate))} passes`);
}

function gateSection(gate: GateReport, style: Style, { fresh, seeAll }: TableOptions): readonly string[] {
  const { bold, dim, red } = style;
  const news = new Set(own(fresh ?? {}, gate.number));
  const isNew = (finding: GateReport['findings'][number]) => news.has(findingKey(finding));
  const sorted = [...gate.findings.filter(isNew), ...gate.findings.filter((finding) => !isNew(finding))];
  const shown = seeAll ? sorted.slice(0, MAX_FINDINGS) : sorted;
  const left = sorted.length - shown.length;
  const count = gate.verdict === 'crashed' ? 'crashed' : plural(gate.findings.length, 'finding');
  const some = news.size < gate.findings.length ? ` (${news.size} new)` : '';
  const newly = news.size > 0 ? red(`, newly failing${some}`) : '';
  const where = gate.lanes.length > 0 ? dim(` [${visible(gate.lanes.join(', '))}]`) : '';
  const title = bold(visible(gateTitle(gate)));
  const facts = [visible(gate.severity), `${count}${newly}${where}`].filter((fact) => fact !== '');
  const lines = [`${red('✗')} ${title} ${facts.join(', ')}`];
  if (gate.reason) lines.push(`    ${visible(gate.reason)}`);
  if (gate.brokenBy) lines.push(...brokenByLines(gate.brokenBy, style));
  for (const finding of shown)
    lines.push(`    ${isNew(finding) ? red('new  ') : ''}${visible(`${placeText(finding)}  ${finding.message}`)}`);
  if (left > 0)
    lines.push(dim(visible(`    … and ${plural(left, 'more finding')}${seeAll ? `; ${seeAll(gate.number)}` : ''}`)));
  if (gate.fixHint) lines.push(dim(`    fix: ${visible(gate.fixHint)}`));
  for (const printed of gate.script?.output ?? []) if (!seeAll) lines.push(dim(`    | ${visible(printed)}`));
  const changed = scriptSentence(gate);
  if (changed !== undefined) lines.push(dim(`    ${visible(changed)}`));
  return lines;
}

function brokenByLines(brokenBy: BrokenBy, { dim, yellow }: Style): readonly string[] {
  const changed = brokenBy.kind === 'commit' ? brokenBy.lines : [];
  return [
    yellow(`    broken ${brokenByText(brokenBy, PLAIN_WORDING)}`),
    ...changed.map((line) => dim(`      ${visible(changedLineText(line))}`)),
  ];
}

function blind(report: Report, { dim, yellow }: Style): readonly string[] {
  const lines: string[] = [];
  const provisionals = new Set(report.gates.filter(isProvisional).map(({ number }) => number));
  for (const gate of report.gates)
    if (gate.verdict === 'blind' && !provisionals.has(gate.number))
      lines.push(`${yellow('?')} ${visible(`${gateTitle(gate)} is blind: ${gate.reason ?? 'no reason given'}`)}`);
  for (const { number, unverified = [] } of report.gates)
    for (const part of unverified) lines.push(dim(visible(`~ ${number} not verified: ${part}`)));
  return lines;
}

/** What the scripts say that nobody has certified: failures first, folded where everything is shown. */
function provisional(report: Report, { bold, dim }: Style, { seeAll }: TableOptions): readonly string[] {
  const { failing: bad, passing, unknown } = provisionalGates(report);
  if (bad.length + passing.length + unknown.length === 0) return [];
  const lines = [bold(PROVISIONAL)];
  for (const gate of folded(bad, seeAll)) lines.push(...provisionalSection(gate, seeAll));
  lines.push(...more(bad, seeAll, 'more that would fail'));
  if (passing.length > 0) lines.push(visible(`  ${passing.length} would pass: ${numbersOf(passing)}`));
  for (const [reason, gates] of folded(unknown, seeAll))
    lines.push(visible(`  ${gates.length} blind, ${reason}: ${numbersOf(gates)}`));
  lines.push(...more(unknown, seeAll, 'more reasons'));
  return lines.map((line, index) => (index === 0 ? line : dim(line)));
}

function provisionalSection(gate: GateReport, seeAll: TableOptions['seeAll']): readonly string[] {
  const { findings = [], output = [] } = gate.script ?? {};
  const heading = visible(`  ${gateTitle(gate)} would fail, ${provisionalFailure(gate)}`);
  const shown = seeAll ? findings.slice(0, 1) : findings;
  const said = shown.map((finding) => visible(`      ${placeText(finding)}  ${finding.message}`));
  return [heading, ...said, ...(seeAll ? [] : output.map((line) => `      | ${visible(line)}`))];
}

function folded<T>(all: readonly T[], seeAll: TableOptions['seeAll']): readonly T[] {
  return seeAll ? all.slice(0, MAX_PROVISIONAL) : all;
}

function more(all: readonly unknown[], seeAll: TableOptions['seeAll'], what: string): readonly string[] {
  const left = all.length - MAX_PROVISIONAL;
  return seeAll && left > 0 ? [`  … and ${left} ${what}`] : [];
}

function numbersOf(gates: readonly GateReport[]): string {
  const left = gates.length - MAX_SKIPPED;
  const numbers = gates.slice(0, MAX_SKIPPED).map(({ number }) => number);
  return `${numbers.join(' ')}${left > 0 ? ` and ${left} more` : ''}`;
}

function skipped(report: Report, { dim }: Style): readonly string[] {
  const gates = report.gates.filter(({ verdict }) => verdict === 'skip');
  const byReason = Map.groupBy(gates, ({ reason }) => reason ?? 'no reason given');
  return [...byReason].map(([reason, those]) => {
    const numbers = those.slice(0, MAX_SKIPPED).map(({ number }) => number);
    const left = those.length - numbers.length;
    return dim(
      visible(`- ${those.length} skipped, ${reason}: ${numbers.join(' ')}${left > 0 ? ` and ${left} more` : ''}`),
    );
  });
}
