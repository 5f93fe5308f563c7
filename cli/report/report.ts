import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { problemLine } from '../../src/core/declaration.ts';
import { visible } from '../../src/core/text/neutral.ts';
import { plural } from '../../src/core/text/plural.ts';
import { resultsKey } from '../../src/reported/hmac.ts';
import type { ReportedResult } from '../../src/reported/results.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { isExpected } from '../shared/audit-clone.ts';
import { type Checkout, checkOut } from '../shared/checkout.ts';
import { runAsCommand, UsageError } from '../shared/command-line.ts';
import { runCommand } from '../shared/run-script.ts';
import { standIns } from '../shared/stand-ins.ts';
import { type KeyArguments, parseReportArguments, type ReportArguments, USAGE } from './arguments.ts';
import { type Job, workFor } from './jobs.ts';
import { NotPosted, postResults } from './post.ts';
import { bodiesOf, resultOf, steady } from './result.ts';

async function reportCommand(options: ReportArguments): Promise<number> {
  const at = new Date().toISOString();
  const stopping = stoppedBySignal();
  const checkout = await checkOut(options.directory, options.at);
  try {
    const { jobs, mistakes } = await workFor({ ...options, at: checkout.sha });
    for (const mistake of mistakes) process.stderr.write(`cannot be used: ${visible(problemLine(mistake))}\n`);
    if (jobs.length === 0) {
      process.stdout.write('There is no gate to run: an audit checks all of them by itself. --all runs them here.\n');
      return mistakes.length > 0 ? 2 : 0;
    }
    const results = await runAll(jobs, checkout, resolve(options.directory), stopping);
    const isWhole = results.length === jobs.length;
    process.stdout.write(
      `${totalsOf(results)}${isWhole ? '' : `; stopped after ${results.length} of ${plural(jobs.length, 'gate')}`}\n`,
    );
    if (results.length === 0) return 2;
    await hand(results, { at, sha: checkout.sha }, options);
    if (!isWhole) return 2;
    if (results.some(({ verdict }) => verdict !== 'pass')) return 1;
    return mistakes.length > 0 ? 2 : 0;
  } finally {
    await checkout.remove();
  }
}

/** Aborted by the first SIGINT or SIGTERM: what has run by then is still reported. The second one ends the process. */
function stoppedBySignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/** Runs one gate after the other, each in a checkout as the commit has it. */
async function runAll(
  jobs: readonly Job[],
  checkout: Checkout,
  clone: string,
  signal: AbortSignal,
): Promise<readonly ReportedResult[]> {
  const { directory, restore } = checkout;
  const { entries } = await directorySnapshot(directory, 'HEAD');
  const place = { isFile: (path: string) => entries.has(path), root: directory, clone };
  const tools = await standIns(`${directory}-tools`);
  const runOnce = async (job: Job): Promise<ReportedResult> => {
    const { environment } = tools;
    const run = await runCommand(job.command, { directory, timeout: job.timeout, environment, signal });
    const lacked = await tools.called();
    await restore();
    return resultOf(job, lacked === null ? run : { ...run, status: null, problem: lacked }, place);
  };
  const results: ReportedResult[] = [];
  for (const job of jobs) {
    if (signal.aborted) break;
    const first = await runOnce(job);
    const result = first.verdict === 'fail' ? steady(first, await runOnce(job)) : first;
    if (signal.aborted) break;
    results.push(result);
    process.stdout.write(lineOf(job, result));
  }
  return results;
}

function lineOf({ gate, name }: Job, { verdict, reason, findings }: ReportedResult): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  const shown = findings.slice(0, 5).map(({ message }) => `      ${message.split('\n', 1)[0]}\n`);
  const rest = findings.length > shown.length ? `      … and ${findings.length - shown.length} more\n` : '';
  return `${verdict.padEnd(5)} ${gate === name ? gate : `${gate} ${name}`}${why}\n${shown.join('')}${rest}`;
}

function totalsOf(results: readonly ReportedResult[]): string {
  const count = (wanted: ReportedResult['verdict']) => results.filter(({ verdict }) => verdict === wanted).length;
  return `${count('pass')} pass, ${count('fail')} fail, ${count('blind')} blind`;
}

/** Writes and posts what was asked for. Throws `NotPosted`. */
async function hand(
  results: readonly ReportedResult[],
  { at, sha }: { readonly at: string; readonly sha: string },
  { runner, output, post, repo }: ReportArguments,
): Promise<void> {
  const head = { schemaVersion: 1, sha, at, runner } as const;
  if (output !== undefined) await writeFile(output, JSON.stringify({ ...head, results }));
  if (post === undefined || repo === undefined) return;
  for (const body of bodiesOf(head, results)) await postResults(body, post, repo, process.env);
  process.stdout.write(`posted ${plural(results.length, 'result')} to ${post} for ${repo}\n`);
}

/** The key that the Worker derives from the same secret. */
async function printKey({ key, generation }: KeyArguments): Promise<number> {
  const { RESULTS_SECRET: secret = '' } = process.env;
  if (secret.length < 16)
    throw new UsageError('Set RESULTS_SECRET to the secret of the Worker, at least 16 characters.');
  process.stdout.write(`${await resultsKey(secret, key, generation)}\n`);
  return 0;
}

await runAsCommand(USAGE, async (argv) => {
  try {
    const options = parseReportArguments(argv);
    return 'key' in options ? await printKey(options) : await reportCommand(options);
  } catch (error) {
    if (!(error instanceof NotPosted || isExpected(error))) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
});
