import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, parseTargets, type Target } from '../../src/config/targets.ts';
import { readFlags, runAsCommand } from '../shared/command-line.ts';
import { dashboardUrlIn } from '../shared/diagnosis/cloudflare.ts';
import { DIAGNOSES } from '../shared/diagnosis/diagnoses.ts';
import { checkHealth } from '../shared/diagnosis/worker.ts';
import { PROJECT, type Run, runIn } from '../shared/run.ts';
import { PLACEHOLDER } from '../shared/targets-file.ts';
import { showAudit } from './first-audit.ts';

const USAGE = `usage: npm run deploy [-- --dry-run]

Checks (a clean tree, bindings/targets.yaml, npm run check), deploys, and shows the first audit's result and the plan of its inbox;
the latter with DASHBOARD_TOKEN in the environment.

  --dry-run   everything but the deployment: bundles into dist/, and says how large it is and how long it takes to start`;

/** What deploying needs of the machine it runs on. */
export interface DeployPorts {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly print: (text: string) => void;
}

/** It was not deployed; the message says why and what to do. */
export class DeployRefused extends Error {
  override readonly name = 'DeployRefused';
}

/** Deploys what is committed and checked, and nothing else. Throws `DeployRefused`. */
export async function deploy({ dryRun }: { readonly dryRun: boolean }, ports: DeployPorts): Promise<void> {
  const { print } = ports;
  await requireCleanTree(ports);
  const targets = await requireTargets(ports, dryRun);
  print('checking: npm run check\n');
  await require(['npm', 'run', 'check'], 'npm run check fails: fix what it names, then deploy.', ports);
  if (dryRun) {
    await measure(ports);
    return;
  }
  const output = await require(['wrangler', 'deploy'], 'wrangler did not deploy; its last lines say why.', ports);
  const url = await urlOf(output, ports);
  print(url === undefined ? '\nDeployed.\n' : `\nDeployed: ${url}\n`);
  if (url !== undefined) await showFirstAudits(url, targets, ports);
}

/** Bundles without deploying, and prints size and start-up. */
export async function measure(ports: DeployPorts): Promise<void> {
  const bundling = ['wrangler', 'deploy', '--dry-run', '--outdir', 'dist'];
  const starting = ['wrangler', 'check', 'startup', '--outfile', 'dist/startup.cpuprofile'];
  const [bundle, startup] = await Promise.all([
    require(bundling, 'It does not bundle.', ports, false),
    require(starting, 'It does not start.', ports, false),
  ]);
  const [, size, zipped] = /Total Upload: (.+?) \/ gzip: (.+)/.exec(bundle) ?? [];
  const [, active] = /Active: ([\d.]+ ms)/.exec(startup) ?? [];
  ports.print(`bundle    ${size}, ${zipped} compressed (Cloudflare takes 64 MiB)\n`);
  ports.print(`start-up  ${active} of CPU on this machine (Cloudflare takes 1 s)\n`);
}

async function requireCleanTree({ run }: DeployPorts): Promise<void> {
  const { code, output } = await run(['git', 'status', '--porcelain']);
  if (code !== 0) throw new DeployRefused(`git says: ${output.trim()}`);
  if (output.trim() === '') return;
  throw new DeployRefused(
    `Not everything is committed, so nobody could tell what runs:\n${output.trimEnd()}\nCommit it, then deploy.`,
  );
}

async function requireTargets({ directory, print }: DeployPorts, dryRun: boolean): Promise<readonly Target[]> {
  try {
    const targets = parseTargets(await readFile(join(directory, 'bindings/targets.yaml'), 'utf8'));
    const isPlaceholder = targets.some(({ repo }) => repo === PLACEHOLDER);
    if (isPlaceholder && !dryRun)
      throw new DeployRefused(`bindings/targets.yaml still names ${PLACEHOLDER}: npm run setup`);
    for (const { repo, branch, inbox } of targets) print(`target    ${repo} (${branch}), inbox ${inbox}\n`);
    return targets;
  } catch (error) {
    if (error instanceof ConfigError) throw new DeployRefused(error.message);
    throw error;
  }
}

/** Runs a command that has to succeed; gives what it printed. */
async function require(
  command: readonly string[],
  otherwise: string,
  { run }: DeployPorts,
  show = true,
): Promise<string> {
  const { code, output } = await run(command, { show });
  if (code !== 0) throw new DeployRefused(show ? otherwise : `${otherwise}\n${output.trimEnd()}`);
  return output;
}

/** Where it answers: wrangler says so for workers.dev, `wrangler.toml` for a domain of one's own. */
async function urlOf(output: string, { directory }: DeployPorts): Promise<string | undefined> {
  const [url] = /https:\/\/[\w.-]+\.workers\.dev/.exec(output) ?? [];
  return url ?? (dashboardUrlIn(await readFile(join(directory, 'wrangler.toml'), 'utf8')) || undefined);
}

/** Waits for the Worker and shows one audit of each target. */
export async function showFirstAudits(
  url: string,
  targets: readonly Target[],
  { environment, print }: DeployPorts,
): Promise<void> {
  const { DASHBOARD_TOKEN: dashboardToken } = environment;
  if (!dashboardToken) {
    print(`With DASHBOARD_TOKEN in the environment, its first audit would be shown here. It is at ${url}\n`);
    return;
  }
  await untilAnswering(url);
  for (const { repo } of targets) await showAudit({ url, repo, dashboardToken, print });
}

/** A new name takes a while to be known. */
async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { diagnosis, text } = await checkHealth(url);
    const isThere = diagnosis !== 'worker-unreachable' && diagnosis !== 'not-lanekeeper';
    if (diagnosis === null) return;
    if (isThere || attempt === 20)
      throw new DeployRefused(`It is deployed, but ${text}.\n→ ${DIAGNOSES[diagnosis].remedy}`);
    await sleep(3000);
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const print = (text: string) => void process.stdout.write(text);
  try {
    const { 'dry-run': dryRun = false } = readFlags(argv, { 'dry-run': { type: 'boolean' } });
    const ports = { directory: PROJECT, environment: process.env, run: runIn(PROJECT), print };
    await deploy({ dryRun }, ports);
    return 0;
  } catch (error) {
    if (!(error instanceof DeployRefused)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

if (process.argv[1] === import.meta.filename) await runAsCommand(USAGE, main);
