import { problemLine } from '../core/declaration.ts';
import { type Finding, findingKey } from '../core/finding.ts';
import { shortHash } from '../core/hash.ts';
import { own } from '../core/own.ts';
import { type GateReport, gateTitle, isProvisional, type Report } from '../core/report.ts';
import { oneLine, visibleDocument } from '../core/text/neutral.ts';
import { plural } from '../core/text/plural.ts';
import { brokenByText, PLAIN_WORDING } from './broken-by.ts';
import type { ReportToRender } from './format.ts';
import { placeText } from './links.ts';

/** GitHub refuses a run with over 25,000 results and shows 5,000. */
const MAX_RESULTS = 5000;
/** GitHub cuts descriptions here. */
const MAX_TEXT = 1024;
/** A result needs a file; one that concerns the repository as a whole points at the register of its gates. */
const REGISTRY = 'ops/bindings/gate.registry.yaml';

/**
 * A report as SARIF 2.1.0, within the limits of GitHub's code scanning.
 * A finding's fingerprint is made of gate, rule and subject, so an alert stays the same alert when lines move.
 */
export function reportAsSarif({ report, pages: { webUrl, repo }, fresh }: ReportToRender): string {
  const gates = report.gates.filter((gate) => gate.verdict !== 'skip' && !isProvisional(gate));
  const ruleIndex = new Map(gates.map((gate, index) => [gate.number, index]));
  const all = gates
    .filter(({ verdict }) => verdict === 'fail')
    .flatMap((gate) => gate.findings.map((finding) => ({ gate, finding })));
  const shown = all.slice(0, MAX_RESULTS);
  const results = shown.map(({ gate, finding }) => {
    const baseline = fresh && { baselineState: isNewIn(fresh, gate, finding) ? 'new' : 'unchanged' };
    return { ...resultOf(gate, finding), ruleIndex: ruleIndex.get(gate.number) ?? -1, ...baseline };
  });
  const run = {
    tool: {
      driver: {
        name: 'Lanekeeper',
        rules: gates.map(ruleOf),
      },
    },
    automationDetails: { id: `lanekeeper/${repo}/` },
    invocations: [
      {
        executionSuccessful: report.error === undefined,
        endTimeUtc: report.now,
        toolExecutionNotifications: notifications(report, all.length - shown.length),
      },
    ],
    ...(report.sha === null
      ? {}
      : { versionControlProvenance: [{ repositoryUri: `${webUrl}/${repo}`, revisionId: report.sha }] }),
    columnKind: 'unicodeCodePoints',
    results,
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, (_, value) => (typeof value === 'string' ? visibleDocument(value) : value), 2)}\n`;
}

function isNewIn(fresh: NonNullable<ReportToRender['fresh']>, { number }: GateReport, finding: Finding): boolean {
  return own(fresh, number)?.includes(findingKey(finding)) ?? false;
}

function ruleOf({ number, name, category, severity, why, fixHint, lanes }: GateReport) {
  const help = [why, fixHint && `How to fix it: ${fixHint}`].filter((part) => part !== undefined && part !== '');
  return {
    id: number,
    name: oneLine(name, 255),
    shortDescription: { text: oneLine(name, MAX_TEXT) || number },
    ...(why ? { fullDescription: { text: oneLine(why, MAX_TEXT) } } : {}),
    ...(help.length > 0 ? { help: { text: help.map((part) => oneLine(part ?? '', MAX_TEXT)).join('\n\n') } } : {}),
    defaultConfiguration: { level: levelOf(severity) },
    properties: { tags: [...new Set([category, ...lanes])].filter((tag) => tag !== '').slice(0, 20) },
  };
}

function resultOf(gate: GateReport, finding: Finding) {
  const { rule, subject, repo, path, line, column, message, excerpt } = finding;
  const isHere = repo === 'target' && path !== null;
  const fingerprint = shortHash(`${gate.name} ${rule} ${subject}`);
  const text = oneLine(message, MAX_TEXT) || rule;
  return {
    ruleId: gate.number,
    level: levelOf(gate.severity),
    message: { text: `${isHere ? text : `${placeText(finding)}: ${text}`}${culpritOf(gate)}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: (isHere ? path : REGISTRY).toWellFormed().split('/').map(encodeURIComponent).join('/'),
          },
          region: {
            startLine: isHere ? Math.max(line ?? 1, 1) : 1,
            ...(isHere && column !== undefined ? { startColumn: column } : {}),
            ...(isHere && excerpt !== undefined ? { snippet: { text: excerpt } } : {}),
          },
        },
      },
    ],
    partialFingerprints: { 'lanekeeper/v1': fingerprint, primaryLocationLineHash: `${fingerprint}:1` },
  };
}

/** In plain text, where brackets would make a link. */
function culpritOf({ brokenBy }: GateReport): string {
  if (!brokenBy) return '';
  const text = oneLine(brokenByText(brokenBy, PLAIN_WORDING));
  return ` (broken ${text.replace(/[[\]]/g, '|')})`;
}

/** What kept gates from being judged, so that an empty list of results is not taken for a clean repository. */
function notifications({ error, problems = [], certificates, unusable = [], gates }: Report, leftOff: number) {
  const counted = gates.filter((gate) => !isProvisional(gate));
  const provisional = gates.length - counted.length;
  const quiet = counted.filter(({ verdict }) => verdict === 'blind' || verdict === 'crashed');
  return [
    ...(error === undefined ? [] : [{ level: 'error', message: { text: oneLine(error, MAX_TEXT) } }]),
    ...problems.map((problem) => ({
      level: 'error',
      message: { text: oneLine(`Mistake in a declared gate: ${problemLine(problem)}`, MAX_TEXT) },
    })),
    ...quiet.map(({ number, name, verdict, reason }) => ({
      level: verdict === 'crashed' ? 'error' : 'warning',
      message: {
        text: oneLine(`${gateTitle({ number, name })} is ${verdict}: ${reason ?? 'no reason given'}`, MAX_TEXT),
      },
      associatedRule: { id: number },
    })),
    ...unusable.map((sentence) => ({ level: 'warning', message: { text: oneLine(sentence, MAX_TEXT) } })),
    ...(certificates === undefined ? [] : [{ level: 'warning', message: { text: oneLine(certificates, MAX_TEXT) } }]),
    ...(provisional > 0
      ? [
          {
            level: 'note',
            message: {
              text: `${plural(provisional, 'gate')} judged by scripts that nobody has certified: no results.`,
            },
          },
        ]
      : []),
    ...(leftOff > 0
      ? [
          {
            level: 'warning',
            message: { text: `${plural(leftOff, 'more result')} left out: GitHub shows no more than ${MAX_RESULTS}.` },
          },
        ]
      : []),
  ];
}

function levelOf(severity: string): 'error' | 'warning' | 'note' {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'low' || severity === 'info' ? 'note' : 'warning';
}
