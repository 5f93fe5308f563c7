import { join } from 'node:path';
import type { Report } from '../../src/core/report.ts';
import { reportAsMarkdown } from '../../src/formats/markdown.ts';
import { reportAsSarif } from '../../src/formats/sarif.ts';
import { reportAsTable } from '../../src/formats/table.ts';
import { planAsText } from '../../src/inbox/describe/plan.ts';
import { cloneAuditor, isExpected } from '../shared/audit-clone.ts';
import { type AuditArguments, parseAuditArguments, USAGE, UsageError } from './arguments.ts';
import { type Prospect, planAgainst } from './plan-against.ts';
import { retire } from './retire.ts';

const PROJECT = join(import.meta.dirname, '../..');

function auditorOf(options: AuditArguments) {
  const { directory, siblings, now, governance, format, lanes, gates } = options;
  return cloneAuditor({
    directory,
    siblings,
    now,
    governance,
    detailed: format === 'markdown' || format === 'sarif',
    ...(lanes.length > 0 ? { lanes } : {}),
    ...(gates.length > 0 ? { only: gates } : {}),
  });
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
    siblings: Object.fromEntries(['workbench', ...siblings.keys()].map((name) => [name, null])),
    lanes: [],
    gates: [],
  };
}

function render(report: Report, { format, base }: AuditArguments, { fresh }: Prospect): string {
  const newlyFailing = base === undefined ? [] : Object.keys(fresh);
  // Links need the repository's name at GitHub, which a workflow knows and a directory does not.
  const named = { ...report, repo: process.env.GITHUB_REPOSITORY ?? report.repo };
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 1)}\n`;
    case 'markdown':
      return reportAsMarkdown(named, { newlyFailing });
    case 'sarif':
      return reportAsSarif(named, base === undefined ? {} : { fresh });
    case 'table': {
      const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
      return reportAsTable(report, { color, newlyFailing });
    }
  }
}

async function auditCommand(options: AuditArguments): Promise<number> {
  try {
    const audit = await auditorOf(options);
    const head = await audit(options.at);
    const base = options.base === undefined ? undefined : await audit(options.base);
    const isAsked = base !== undefined || options.plan;
    const prospect = isAsked ? planAgainst(base, head, options.now) : NO_PROSPECT;
    process.stdout.write(render(head.report, options, prospect));
    const plan = planAsText(prospect.lines);
    // JSON and SARIF are for programs: nothing but them goes to standard output.
    if (options.plan) (options.format === 'table' ? process.stdout : process.stderr).write(`\n${plan}`);
    const hasCrashed = head.report.gates.some(({ verdict }) => verdict === 'crashed');
    const hasFailed = head.report.gates.some(({ verdict }) => verdict === 'fail');
    const isRed = base === undefined ? hasFailed : Object.keys(prospect.fresh).length > 0;
    return isRed || hasCrashed ? 1 : 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    const report = failedReport(options, error.message);
    if (options.format !== 'table') process.stdout.write(render(report, options, NO_PROSPECT));
    process.stderr.write(`could not audit: ${error.message}\n`);
    return 2;
  }
}

const NO_PROSPECT: Prospect = { lines: { actions: [], notes: [] }, fresh: {} };

async function main(): Promise<number> {
  const options = parseAuditArguments(process.argv.slice(2), Date.now);
  if (!('retire' in options)) return auditCommand(options);
  const print = (text: string) => void process.stdout.write(text);
  return retire(options.retire, options, { directory: PROJECT, environment: process.env, print });
}

// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
