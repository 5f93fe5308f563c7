import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../src/coordinator/coordinator.ts';
import { summarizeAudit } from '../../../src/formats/summary.ts';
import { audits, NOW, REPO, stage } from '../fixture.ts';

const SHA = 'c'.repeat(40);

function pathsOf(text = ''): readonly string[] {
  const [first, , last] = audits(text);
  const gate = encodeURIComponent(`D138${text}`);
  return [
    '/',
    `/${REPO}`,
    `/${REPO}?at=${first?.id}`,
    `/${REPO}/compare?from=${first?.id}&to=${last?.id}`,
    `/${REPO}/gates/${gate}`,
    `/${REPO}/gates/D86`,
    `/${REPO}/gates/D40?at=${last?.id}`,
    '/you/empty',
  ];
}

describe('the pages', () => {
  test('the fleet says what newly fails, where and since when, the worst first', async () => {
    const { look } = await stage();
    const page = await look('/');
    expect(page).toContain(`<h1>New failure in ${REPO}</h1>`);
    expect(page).toMatch(
      /href="\/you\/homelab\/gates\/D138"><strong>D138<\/strong> newly fails<\/a> since <a href="[^"]*at=ccccccc"/,
    );
    expect(page).toContain('1/5');
    expect(page.indexOf(REPO)).toBeLessThan(page.indexOf('you/empty'));
    expect(page).toContain('Not audited yet.');
  });

  test('a repo shows lanes, gates, issues, baseline, waivers with days left, and what it could not see', async () => {
    const { look } = await stage();
    const page = await look(`/${REPO}`);
    for (const told of [
      '1 gate newly fails',
      '1 known failure',
      'no sibling',
      'live part',
      '12 days left',
      'A note.',
      '3 judged, 2 reused',
    ])
      expect(page).toContain(told);
    expect(page).toContain('href="https://github.com/you/homelab/issues/7"');
    expect(page).toContain(`compare/${'b'.repeat(40)}...${SHA}`);
    expect(page).toContain(`blob/${SHA}/ops/bindings/start%20up.yaml#L12`);
    expect(page.match(/<td class="[^"]*" title="2\/5, known failure"/g)).toHaveLength(2);
    expect(page).toContain('title="1/5, newly failing"');
  });

  test('a repo whose declared gates hold a mistake says which', async () => {
    const { look, store } = await stage();
    const last = audits()[2];
    if (!last) throw new Error('no audit');
    const id = `${Number(last.id.slice(0, 13)) - 1}-cccccccccc`;
    const problems = [{ path: 'lanekeeper.yaml', line: 3, column: 5, message: 'There is no word `mustt`.' }];
    const audit = { ...last, id, newlyFailing: [], report: { ...last.report, complete: false, problems } };
    await store.save(REPO, audit, summarizeAudit(REPO, audit, null));
    const page = await look(`/${REPO}`);
    expect(page).toContain('Some gates that the repository declares could not be read.');
    expect(page).toContain('lanekeeper.yaml:3:5: There is no word <code>mustt</code>.');
    expect(await (await stage()).look(`/${REPO}`)).not.toContain('Mistakes in declared gates');
  });

  test('a gate with many findings unfolds the first fifty', async () => {
    const { look, store } = await stage();
    const last = audits()[2];
    const gate = last?.report.gates.find(({ number }) => number === 'D86');
    const [finding] = gate?.findings ?? [];
    if (!last || !gate || !finding) throw new Error('no finding');
    const findings = Array.from({ length: 53 }, (_, index) => ({ ...finding, subject: `phase:${index}` }));
    const id = `${Number(last.id.slice(0, 13)) - 1}-cccccccccc`;
    const audit = { ...last, id, report: { ...last.report, gates: [{ ...gate, findings }] } };
    await store.save(REPO, audit, summarizeAudit(REPO, audit, null));
    const [unfolded = '', folded = ''] = (await look(`/${REPO}/gates/D86`)).split('<summary>3 more findings</summary>');
    expect(unfolded.match(/Phase 2 names no site/g)).toHaveLength(50);
    expect(folded.match(/Phase 2 names no site/g)).toHaveLength(3);
  });

  test('an audit in which nothing was judged is no pass, and says what to do', async () => {
    const { look, store, get } = await stage();
    const last = audits()[2];
    if (!last) throw new Error('no audit');
    const id = `${Number(last.id.slice(0, 13)) - 1}-cccccccccc`;
    const problems = [{ path: 'lanekeeper.yaml', line: 1, column: 1, message: 'is empty' }];
    const gates = last.report.gates.filter(({ verdict }) => verdict === 'blind' || verdict === 'skip');
    const audit = { ...last, id, newlyFailing: [], report: { ...last.report, gates, problems } };
    await store.save(REPO, audit, summarizeAudit(REPO, audit, null));
    const page = await look(`/${REPO}`);
    expect(page).toContain('Nothing was judged');
    expect(page).toContain('npm run init -- &lt;clone&gt;');
    expect(page).toContain('lanekeeper.yaml:1:1: is empty');
    const answer = await get(`/api/repos/${REPO}/latest`);
    expect(await answer.json()).toMatchObject({ report: { problems } });
  });

  test('any stored audit can be looked at, by id or by commit', async () => {
    const { look, get } = await stage();
    for (const at of [audits()[0]?.id, 'aaaaaaa', 'a'.repeat(40)]) {
      const page = await look(`/${REPO}?at=${at}`);
      expect(page).toContain('Nothing is newly failing');
      expect(page).toContain('Go to the latest one');
    }
    expect((await get(`/${REPO}?at=fffffff`)).status).toBe(404);
    expect((await get(`/${REPO}?at=../latest`)).status).toBe(404);
  });

  test('two audits compared: what changed, and between which commits', async () => {
    const { look } = await stage();
    const page = await look(`/${REPO}/compare?from=aaaaaaa&to=ccccccc`);
    expect(page).toContain('1 gate changed');
    expect(page).toContain('3 findings appeared');
    expect(page).toContain(`compare/${'a'.repeat(40)}...${SHA}`);
    expect(await look(`/${REPO}/compare?from=aaaaaaa&to=bbbbbbb`)).toContain('Nothing changed');
  });

  test('a gate says why, how to fix it, what and where, since when, and its history', async () => {
    const { look } = await stage();
    for (const name of ['D138', 'site-parity']) {
      const page = await look(`/${REPO}/gates/${name}`);
      for (const told of [
        'A phase without a site is skipped.',
        'Set the site.',
        'phase: 1',
        'first seen 2026-02-18 04:00',
      ])
        expect(page).toContain(told);
      expect(page).toContain('script has changed since Lanekeeper was checked against it');
      expect(page).toContain(
        `href="https://github.com/you/workbench/blob/${'d'.repeat(40)}/ops/bindings/start%20up.yaml#L12"`,
      );
      expect(
        page
          .match(/class="tag s-(pass|new)"/g)
          ?.slice(-3)
          .join(' '),
      ).toMatch(/new.*pass.*pass/);
    }
  });

  test('what is not there is said on a page, too', async () => {
    const { get } = await stage();
    const headers = { authorization: 'Bearer a dashboard token for tests', accept: 'text/html' };
    for (const path of ['/you/unknown', `/${REPO}/gates/D999`, '/no/such/page/at/all']) {
      const answer = await get(path, { ...headers, authorization: `Basic ${btoa('me:a dashboard token for tests')}` });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
    }
  });
});

