import { join } from 'node:path';
import type { Audit } from '../../src/audit/run.ts';
import { judgedNothing, type Report } from '../../src/core/report.ts';
import { visible, visibleDocument } from '../../src/core/text/neutral.ts';
import { planAsText } from '../../src/inbox/describe/plan.ts';
import { placeInClone, whyNoHistory } from '../../src/snapshot/clone/place.ts';
import { cloneAuditor, isExpected, requestFor } from '../shared/audit-clone.ts';
import { runAsCommand } from '../shared/command-line.ts';
import { type AuditArguments, parseAuditArguments, USAGE } from './arguments.ts';
import { blameFailures } from './blame.ts';
import { type Comparison, compareWithBase, comparisonInWords, isWorse } from './comparison.ts';
import { type Explanation, explanationOf } from './explain.ts';
import { explainGate } from './explain-gate.ts';
import { FORMATS, placeFrom, writeFiles } from './output.ts';
import { prospectOf } from './prospect.ts';
import { tellReplay } from './replay.ts';
import { retire } from './retire.ts';

const PROJECT = join(import.meta.dirname, '../..');

async function auditCommand(options: AuditArguments): Promise<number> {
  const { format, now } = options;
  try {
    const explanation = options.explain === undefined ? undefined : explanationOf(options.explain);
    const audit = await auditorOf(options, explanation);
    const head = await audit(options.at);
    const { directory, base: onto, at = 'HEAD' } = options;
    const comparison = onto === undefined ? undefined : await compareWithBase(head, { directory, onto, at }, audit);
    const headline = comparison && comparisonInWords(head, comparison);
    const blamed = options.blame ? await blamedReport(head, comparison, options) : undefined;
    const output = {
      report: blamed?.report ?? head.report,
      fresh: comparison?.fresh,
      isWhole: options.gates.length === 0,
    };
    await writeFiles(output, options, headline);
    process.stdout.write(FORMATS[format](output, placeFrom(process.env)));
    // JSON, Markdown and SARIF are for programs: nothing but them goes to standard output.
    const prose = format === 'table' ? process.stdout : process.stderr;
    const place = await placeInClone(options.directory);
    if (place.kind === 'none')
      process.stderr.write(
        `${visible(whyNoHistory(options.directory, place))}: its files were judged as they lie there, and what asks for the history is blind\n`,
      );
    if (headline !== undefined) prose.write(`\n${headline}\n`);
    if (blamed && blamed.lines.length > 0) prose.write(`\n${blamed.lines.join('\n')}\n`);
    const explained = explanation && (await explainGate(head.report, options, explanation));
    if (explained !== undefined) prose.write(`\n${visibleDocument(explained)}\n`);
    if (options.plan) prose.write(`\n${planAsText(prospectOf(baseOf(comparison), head, now))}`);
    if (isRed(head, comparison)) return 1;
    return judgedNothing(head.report) || hasNewMistakes(head.report, baseOf(comparison)?.report) ? 2 : 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    const output = { report: failedReport(options, error.message), fresh: undefined, isWhole: true };
    await writeFiles(output, options, undefined);
    if (format !== 'table') process.stdout.write(FORMATS[format](output, placeFrom(process.env)));
    process.stderr.write(`could not audit: ${error.message}\n`);
    return 2;
  }
}

async function replayCommand(options: AuditArguments, range: string): Promise<number> {
  const { directory, now, isNowGiven, lanes, gates: only } = options;
  try {
    const request = {
      // Thousands of runs of scripts would take days.
      ...(await requestFor(cloneOptions({ ...options, scripts: false }))),
      ...(lanes.length > 0 ? { lanes } : {}),
      ...(only.length > 0 ? { only } : {}),
    };
    const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(text);
    const clock = isNowGiven ? now : undefined;
    return await tellReplay({ directory, range, now: clock, request }, write(process.stdout), write(process.stderr));
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`could not replay: ${error.message}\n`);
    return 2;
  }
}

async function blamedReport(head: Audit, comparison: Comparison | undefined, options: AuditArguments) {
  const { directory, at, siblings } = options;
  const request = await requestFor(cloneOptions(options));
  const base = comparison && { sha: comparison.base, fresh: comparison.fresh };
  return blameFailures(head, { directory, at, request, siblings, base });
}

function cloneOptions(options: AuditArguments) {
  const { directory, siblings, now, governance, gateFiles, layout } = options;
  const { scripts, trustScripts: areTrusted, checkoutRoot, absent } = options;
  const run = scripts ? { scripts: { areTrusted, checkoutRoot, absent } } : {};
  return { directory, siblings, now, governance, gateFiles, layout, ...run };
}

function auditorOf(options: AuditArguments, explanation: Explanation | undefined) {
  const { format, lanes, gates, summary, sarif } = options;
  return cloneAuditor({
    ...cloneOptions(options),
    ...(explanation ? { listen: explanation.listen } : {}),
    detailed: format === 'markdown' || format === 'sarif' || summary !== undefined || sarif !== undefined,
    ...(lanes.length > 0 ? { lanes } : {}),
    ...(gates.length > 0 ? { only: gates } : {}),
  });
}

function baseOf(comparison: Comparison | undefined): Audit | undefined {
  return comparison && !('error' in comparison.audit) ? comparison.audit : undefined;
}

function isRed(head: Audit, comparison: Comparison | undefined): boolean {
  if (comparison) return isWorse(head, comparison);
  return head.report.gates.some(({ verdict }) => verdict === 'fail' || verdict === 'crashed');
}

/** Whether there are mistakes in declared gates, of which those that the base has already do not count: nobody knows what such a gate would say. */
function hasNewMistakes({ problems = [] }: Report, base: Report | undefined): boolean {
  const known = new Set(base?.problems?.map(({ path, message }) => `${path} ${message}`));
  return problems.some(({ path, message }) => !known.has(`${path} ${message}`));
}

/** A report that says why there is none. */
function failedReport({ directory, now, siblings }: AuditArguments, error: string): Report {
  return {
    schemaVersion: 1,
    repo: directory,
    sha: null,
    now: new Date(now).toISOString(),
    complete: false,
    error,
    siblings: Object.fromEntries([...siblings.keys()].map((name) => [name, null])),
    lanes: [],
    gates: [],
  };
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseAuditArguments(argv, Date.now);
  if (!('retire' in options))
    return options.replay === undefined ? auditCommand(options) : replayCommand(options, options.replay);
  const print = (text: string) => void process.stdout.write(text);
  return retire(options.retire, options, { directory: PROJECT, environment: process.env, print });
}

await runAsCommand(USAGE, main);
