import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestAudit, TOKEN } from '../../cli/demo/stage.ts';
import { axeFinds, DESKTOP, launchChromium, openContext, PHONE, visitIn } from './chromium.ts';
import { type Nights, pagePaths, stageNights } from './nights.ts';

const REPO = '/you/homelab';
const DOCS = join(import.meta.dirname, '../../docs');

let browser: Browser;
let nights: Nights;
let paths: Readonly<Record<string, string>>;

function visit(
  path: string,
  look: (page: Page) => Promise<void>,
  options = DESKTOP as BrowserContextOptions,
): Promise<void> {
  return visitIn(browser, nights.stage.url + path, look, options);
}

beforeAll(async () => {
  browser = await launchChromium();
  nights = await stageNights();
  paths = await pagePaths(nights.stage);
});
afterAll(async () => {
  await browser?.close();
  await nights?.close();
});

const NAMES = [
  'fleet',
  'repo',
  'an older audit',
  'a failing gate',
  'a known gate',
  'a passing gate',
  'two audits compared',
  'no such page',
];

describe.each(NAMES)('%s', (name) => {
  test.each([
    ['desktop, light', { ...DESKTOP, colorScheme: 'light' }],
    ['desktop, dark', { ...DESKTOP, colorScheme: 'dark' }],
    ['phone, light', { ...PHONE, colorScheme: 'light' }],
    ['phone, dark', { ...PHONE, colorScheme: 'dark' }],
  ] as const)('%s: axe finds nothing, nothing is blocked, nothing sticks out', async (_, options) => {
    await visit(
      paths[name] ?? '',
      async (page) => {
        expect(await axeFinds(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          options.viewport.width,
        );
      },
      options,
    );
  });

  test('fits 320 pixels', async () => {
    await visit(
      paths[name] ?? '',
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      },
      { viewport: { width: 320, height: 640 } },
    );
  });
});

describe('what an operator sees', () => {
  test('on one screen: what is newly wrong, where, since when, and what to do', async () => {
    await visit(REPO, async (page) => {
      const seen = await page.evaluate(() =>
        [...document.querySelectorAll('h1, h2, .message, .place, .facts dd')]
          .filter((element) => element.getBoundingClientRect().bottom <= innerHeight)
          .map((element) => element.textContent),
      );
      expect(seen[0]).toMatch(/gates? newly fails?/);
      const gate = (await latestAudit(nights.stage))?.report.gates.find(({ number }) => number === 'D139');
      const [finding] = gate?.findings ?? [];
      const told = seen.join('\n');
      const place = finding?.line == null ? finding?.path : `${finding.path}:${finding.line}`;
      for (const part of ['D139 nas-baseline-coverage', finding?.message, place, 'last passing at', gate?.fixHint])
        expect(told).toContain(part?.replaceAll('`', ''));
    });
  });

  test('every link of ours leads somewhere, and so do those to the commit, the issue and the comparison', async () => {
    await visit(REPO, async (page) => {
      const links = new Set<string>();
      for (const path of Object.values(paths).slice(0, -1)) {
        await page.goto(nights.stage.url + path);
        for (const link of await page.locator('a').evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href)))
          links.add(link.split('#')[0] ?? '');
      }
      expect(links.size).toBeGreaterThan(60);
      const headers = { authorization: `Bearer ${TOKEN}` };
      for (const link of links) expect([link, (await fetch(link, { headers })).status]).toEqual([link, 200]);
    });
  });

  test('a finding leads to its very line at the audited commit', async () => {
    await visit(`${REPO}/gates/D86`, async (page) => {
      const finding = page.locator('.findings li').first();
      const quoted = await finding.locator('pre code').innerText();
      const line = /:(\d+)$/.exec(await finding.locator('.place').innerText())?.[1];
      await finding.locator('.place').click();
      await page.waitForURL(/blob/);
      expect(page.url()).toMatch(new RegExp(`#L${line}$`));
      const target = page.locator(':target');
      expect(quoted).toMatch(/^vms\[\d+\]\.id: \d+$/);
      expect(await target.innerText()).toContain(quoted.split('.').at(-1));
      expect(await target.evaluate((element) => element.getBoundingClientRect().top < innerHeight)).toBe(true);
    });
  });

  test('the issue and the commit status lead back to the audit', async () => {
    const { simulator, url } = nights.stage;
    const audit = await latestAudit(nights.stage);
    const [status] = simulator.statuses(audit?.report.sha ?? '');
    expect(status).toMatchObject({ state: 'failure', context: 'lanekeeper' });
    expect(status?.targetUrl).toBe(`${url}${REPO}?at=${audit?.report.sha}`);
    const number = audit?.histories.D139?.issue?.number ?? 0;
    expect(simulator.issue(number).body).toContain(`${url}${REPO}`);
    await visit(`${REPO}?at=${audit?.report.sha}`, async (page) => {
      expect(await page.locator('h1').innerText()).toMatch(/newly fail/);
    });
  });
});

