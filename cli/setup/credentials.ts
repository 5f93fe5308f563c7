import { readFile } from 'node:fs/promises';
import { toPkcs8 } from '../../src/github/app-key.ts';
import type { Credentials } from '../../src/github/credentials.ts';
import { serveAppPage } from './app.ts';
import type { SetupArguments } from './arguments.ts';
import { type SetupPorts, SetupStopped } from './ports.ts';
import { type Ending, type Secret, tokenFormUrl } from './steps.ts';

/** Credentials that work at GitHub, and the secrets that the Worker gets of them. */
export interface Chosen {
  readonly credentials: Credentials;
  readonly secrets: readonly Secret[];
  readonly app: Ending['app'];
}

/** What an app is to be made for. */
export interface AppWish {
  readonly repo: string;
  readonly workerUrl: string | undefined;
  /** Whether checks of CI count as gates. */
  readonly readsChecks: boolean;
}

/** A token from the environment, or one that the person makes now. */
export async function chooseToken(
  repo: string,
  webUrl: string,
  { environment, ask, print }: SetupPorts,
): Promise<Chosen> {
  const known = environment.GITHUB_TOKEN;
  if (!known) print(`\nMake a token, for ${repo} and its siblings only:\n${tokenFormUrl(webUrl, repo)}\n\n`);
  const token = known || (await ask.secret('Paste it here; it is not shown:'));
  return { credentials: { kind: 'token', token }, secrets: [{ name: 'GITHUB_TOKEN', value: token }], app: undefined };
}

/** An app that exists already, or one that GitHub makes now. Throws `SetupStopped` for a file that holds no key. */
export async function chooseApp(
  { repo, workerUrl, readsChecks }: AppWish,
  { appId, appKey }: SetupArguments,
  { environment, ask, print }: SetupPorts,
): Promise<Chosen> {
  const { GITHUB_API_URL: apiUrl = 'https://api.github.com', GITHUB_WEB_URL: webUrl = 'https://github.com' } =
    environment;
  const [owner = ''] = repo.split('/');
  if (appId !== undefined && appKey !== undefined) return appWith(appId, await readFile(appKey, 'utf8'), []);
  const page = await serveAppPage({ owner, workerUrl, readsChecks, apiUrl, webUrl });
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
