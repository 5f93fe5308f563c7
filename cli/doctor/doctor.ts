import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import { ConfigError, parseTargets, type Target } from '../../src/config/targets.ts';
import { plural } from '../../src/core/text/plural.ts';
import { credentialsOf } from '../../src/open-target.ts';
import { readFlags, runAsCommand, UsageError } from '../shared/command-line.ts';
import { checkCloudflare, checkWranglerToml } from '../shared/diagnosis/cloudflare.ts';
import { checkTarget } from '../shared/diagnosis/github.ts';
import { type Line, type Lines, ok, printLine, warning, wrong } from '../shared/diagnosis/lines.ts';
import { checkWorker } from '../shared/diagnosis/worker.ts';
import { PROJECT, type Run, runIn } from '../shared/run.ts';
import { type Environment, readSettings } from '../shared/settings.ts';
import { PLACEHOLDER } from '../shared/targets-file.ts';

const USAGE = `usage: npm run doctor [-- [--url https://<your worker>] [--read-only]]

  --url        asks the deployed Worker too
  --read-only  tries no write at GitHub (the write it tries otherwise is one that GitHub must refuse)

Credentials come from the environment, for this one command: GITHUB_TOKEN, or GITHUB_APP_ID with
GITHUB_APP_PRIVATE_KEY or GITHUB_APP_PRIVATE_KEY_FILE; WEBHOOK_SECRET, DASHBOARD_TOKEN and, where
hosts report, RESULTS_SECRET with --url.

exit status: 0 nothing is wrong, 1 something is, 2 the command line was not understood`;

export interface DoctorOptions {
  readonly url: string | undefined;
  readonly readOnly: boolean;
}

/** What doctor needs of the machine it runs on. */
export interface DoctorPorts {
  /** The project, with `bindings/targets.yaml` and `wrangler.toml`. */
  readonly directory: string;
  readonly environment: Environment;
  readonly run: Run;
  readonly now: () => number;
}

/** Looks at everything that an audit needs, before and after deploying. */
export async function* examine({ url, readOnly }: DoctorOptions, ports: DoctorPorts): Lines {
  const { directory, environment, run, now } = ports;
  const targets: Target[] = [];
  for (const line of await readTargets(directory, targets)) yield line;
  yield* checkWranglerToml(await readFile(join(directory, 'wrangler.toml'), 'utf8'));
  const settings = await givenSettings(environment);
  if ('state' in settings) yield settings;
  else {
    const options = { apiUrl: settings.GITHUB_API_URL, now, readOnly };
    for (const target of targets) yield* checkTarget(target, credentialsOf(settings), options);
  }
  yield* checkCloudflare(run);
  if (url === undefined) yield warning('worker', 'no-url');
  else {
    const {
      DASHBOARD_TOKEN: dashboardToken,
      WEBHOOK_SECRET: webhookSecret,
      RESULTS_SECRET: resultsSecret,
    } = environment;
    const secrets = { dashboardToken, webhookSecret, resultsSecret };
    yield* checkWorker({ url: url.replace(/\/+$/, ''), targets, ...secrets, now });
  }
}

async function readTargets(directory: string, targets: Target[]): Promise<readonly Line[]> {
  try {
    targets.push(...parseTargets(await readFile(join(directory, 'bindings/targets.yaml'), 'utf8')));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [wrong('config', 'targets-mistaken', error.message)];
  }
  if (targets.some(({ repo }) => repo === PLACEHOLDER)) return [wrong('config', 'targets-placeholder')];
  return [ok('config', `${plural(targets.length, 'target')} in bindings/targets.yaml`)];
}

/** The settings that the environment holds, or the line that says why there are none. */
async function givenSettings(environment: Environment): Promise<Settings | Line> {
  try {
    return (await readSettings(environment)) ?? warning('github', 'no-credentials');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return wrong('github', 'credentials-mistaken', error.message);
  }
}

/** Prints each line as it is found out; 1 when something is wrong. */
export async function doctor(
  options: DoctorOptions,
  ports: DoctorPorts,
  print: (text: string) => void,
): Promise<number> {
  const counts = { ok: 0, warning: 0, wrong: 0 };
  for await (const line of examine(options, ports)) {
    counts[line.state] += 1;
    print(printLine(line));
  }
  print(`\n${counts.ok} ok, ${counts.warning} warnings, ${counts.wrong} wrong\n`);
  return counts.wrong > 0 ? 1 : 0;
}

async function main(argv: readonly string[]): Promise<number> {
  const print = (text: string) => void process.stdout.write(text);
  const { url, 'read-only': readOnly = false } = readFlags(argv, {
    url: { type: 'string' },
    'read-only': { type: 'boolean' },
  });
  if (url !== undefined && !URL.canParse(url)) throw new UsageError(`--url ${url} is not a URL.`);
  const ports = { directory: PROJECT, environment: process.env, run: runIn(PROJECT), now: Date.now };
  return doctor({ url, readOnly }, ports, print);
}

if (process.argv[1] === import.meta.filename) await runAsCommand(USAGE, main);
