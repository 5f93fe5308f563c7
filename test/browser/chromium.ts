import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { TOKEN } from '../../cli/demo/stage.ts';

const PATHS = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Without these Chromium calls home, where there is none. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Real Chromium, headless. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = PATHS.find((path) => path !== '' && existsSync(path));
  if (!executablePath)
    throw new Error(
      'Chromium is not installed. On Debian: apt-get update && apt-get install -y --no-install-recommends chromium. Elsewhere: set CHROMIUM to its path.',
    );
  return chromium.launch({ executablePath, args: FLAGS });
}

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
export const DESKTOP = { viewport: { width: 1280, height: 900 } };

/** A browser that knows the token; what goes wrong in its pages is kept. */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions = DESKTOP,
): Promise<{ context: BrowserContext; troubles: string[] }> {
  const context = await browser.newContext({ httpCredentials: { username: 'me', password: TOKEN }, ...options });
  const troubles: string[] = [];
  await context.exposeFunction('lanekeeperReport', (violation: string) => troubles.push(violation));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (globalThis as unknown as { lanekeeperReport(text: string): void }).lanekeeperReport(
        `${violatedDirective} ${blockedURI}`,
      );
    });
  });
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  context.on('weberror', (error) => troubles.push(String(error.error())));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // Whoever goes on before everything is loaded leaves the rest.
    if (reason !== 'net::ERR_ABORTED') troubles.push(`${request.url()} ${reason}`);
  });
  return { context, troubles };
}

/** Opens a page in a context of its own, and afterwards insists that nothing went wrong in it. */
export async function visitIn(
  browser: Browser,
  url: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions,
): Promise<void> {
  const { context, troubles } = await openContext(browser, options);
  const page = await context.newPage();
  const answer = await page.goto(url);
  await look(page);
  await context.close();
  const isMissing = answer?.status() === 404;
  expect(troubles.filter((trouble) => !(isMissing && /404/.test(trouble)))).toEqual([]);
}

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core has to say against a page, with everything unfolded. */
export async function axeFinds(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
