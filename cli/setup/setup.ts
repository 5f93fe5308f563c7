import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, parseTargets } from '../../src/config/targets.ts';
import { toPkcs8 } from '../../src/github/app-key.ts';
import type { Credentials } from '../../src/github/credentials.ts';
import { runAsCommand, UsageError } from '../shared/command-line.ts';
import { dashboardUrlIn, isLoggedIn } from '../shared/diagnosis/cloudflare.ts';
import { checkTarget } from '../shared/diagnosis/github.ts';
import { printLine } from '../shared/diagnosis/lines.ts';
import { PROJECT, type Run, runIn } from '../shared/run.ts';
import { PLACEHOLDER, withTarget } from '../shared/targets-file.ts';
import { serveAppPage } from './app.ts';
import { parseSetupArguments, REPO_NAME, type SetupArguments, toOrigin, USAGE } from './arguments.ts';
import { type Ask, askAtTerminal, askNobody, UnansweredError } from './ask.ts';
import { type Ending, endingText, type Secret, secretCommand, tokenFormUrl, withDashboardUrl } from './steps.ts';

/** What setup needs of the machine it runs on. */
export interface SetupPorts {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly ask: Ask;
  readonly print: (text: string) => void;
}

/** Setup cannot go on; the message says what to do. */
export class SetupStopped extends Error {
  override readonly name = 'SetupStopped';
}

interface Chosen {
  readonly credentials: Credentials;
  readonly secrets: readonly Secret[];
  readonly app: Ending['app'];
}

/** From nothing to a configured Worker: asks what it must, shows what it does, keeps no secret on this machine. */
export async function setup(given: SetupArguments, ports: SetupPorts): Promise<void> {
  const { ask, print, environment } = ports;
  const webUrl = environment.GITHUB_WEB_URL ?? 'https://github.com';
  const repo = given.repo ?? (await askRepo(ask));
  await writeTargets(repo, given, ports);
  const workerUrl = await chooseUrl(given, ports);
  const auth =
    given.auth ?? ((await ask.text('A GitHub App or a token? app/token', 'app')) === 'token' ? 'token' : 'app');
  if (given.printOnly) {
    print(printedSteps(repo, auth, webUrl));
    print(endingText({ repo, webUrl, workerUrl, auth, app: undefined, shown: [] }));
    return;
  }
  if (!(await isLoggedIn(ports.run))) throw new SetupStopped('Run `npx wrangler login`, then this command again.');
  const chosen =
    auth === 'token' ? await chooseToken(repo, webUrl, ports) : await chooseApp(repo, given, workerUrl, ports);
  await tryCredentials(repo, chosen.credentials, ports);
  const shown = await storeSecrets(chosen.secrets, auth, ports);
  await commit(repo, ports);
  print('Next: npm run deploy\n');
  print(endingText({ repo, webUrl, workerUrl, auth, app: chosen.app, shown }));
}

async function askRepo(ask: Ask): Promise<string> {
  for (;;) {
    const repo = await ask.text('Which repository is to be audited? owner/name');
    if (REPO_NAME.test(repo)) return repo;
  }
}

async function writeTargets(repo: string, given: SetupArguments, { directory, ask, print }: SetupPorts): Promise<void> {
  const path = join(directory, 'bindings/targets.yaml');
  const before = await readFile(path, 'utf8').catch(() => '');
  const isNew = before.includes(PLACEHOLDER) || !before.includes(repo);
  const branch = given.branch ?? (isNew ? await ask.text('Which branch?', 'main') : undefined);
  const workbench =
    isNew && given.repo === undefined
      ? await ask.text('Its workbench, if gates read through one? owner/name or', 'none')
      : 'none';
  const siblings = REPO_NAME.test(workbench) ? { workbench, ...given.siblings } : given.siblings;
  const text = withTarget(before, { repo, branch, siblings, inbox: given.inbox ?? (isNew ? 'dry-run' : undefined) });
  parseTargets(text);
  await writeFile(path, text);
  print(`bindings/targets.yaml names ${repo}\n`);
}

async function chooseUrl(given: SetupArguments, { directory, ask, print }: SetupPorts): Promise<string | undefined> {
  const path = join(directory, 'wrangler.toml');
  const text = await readFile(path, 'utf8');
  const known = dashboardUrlIn(text);
  const asked =
    given.url ??
    (await ask.text('Where will it answer? https://lanekeeper.<your subdomain>.workers.dev, or', known || 'later'));
  if (asked === 'later') return undefined;
  const url = toOrigin(asked);
  if (url !== known) {
    await writeFile(path, withDashboardUrl(text, url));
    print(`wrangler.toml says DASHBOARD_URL = "${url}"\n`);
  }
  return url;
}

