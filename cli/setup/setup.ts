import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, parseTargets, type Target } from '../../src/config/targets.ts';
import type { Credentials } from '../../src/github/credentials.ts';
import { oneOf, runAsCommand, UsageError } from '../shared/command-line.ts';
import { dashboardUrlIn, heldSecrets, isLoggedIn } from '../shared/diagnosis/cloudflare.ts';
import { checkTarget } from '../shared/diagnosis/github.ts';
import { printLine } from '../shared/diagnosis/lines.ts';
import { PROJECT, runIn } from '../shared/run.ts';
import { PLACEHOLDER, withTarget } from '../shared/targets-file.ts';
import {
  asRepo,
  asRepoOrNone,
  checksIn,
  parseSetupArguments,
  REPORTS,
  type SetupArguments,
  toOrigin,
  USAGE,
} from './arguments.ts';
import { type Ask, askAtTerminal, askNobody, UnansweredError } from './ask.ts';
import { chooseApp, chooseToken } from './credentials.ts';
import { type SetupPorts, SetupStopped } from './ports.ts';
import { CHECKS_NEED, endingText, printedSteps, type Secret, secretCommand, withDashboardUrl } from './steps.ts';

/** From nothing to a configured Worker: asks what it must, shows what it does, keeps no secret on this machine. */
export async function setup(given: SetupArguments, ports: SetupPorts): Promise<void> {
  const { print, environment } = ports;
  const webUrl = environment.GITHUB_WEB_URL ?? 'https://github.com';
  const repo =
    given.repo ?? (await askUntil('Which repository is to be audited? owner/name', undefined, asRepo, ports));
  const target = await writeTargets(repo, given, ports);
  const readsChecks = target.checks.length > 0;
  const workerUrl = await chooseUrl(given, ports);
  const auth = given.auth ?? (await askOneOf('A GitHub App or a token? app/token', ['app', 'token'], ports));
  const reports = given.reports ?? (await askOneOf(REPORTS_QUESTION, REPORTS, ports));
  if (readsChecks) print(CHECKS_NEED[auth]);
  if (given.printOnly) {
    print(printedSteps({ repo, auth, reports, webUrl }));
    const nothingYet = { app: undefined, shown: [], hasGates: false };
    print(endingText({ repo, webUrl, workerUrl, auth, reports, generation: target.resultsKey, ...nothingYet }));
    return;
  }
  if (!(await isLoggedIn(ports.run))) throw new SetupStopped('Run `npx wrangler login`, then this command again.');
  const chosen =
    auth === 'token'
      ? await chooseToken(repo, webUrl, ports)
      : await chooseApp({ repo, workerUrl, readsChecks }, given, ports);
  await tryCredentials(target, chosen.credentials, ports);
  const shown = [
    ...(await storeSecrets(chosen.secrets, auth, ports)),
    ...(reports === 'machine' ? await storeResultsSecret(ports) : []),
  ];
  await commit(repo, ports);
  const hasGates = await writeGates(repo, ports);
  print('Next: npm run deploy\n');
  const ending = { repo, webUrl, workerUrl, auth, reports, generation: target.resultsKey };
  print(endingText({ ...ending, app: chosen.app, hasGates, shown }));
}

const REPORTS_QUESTION = 'What runs gates that an audit cannot check, or posts facts? none/workflow/machine';

/** Asks again, and says why, until `read` takes the answer. */
async function askUntil<Value>(
  question: string,
  fallback: string | undefined,
  read: (answer: string) => Value,
  { ask, print }: SetupPorts,
): Promise<Value> {
  for (;;) {
    const answer = await ask.text(question, fallback);
    try {
      return read(answer);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      print(`${error.message}\n`);
    }
  }
}

/** The first of the answers is the one that Enter gives. */
function askOneOf<const Value extends string>(
  question: string,
  answers: readonly Value[],
  ports: SetupPorts,
): Promise<Value> {
  return askUntil(question, answers[0], (answer) => oneOf('The answer', answer, answers), ports);
}

/** Writes the target into its file and gives it as it stands there. */
async function writeTargets(repo: string, given: SetupArguments, ports: SetupPorts): Promise<Target> {
  const { directory, ask, print } = ports;
  const path = join(directory, 'bindings/targets.yaml');
  const before = await readFile(path, 'utf8').catch(() => '');
  const isNew = before.includes(PLACEHOLDER) || !before.includes(repo);
  const branch = given.branch ?? (isNew ? await ask.text('Which branch?', 'main') : undefined);
  const workbench =
    isNew && given.repo === undefined
      ? await askUntil('A workbench repository that its gates read, too? owner/name or', 'none', asRepoOrNone, ports)
      : undefined;
  const siblings = workbench === undefined ? given.siblings : { workbench, ...given.siblings };
  const checks = given.checks ?? (isNew && given.repo === undefined ? await askChecks(ask) : undefined);
  const inbox = given.inbox ?? (isNew ? 'dry-run' : undefined);
  const text = withTarget(before, { repo, branch, siblings, checks, inbox });
  const target = parseTargets(text).find((each) => each.repo.toLowerCase() === repo.toLowerCase());
  if (!target) throw new SetupStopped(`bindings/targets.yaml does not name ${repo} after it was written.`);
  await writeFile(path, text);
  print(`bindings/targets.yaml names ${repo}\n`);
  return target;
}

/** Separated by semicolons: the names of jobs of a matrix hold commas. Undefined where there are none, so that nothing is written. */
async function askChecks(ask: Ask): Promise<readonly string[] | undefined> {
  const answer = await ask.text('Which checks of CI count as gates? their names, with ; between them, or', 'none');
  const checks = checksIn(answer.split(';'));
  return checks.length > 0 ? checks : undefined;
}