describe('by keyboard', () => {
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

  test('from the fleet to the gate that newly fails, and every stop can be seen', async () => {
    await visit('/', async (page) => {
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Skip to the content');
      expect(await page.evaluate(() => (document.activeElement?.getBoundingClientRect().top ?? -1) >= 0)).toBe(true);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('you/homelab');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toMatch(/^\w+ newly fails$/);
      await page.keyboard.press('Enter');
      await page.waitForURL(/gates/);
      expect(await page.locator('h1').count()).toBe(1);
    });
    await visit(REPO, async (page) => {
      const stops = await page.locator('a, button, summary, select, [tabindex]').count();
      let seen = 0;
      for (let stop = 0; stop < Math.min(stops, 120); stop++) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate(() => {
          const element = document.activeElement;
          return element && element !== document.body ? getComputedStyle(element).outlineStyle : 'end';
        });
        if (outline === 'end') break;
        expect(outline).not.toBe('none');
        seen += 1;
      }
      expect(seen).toBeGreaterThan(30);
    });
  });

  test('what is folded opens, and audits are compared', async () => {
    await visit(REPO, async (page) => {
      const folded = page.locator('summary').first();
      await folded.focus();
      await page.keyboard.press('Enter');
      expect(await folded.evaluate((element) => (element.parentElement as HTMLDetailsElement).open)).toBe(true);
      await page.locator('select[name=from]').focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('button', { name: 'Compare' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/compare/);
      expect(await page.locator('h1').innerText()).toMatch(/changed$/);
    });
  });
});

describe('safety', () => {
  test('a script that got into a page would not run', async () => {
    const { context, troubles } = await openContext(browser);
    const page = await context.newPage();
    await page.goto(nights.stage.url + REPO);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.hasRun = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red" id="styled">x</p>');
    });
    expect(await page.evaluate(() => 'hasRun' in globalThis)).toBe(false);
    expect(troubles.join()).toMatch(/script-src/);
    await context.close();
  });

  test('nobody gets in without the token', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const path of ['/', REPO, `${REPO}/gates/D139`, '/openapi.json'])
      await expect(page.goto(nights.stage.url + path)).rejects.toThrow(/ERR_INVALID_AUTH_CREDENTIALS|401/);
    await context.close();
  });
});

describe('pictures', () => {
  test('are taken where they are wanted', async () => {
    const target = process.env.SCREENSHOTS ? DOCS : join(nights.sample.dir, '..');
    const clip = { x: 0, y: 0, width: 1280, height: 1330 };
    await visit(REPO, async (page) => {
      await page.screenshot({ path: join(target, 'dashboard-desktop.png'), clip, fullPage: true });
    });
    await visit(
      '/',
      async (page) => {
        await page.screenshot({ path: join(target, 'dashboard-phone.png') });
      },
      { ...PHONE, colorScheme: 'dark' },
    );
  });
});

describe('an audit asked for', () => {
  test('shows how far it has come, and then its result, without a hand', async () => {
    const { stage } = nights;
    const before = await latestAudit(stage);
    await nights.commitNote();
    stage.simulator.faults.add({ match: { operation: 'graphql' }, kind: 'hang', hangMs: 1500, times: 2 });
    await visit(REPO, async (page) => {
      await page.getByRole('button', { name: 'Audit now' }).click();
      await page.getByRole('heading', { name: 'An audit is under way' }).waitFor();
      const told = new Set<string>();
      const headers = { authorization: `Bearer ${TOKEN}` };
      while ((await latestAudit(stage))?.id === before?.id) {
        const answer = await fetch(`${stage.url}/api/repos${REPO}/progress`, { headers });
        told.add(((await answer.json()) as { stage: string }).stage);
        await page.waitForTimeout(50);
      }
      expect([...told]).toEqual(expect.arrayContaining(['reading']));
      await page.getByRole('button', { name: 'Audit now' }).waitFor({ timeout: 20_000 });
      expect(await page.locator('.headline .dim').innerText()).toContain('on request');
    });
  });
});
