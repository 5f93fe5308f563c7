import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type NewFindings, newFindings } from '../../src/audit/new-findings.ts';
import type { Report } from '../../src/core/report.ts';
import { reportAsMarkdown } from '../../src/formats/markdown.ts';
import { reportAsSarif } from '../../src/formats/sarif.ts';
import { cloneAuditor, isExpected } from '../shared/audit-clone.ts';

const USAGE = `usage: npx node cli/audit/pull-request.ts <dir> --base <rev> [--at <rev>] [--sibling workbench=<dir>]… [--summary <file>] [--sarif <file>]

  <dir>       a local clone with the merge result and its base
  --base      the commit that the change is to go onto
  --at        the merge result; HEAD when absent
  --summary   where to append the report as Markdown
  --sarif     where to write it as SARIF 2.1.0

exit status: 0 no finding is new, 1 some are (or a gate crashes that did not), 2 could not audit
`;

export interface PullRequestOptions {
  readonly directory: string;
  readonly base: string;
  readonly at: string;
  readonly siblings: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; the same for both commits, so that no clock makes news. */
  readonly now: number;
  /** `owner/name` at GitHub, for links. */
  readonly repo?: string | undefined;
}

export interface PullRequestAudit extends NewFindings {
  readonly report: Report;
  /** Why the base could not be audited; then nothing counts as new. */
  readonly baseError: string | undefined;
}

/** Audits the merge result and its base. Throws `CouldNotAudit`, `SnapshotError` or `Unavailable` for the former. */
export async function auditPullRequest(options: PullRequestOptions): Promise<PullRequestAudit> {
  const { directory, siblings, now } = options;
  const audit = await cloneAuditor({ directory, siblings: Object.entries(siblings), now, detailed: true });
  const { report: head } = await audit(options.at);
  const report = { ...head, repo: options.repo ?? head.repo };
  try {
    return { report, baseError: undefined, ...newFindings((await audit(options.base)).report, report) };
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { report, baseError: error.message, fresh: {}, newlyFailing: [], lost: [] };
  }
}

/** One line for the log, and the first one of the summary. */
export function verdictOf({ report, newlyFailing, fresh, lost, baseError }: PullRequestAudit): string {
  if (baseError !== undefined) return `The base could not be audited, so nothing is called new: ${baseError}`;
  const count = Object.values(fresh).reduce((sum, keys) => sum + keys.length, 0);
  const failing = report.gates.filter(({ verdict }) => verdict === 'fail').length;
  const known = `${failing - newlyFailing.length} more gate(s) fail as the base does.`;
  const blind = lost.length > 0 ? ` No longer judged: ${lost.join(', ')}.` : '';
  if (count === 0) return `No finding is new. ${known}${blind}`;
  return `${count} new finding(s) in ${newlyFailing.join(', ')}. ${known}${blind}`;
}

/** 1 where the change makes something worse that the audit vouches for. */
export function exitStatus({ report, newlyFailing, lost }: PullRequestAudit): 0 | 1 {
  const crashes = report.gates.some(({ number, verdict }) => verdict === 'crashed' && lost.includes(number));
  return newlyFailing.length > 0 || crashes ? 1 : 0;
}

async function main(argv: readonly string[]): Promise<number> {
  const { GITHUB_REPOSITORY: repo, GITHUB_SERVER_URL: webUrl = 'https://github.com' } = process.env;
  const text = { type: 'string' } as const;
  const options = { base: text, at: text, summary: text, sarif: text, sibling: { ...text, multiple: true } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
    const [directory] = positionals;
    if (directory === undefined || values.base === undefined) throw new TypeError('Name a directory, and --base.');
    const siblings = Object.fromEntries((values.sibling ?? []).map((each) => each.split('=', 2)));
    const at = values.at ?? 'HEAD';
    const audit = await auditPullRequest({ directory, base: values.base, at, siblings, now: Date.now(), repo });
    const { report, newlyFailing, fresh } = audit;
    const summary = `${verdictOf(audit)}\n\n${reportAsMarkdown(report, { webUrl, newlyFailing })}`;
    if (values.summary) await writeFile(values.summary, summary, { flag: 'a' });
    if (values.sarif) await writeFile(values.sarif, reportAsSarif(report, { webUrl, fresh }));
    process.stdout.write(`${verdictOf(audit)}\n`);
    return exitStatus(audit);
  } catch (error) {
    if (isExpected(error)) process.stderr.write(`could not audit: ${error.message}\n`);
    else if (error instanceof TypeError) process.stderr.write(`${error.message}\n\n${USAGE}`);
    else throw error;
    return 2;
  }
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2));