describe('an audit under way', () => {
  test.each<[Progress, string]>([
    [{ stage: 'queued', auditId: null }, 'Queued'],
    [{ stage: 'reading', auditId: null, files: 12, done: 0, total: 0 }, 'Reading 12 files'],
    [{ stage: 'evaluating', auditId: null, files: 3, done: 40, total: 52 }, 'Evaluated 40 of 52 gates'],
    [{ stage: 'writing issues', auditId: null }, 'Writing issues'],
    [{ stage: 'done', auditId: 'an-id-that-the-store-does-not-show-yet' }, 'appears in a moment'],
  ])('%j shows, and the page asks to be loaded again', async (progress, told) => {
    const { get } = await stage({ progress });
    const answer = await get(`/${REPO}`);
    expect(answer.headers.get('refresh')).toBe('2');
    expect(await answer.text()).toContain(told);
  });

  test('what waits for a second try says when, and leaves the page at rest', async () => {
    const auditId = audits()[2]?.id ?? null;
    const { get } = await stage({ progress: { stage: 'queued', auditId, retryAt: NOW + 300_000 } });
    const answer = await get(`/${REPO}`);
    expect(answer.headers.get('refresh')).toBeNull();
    expect(await answer.text()).toContain('will try again at 2026-02-18 07:05');
  });

  test('a page at rest stays as it is, and offers an audit', async () => {
    const { app, get, asked } = await stage();
    const answer = await get(`/${REPO}`);
    expect(answer.headers.get('refresh')).toBeNull();
    expect(await answer.text()).toContain('Audit now');
    const headers = {
      authorization: `Basic ${btoa('me:a dashboard token for tests')}`,
      'sec-fetch-site': 'same-origin',
    };
    const sent = await app.request(`/${REPO}/audits`, { method: 'POST', headers });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `/${REPO}`]);
    expect(asked).toMatchObject([[REPO, { trigger: 'api' }]]);
  });
});

const CORPUS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  '</title><svg onload=alert(1)>',
  '</pre></code><iframe srcdoc="<script>alert(1)</script>">',
  '<!-- --!> <style>@import "//evil"</style>',
  'javascript:alert(1)//',
  '&lt;script&gt;alert(1)&lt;/script&gt; &quot; &#x3c;',
  "{{constructor.constructor('alert(1)')()}} #{alert(1)}",
  '\u202egnp.exe \u0000\u0008 ]]> \u2028',
  '../../../?at=x#fragment %3Cscript%3E',
];

/** Tags and attribute names in order: what text must never change. */
function skeleton(page: string): readonly string[] {
  return (page.match(/<!?\/?[a-z][^>"]*(?:"[^"]*"[^>"]*)*>/gi) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ''));
}

describe('text of the audited repo never becomes markup', () => {
  test.each(CORPUS)('%j', async (text) => {
    const [benign, hostile] = [await stage({ text: ' text' }), await stage({ text })];
    const paths = pathsOf(' text');
    for (const [index, path] of pathsOf(text).entries()) {
      const page = await hostile.look(path);
      expect(skeleton(page).length).toBeGreaterThan(40);
      expect(skeleton(page), path).toEqual(skeleton(await benign.look(paths[index] ?? '')));
      const addresses = [...page.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map(([, address = '']) => address);
      expect(addresses.filter((address) => !/^(\/(?!\/)|#|https:\/\/github\.com\/)/.test(address))).toEqual([]);
      expect(page).not.toMatch(/<script|<style|style="/);
    }
  });
});