async function chooseUrl(given: SetupArguments, ports: SetupPorts): Promise<string | undefined> {
  const { directory, print } = ports;
  const path = join(directory, 'wrangler.toml');
  const text = await readFile(path, 'utf8');
  const known = dashboardUrlIn(text);
  const question = 'Where will it answer? https://lanekeeper.<your subdomain>.workers.dev, or';
  const asOrigin = (answer: string) => (answer === 'later' ? undefined : toOrigin(answer));
  const url = given.url ?? (await askUntil(question, known || 'later', asOrigin, ports));
  if (url === undefined) return undefined;
  if (url !== known) {
    await writeFile(path, withDashboardUrl(text, url));
    print(`wrangler.toml says DASHBOARD_URL = "${url}"\n`);
  }
  return url;
}

/** Nothing is stored that does not work. */
async function tryCredentials(target: Target, credentials: Credentials, ports: SetupPorts): Promise<void> {
  const { environment, ask, print } = ports;
  const options = { apiUrl: environment.GITHUB_API_URL ?? 'https://api.github.com', now: Date.now, readOnly: false };
  let isSound = true;
  for await (const line of checkTarget(target, credentials, options)) {
    print(printLine(line));
    // An app is handed over once, and may be installed at any time.
    if (line.state === 'wrong' && line.diagnosis !== 'app-not-installed') isSound = false;
  }
  if (isSound) return;
  const answer = await ask.text('Something is wrong. Type `anyway` to go on all the same, or', 'stop');
  if (answer !== 'anyway') throw new SetupStopped('Nothing was stored.');
}

/**
 * The secret that results keys are made from, put into the Worker and given to be shown. One that the Worker holds stays:
 * a new one would make the keys of other repositories worthless.
 */
async function storeResultsSecret({ run, print, environment }: SetupPorts): Promise<readonly Secret[]> {
  const name = 'RESULTS_SECRET';
  const { [name]: known } = environment;
  if (!known && (await heldSecrets(run))?.includes(name)) {
    print(`the Worker holds ${name} already; the key is made from the value that you kept\n`);
    return [];
  }
  const secret = { name, value: known || randomBytes(24).toString('base64url') };
  await storeSecret(secret, run, print);
  return known ? [] : [secret];
}

/** Puts the secrets into the Worker; gives those that were made here and that a person needs. */
async function storeSecrets(
  known: readonly Secret[],
  auth: 'token' | 'app',
  { run, print }: SetupPorts,
): Promise<readonly Secret[]> {
  const generated = (name: string) => ({ name, value: randomBytes(24).toString('base64url') });
  const hasHook = known.some(({ name }) => name === 'WEBHOOK_SECRET');
  const made = [...(hasHook ? [] : [generated('WEBHOOK_SECRET')]), generated('DASHBOARD_TOKEN')];
  for (const secret of [...known, ...made]) await storeSecret(secret, run, print);
  return auth === 'app' && hasHook ? made.filter(({ name }) => name !== 'WEBHOOK_SECRET') : made;
}

async function storeSecret({ name, value }: Secret, run: SetupPorts['run'], print: SetupPorts['print']): Promise<void> {
  const { code, output } = await run(secretCommand(name), { input: value });
  if (code !== 0) throw new SetupStopped(`wrangler could not store ${name}:\n${output.replaceAll(value, '…')}`);
  print(`stored ${name}\n`);
}

async function commit(repo: string, { run, ask, print }: SetupPorts): Promise<void> {
  const files = ['bindings/targets.yaml', 'wrangler.toml'];
  const { output } = await run(['git', 'status', '--porcelain', '--', ...files]);
  if (output.trim() === '') return;
  if (!(await ask.confirm(`Commit ${files.join(' and ')}? A deploy wants a clean tree.`))) return;
  const { code, output: said } = await run(['git', 'commit', '--quiet', '-m', `Audit ${repo}`, '--', ...files]);
  if (code !== 0) throw new SetupStopped(`git could not commit:\n${said}`);
  print('committed\n');
}

/** Offers a first gate file for a clone on this machine; whether there is one now. */
async function writeGates(repo: string, { run, ask, print, environment }: SetupPorts): Promise<boolean> {
  const question = `A first lanekeeper.yaml for ${repo}, with gates that pass today: where is your clone? its folder, or`;
  const clone = await ask.text(question, 'later');
  if (clone === 'later') return false;
  // No shell is there to know what `~` means.
  const folder = clone.replace(/^~(?=\/|$)/, environment.HOME ?? '~');
  const { code, output } = await run(['npm', 'run', '--silent', 'init', '--', folder]);
  print(`${output.trimEnd()}\n`);
  return code === 0;
}

async function main(argv: readonly string[]): Promise<number> {
  let ask: Ask | undefined;
  try {
    const given = parseSetupArguments(argv);
    const isAlone = given.yes || given.printOnly || process.stdin.isTTY !== true;
    ask = isAlone ? askNobody(given.yes) : askAtTerminal(stopped);
    const print = (text: string) => void process.stdout.write(text);
    await setup(given, { directory: PROJECT, environment: process.env, run: runIn(PROJECT), ask, print });
    return 0;
  } catch (error) {
    if (error instanceof UnansweredError) throw new UsageError(error.message);
    if (!(error instanceof SetupStopped || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    ask?.close();
  }
}

/** Ctrl-C and Ctrl-D: every file is written whole and every secret stored at once, so nothing is half done. */
function stopped(): never {
  process.stderr.write('\nStopped. What was written stays; the same command goes on from there.\n');
  process.exit(130);
}

if (process.argv[1] === import.meta.filename) await runAsCommand(USAGE, main);
