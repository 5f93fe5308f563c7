import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, parseTargets, type Target } from '../../src/config/targets.ts';
import { DIAGNOSES } from '../shared/diagnosis/diagnoses.ts';
import { leftBehind } from '../shared/diagnosis/worker.ts';
import { runIn } from '../shared/run.ts';
import { PLACEHOLDER } from '../shared/targets-file.ts';

const USAGE = `usage: npm run check:config [-- [<file>] [--url https://<your worker>]]

  <file>  bindings/targets.yaml when absent
  --url   asks the deployed Worker which targets it would leave behind; DASHBOARD_TOKEN is in the environment
`;

interface Options {
  readonly path: string;
  readonly url: string | undefined;
  readonly dashboardToken: string | undefined;
}

/** Names every mistake in the configuration, and what a target that was taken out leaves behind. Throws `ConfigError`. */
async function checkConfig({ path, url, dashboardToken }: Options): Promise<void> {
  const targets = parseTargets(await readFile(path, 'utf8'));
  for (const { repo, branch, inbox, siblings } of targets) {
    const through = Object.entries(siblings).map(([name, sibling]) => `${name} = ${sibling.repo}`);
    console.log(`${repo} (${branch}): inbox ${inbox}${through.length > 0 ? `, siblings ${through.join(', ')}` : ''}`);
  }
  const repos = targets.map(({ repo }) => repo);
  const removed = await removedSinceCommit(path, targets);
  const stored = url && dashboardToken ? await leftBehind({ url, dashboardToken, targets: repos }) : [];
  for (const repo of new Set([...removed, ...stored])) {
    const { says, remedy } = DIAGNOSES['left-behind'];
    console.log(`${repo}: ${says}\n  → ${remedy}`);
  }
}

/** Targets that the last commit still has. */
async function removedSinceCommit(path: string, targets: readonly Target[]): Promise<readonly string[]> {
  const { code, output } = await runIn(dirname(path))(['git', 'show', `HEAD:./${path.split(/[\\/]/).at(-1)}`]);
  if (code !== 0) return [];
  const kept = new Set(targets.map(({ repo }) => repo.toLowerCase()));
  try {
    const before = parseTargets(output).map(({ repo }) => repo);
    return before.filter((repo) => repo !== PLACEHOLDER && !kept.has(repo.toLowerCase()));
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' } } });
  const [path = join(import.meta.dirname, '../../bindings/targets.yaml')] = positionals;
  const { DASHBOARD_TOKEN: dashboardToken } = process.env;
  await checkConfig({ path: resolve(path), url: values.url?.replace(/\/+$/, ''), dashboardToken });
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error;
  if (!isUsage && !(error instanceof ConfigError)) throw error;
  console.error(isUsage ? `${error.message}\n\n${USAGE}` : error.message);
  process.exitCode = isUsage ? 2 : 1;
}
