import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegisteredGate } from '../../src/audit/registry/governance.ts';
import { resultsKey } from '../../src/reported/hmac.ts';
import type { ReportedResult } from '../../src/reported/results.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { cloneAuditor, isExpected } from '../shared/audit-clone.ts';
import { type Checkout, checkOut } from '../shared/checkout.ts';
import { registeredGates } from '../shared/registry.ts';
import { runScript, type ScriptRun } from '../shared/run-script.ts';
import { missingTool } from '../shared/tools.ts';
import { UsageError } from '../shared/usage.ts';
import { type KeyArguments, parseReportArguments, type ReportArguments, USAGE } from './arguments.ts';
import { NotPosted, postResults } from './post.ts';
import { bodyOf, resultOf } from './result.ts';

async function reportCommand(options: ReportArguments): Promise<number> {
  const startedAt = new Date();
  const checkout = await checkOut(options.directory, options.at);
  try {
    const results = await runAll(await gatesToRun(options), checkout, options);
    if (results.length === 0) {
      process.stdout.write(
        'There is no gate to run: an audit checks all of them by itself. --all runs them here, too.\n',
      );
      return 0;
    }
    const { sha } = checkout;
    const body = bodyOf({ schemaVersion: 1, sha, at: startedAt.toISOString(), runner: options.runner, results });
    if (options.output !== undefined) await writeFile(options.output, body);
    if (options.post !== undefined && options.repo !== undefined) {
      await postResults(body, options.post, options.repo, process.env);
      process.stdout.write(`posted to ${options.post} for ${options.repo}\n`);
    }
    return results.every(({ verdict }) => verdict === 'pass') ? 0 : 1;
  } finally {
    await checkout.remove();
  }
}

/** The registered gates that were asked for; by default those that an audit is blind for, or does not know at all. */
async function gatesToRun({
  directory,
  at,
  gates,
  all,
  siblings,
}: ReportArguments): Promise<readonly RegisteredGate[]> {
  const now = Date.now();
  const registered = await registeredGates(await directorySnapshot(directory, at), now);
  const runnable = registered.filter(({ isRetired, isInline, script }) => !isRetired && !isInline && script !== '');
  const unknown = gates.find((wanted) => !runnable.some(({ id, name }) => id === wanted || name === wanted));
  if (unknown !== undefined) throw new UsageError(`--gate ${unknown} is not a gate with a script of this repo.`);
  if (gates.length > 0) return runnable.filter(({ id, name }) => gates.includes(id) || gates.includes(name));
  if (all) return runnable;
  const audit = await cloneAuditor({ directory, siblings, now, governance: 'repo' });
  const { report } = await audit(at);
  const checked = report.gates.filter(
    ({ verdict, unverified }) => !unverified && (verdict === 'pass' || verdict === 'fail'),
  );
  const names = new Set(checked.map(({ name }) => name));
  return runnable.filter(({ name }) => !names.has(name));
}

async function runAll(
  gates: readonly RegisteredGate[],
  checkout: Checkout,
  { timeout }: ReportArguments,
): Promise<readonly ReportedResult[]> {
  const { entries } = await directorySnapshot(checkout.directory, 'HEAD');
  const isFile = (path: string) => entries.has(path);
  const results: ReportedResult[] = [];
  for (const { id, name, script } of gates) {
    const run = await runGate(script, checkout.directory, timeout);
    const result = resultOf(id, run, { isFile, root: checkout.directory });
    results.push(result);
    process.stdout.write(
      `${result.verdict.padEnd(5)} ${id} ${name}${result.reason === undefined ? '' : `: ${result.reason}`}\n`,
    );
  }
  return results;
}

/** The key that the Worker derives from the same secret. */
async function printKey({ key, generation }: KeyArguments): Promise<number> {
  const { RESULTS_SECRET: secret = '' } = process.env;
  if (secret.length < 16)
    throw new UsageError('Set RESULTS_SECRET to the secret of the Worker, at least 16 characters.');
  if (!/^[\w.-]+\/[\w.-]+$/.test(key)) throw new UsageError('--key must be owner/name.');
  process.stdout.write(`${await resultsKey(secret, key, generation)}\n`);
  return 0;
}

async function runGate(script: string, directory: string, timeout: number): Promise<ScriptRun> {
  const text = await readFile(join(directory, script), 'utf8').catch(() => undefined);
  const problem = text === undefined ? `${script} does not exist` : await missingTool(text);
  return problem === null ? runScript(script, { directory, timeout }) : { status: null, problem, output: '' };
}

try {
  const options = parseReportArguments(process.argv.slice(2));
  process.exitCode = 'key' in options ? await printKey(options) : await reportCommand(options);
} catch (error) {
  const isKnown = error instanceof UsageError || error instanceof NotPosted || isExpected(error);
  if (!isKnown && !(error instanceof Error && /^fatal: |not a git repository/.test(error.message))) throw error;
  const usage = error instanceof UsageError ? `\n${USAGE}\n` : '';
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
  process.exitCode = 2;
}
