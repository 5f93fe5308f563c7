import type { Finding } from '../core/finding.ts';
import type { GateReport, LaneReport, Report } from '../core/report.ts';
import { plural } from '../core/text/plural.ts';
import { laneTotals } from './totals.ts';

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

export interface TableOptions {
  readonly color?: boolean;
  /** Numbers of gates that newly fail, where that is known. */
  readonly newlyFailing?: readonly string[];
}

/** A report for a terminal: lanes with totals, each failing gate with its findings, then why anything is blind or skipped. */
export function reportAsTable(report: Report, { color = false, newlyFailing = [] }: TableOptions = {}): string {
  const style = createStyle(color);
  const sections = [
    [heading(report, style)],
    report.lanes.map((lane) => laneLine(lane, style)),
    ...failing(report).map((gate) => gateSection(gate, style, newlyFailing.includes(gate.number))),
    quietSection(report, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(
  { repo, sha, now, complete, error, bypass, siblings }: Report,
  { bold, dim, red, yellow }: Style,
): string {
  const known = Object.entries(siblings).map(([name, at]) => `${name} ${at?.slice(0, 10) ?? 'work tree or absent'}`);
  const lines = [`${bold(repo)} ${sha?.slice(0, 10) ?? 'work tree'} at ${now}`, dim(`siblings: ${known.join(', ')}`)];
  if (error !== undefined) lines.push(red(`could not audit: ${error}`));
  else if (!complete) lines.push(yellow('incomplete: some of what was asked for could not be read'));
  if (bypass) lines.push(yellow(bypass));
  return lines.join('\n');
}

function laneLine(lane: LaneReport, { red, green, yellow }: Style): string {
  const isBad = lane.fail + lane.crashed > 0;
  const isGood = lane.total > 0 && lane.pass === lane.total;
  const mark = isBad ? red('✗') : isGood ? green('✓') : yellow('?');
  const name = lane.ours ? `${lane.id} (ours)` : lane.id;
  return `${mark} ${name.padEnd(17)} ${laneTotals(lane)}`;
}

function failing(report: Report): readonly GateReport[] {
  return report.gates.filter(({ verdict }) => verdict === 'fail' || verdict === 'crashed');
}

function gateSection(gate: GateReport, { bold, dim, red }: Style, isNew: boolean): readonly string[] {
  const count = gate.verdict === 'crashed' ? 'crashed' : plural(gate.findings.length, 'finding');
  const lanes = gate.lanes.length > 0 ? ` [${gate.lanes.join(', ')}]` : '';
  return [
    `${red('✗')} ${bold(`${gate.number} ${gate.name}`)} ${gate.severity}, ${count}${isNew ? red(', newly failing') : ''}${dim(lanes)}`,
    ...(gate.reason ? [`    ${gate.reason}`] : []),
    ...gate.findings.map((finding) => `    ${placeOf(finding)}  ${finding.message}`),
    ...(gate.fixHint ? [dim(`    fix: ${gate.fixHint}`)] : []),
    ...(gate.scriptChanged ? [dim('    this gate was verified against other versions of the script')] : []),
  ];
}

function placeOf({ repo, path, line }: Finding): string {
  if (path === null) return repo === 'target' ? '(repository)' : `(${repo})`;
  const file = line === null ? path : `${path}:${line}`;
  return repo === 'target' ? file : `${repo}:${file}`;
}

function quietSection(report: Report, { dim, yellow }: Style): readonly string[] {
  const blind = report.gates.filter(({ verdict }) => verdict === 'blind');
  const unverified = report.gates.filter((gate) => gate.unverified);
  const skipped = Map.groupBy(
    report.gates.filter(({ verdict }) => verdict === 'skip'),
    ({ reason }) => reason ?? '',
  );
  return [
    ...blind.map((gate) => `${yellow('?')} ${gate.number} ${gate.name} is blind: ${gate.reason}`),
    ...unverified.flatMap((gate) =>
      (gate.unverified ?? []).map((part) => dim(`~ ${gate.number} not verified: ${part}`)),
    ),
    ...[...skipped].map(([reason, gates]) =>
      dim(`- skipped, ${reason}: ${gates.map(({ number }) => number).join(' ')}`),
    ),
  ];
}
