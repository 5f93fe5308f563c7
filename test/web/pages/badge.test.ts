import { describe, expect, test } from 'vitest';
import { badgeAsSvg } from '../../../src/formats/badge.ts';
import { NOW, REPO, stage } from '../fixture.ts';

const HOUR = 3_600_000;

describe('badges', () => {
  const messageOf = async (given: Parameters<typeof stage>[0], lane = 'infra') => {
    const { get } = await stage(given);
    const answer = await get(`/badge/${REPO}/${lane}.svg`);
    expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    return /<title>([^<]*)/.exec(await answer.text())?.[1];
  };

  test('say the totals and what is new', async () => {
    expect(await messageOf({})).toBe('infra: 1/5 · 1 new');
    expect(await messageOf({}, 'all')).toBe('gates: 1/5 · 1 new');
  });

  test('turn stale 36 hours after the last complete audit', async () => {
    const last = NOW - 3 * HOUR;
    expect(await messageOf({ now: () => last + 36 * HOUR })).toBe('infra: 1/5 · 1 new');
    expect(await messageOf({ now: () => last + 36 * HOUR + 1 })).toBe('infra: out of date');
  });

  test('of no such lane are none; of an unaudited target say so', async () => {
    const { get } = await stage();
    expect((await get(`/badge/${REPO}/nothing.svg`)).status).toBe(404);
    expect(await (await get('/badge/you/empty/all.svg')).text()).toContain('no audit yet');
  });

  test('are SVG whatever a lane is called', () => {
    const svg = badgeAsSvg({ label: '"><script>', message: "'&", tone: 'bad' });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&#34;&#62;&#60;script&#62;: &#39;&#38;');
  });
});