async function chooseToken(repo: string, webUrl: string, { environment, ask, print }: SetupPorts): Promise<Chosen> {
  const known = environment.GITHUB_TOKEN;
  if (!known) print(`\nMake a token, for ${repo} and its siblings only:\n${tokenFormUrl(webUrl, repo)}\n\n`);
  const token = known || (await ask.secret('Paste it here; it is not shown:'));
  return { credentials: { kind: 'token', token }, secrets: [{ name: 'GITHUB_TOKEN', value: token }], app: undefined };
}

async function chooseApp(
  repo: string,
  { appId, appKey }: SetupArguments,
  workerUrl: string | undefined,
  { environment, ask, print }: SetupPorts,
): Promise<Chosen> {
  const { GITHUB_API_URL: apiUrl = 'https://api.github.com', GITHUB_WEB_URL: webUrl = 'https://github.com' } =
    environment;
  const [owner = ''] = repo.split('/');
  if (appId !== undefined && appKey !== undefined) return appWith(appId, await readFile(appKey, 'utf8'), []);
  const page = await serveAppPage({ owner, workerUrl, apiUrl, webUrl });
  try {
    print(`\nOpen ${page.url} in a browser on this machine, and come back.\n`);
    const { id, slug, pem, webhookSecret, pageUrl } = await page.app;
    const secrets = webhookSecret ? [{ name: 'WEBHOOK_SECRET', value: webhookSecret }] : [];
    print(`\n${slug} is made. Install it on ${repo}: ${pageUrl}/installations/new\n`);
    await ask.text('Enter, once it is installed.', 'yes');
    return { ...appWith(String(id), pem, secrets), app: { slug, pageUrl } };
  } finally {
    await page.close();
  }
}

/** GitHub hands out PKCS#1, some tools make PKCS#8 of it: the Worker gets PKCS#8. */
function appWith(appId: string, pem: string, more: readonly Secret[]): Chosen {
  const privateKey = readKey(pem);
  const own = [
    { name: 'GITHUB_APP_ID', value: appId },
    { name: 'GITHUB_APP_PRIVATE_KEY', value: privateKey },
  ];
  return { credentials: { kind: 'app', appId, privateKey }, secrets: [...own, ...more], app: undefined };
}

function readKey(pem: string): string {
  try {
    return toPkcs8(pem);
  } catch {
    throw new SetupStopped('That is not a private key: name the .pem file as GitHub let you download it.');
  }
}

/** Nothing is stored that does not work. */
async function tryCredentials(repo: string, credentials: Credentials, ports: SetupPorts): Promise<void> {
  const { directory, environment, ask, print } = ports;
  const targets = parseTargets(await readFile(join(directory, 'bindings/targets.yaml'), 'utf8'));
  const target = targets.find((each) => each.repo.toLowerCase() === repo.toLowerCase());
  if (!target) return;
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

/** Puts the secrets into the Worker; gives those that were made here and that a person needs. */
async function storeSecrets(
  known: readonly Secret[],
  auth: 'token' | 'app',
  { run, print }: SetupPorts,
): Promise<readonly Secret[]> {
  const generated = (name: string) => ({ name, value: randomBytes(24).toString('base64url') });
  const hasHook = known.some(({ name }) => name === 'WEBHOOK_SECRET');
  const made = [...(hasHook ? [] : [generated('WEBHOOK_SECRET')]), generated('DASHBOARD_TOKEN')];
  for (const { name, value } of [...known, ...made]) {
    const { code, output } = await run(secretCommand(name), { input: value });
    if (code !== 0) throw new SetupStopped(`wrangler could not store ${name}:\n${output.replaceAll(value, '…')}`);
    print(`stored ${name}\n`);
  }
  return auth === 'app' && hasHook ? made.filter(({ name }) => name !== 'WEBHOOK_SECRET') : made;
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

function printedSteps(repo: string, auth: 'token' | 'app', webUrl: string): string {
  const names = auth === 'app' ? ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY'] : ['GITHUB_TOKEN'];
  const [owner] = repo.split('/');
  const source =
    auth === 'app'
      ? `# an app: ${webUrl}/settings/apps/new, or ${webUrl}/organizations/${owner}/settings/apps/new`
      : `# a token: ${tokenFormUrl(webUrl, repo)}`;
  const secrets = [...names, 'WEBHOOK_SECRET', 'DASHBOARD_TOKEN'].map((name) => `npx ${secretCommand(name).join(' ')}`);
  const rest = [`git commit -m "Audit ${repo}" -- bindings/targets.yaml wrangler.toml`, 'npm run deploy'];
  return ['', '── The commands; each secret is asked for', 'npx wrangler login', source, ...secrets, ...rest, ''].join(
    '\n',
  );
}

async function main(argv: readonly string[]): Promise<number> {
  let ask: Ask | undefined;
  try {
    const given = parseSetupArguments(argv);
    const isAlone = given.yes || given.printOnly || process.stdin.isTTY !== true;
    ask = isAlone ? askNobody(given.yes) : askAtTerminal();
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

if (process.argv[1] === import.meta.filename) await runAsCommand(USAGE, main);
