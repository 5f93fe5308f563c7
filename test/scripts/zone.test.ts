import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { HOUR } from '../../src/core/durations.ts';
import { parseMoment } from '../../src/scripts/git/dates.ts';
import { OTHER_SURROUNDINGS } from '../../src/scripts/surroundings.ts';
import { instantOf, localTimeAt, offsetInWords, shownAt, zoneOf } from '../../src/scripts/zone.ts';

const MORNING = Date.parse('2026-02-18T01:00:00Z');
const hasGnuDate = spawnSync('date', ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU') === true;
const ZONES = [zoneOf(OTHER_SURROUNDINGS, MORNING), zoneOf(OTHER_SURROUNDINGS, MORNING + 20 * HOUR)];

describe.each(ZONES)('$text', (zone) => {
  test.runIf(hasGnuDate)('tells the time as this machine does there', () => {
    const instants = Array.from({ length: 400 }, (_, index) => Date.UTC(2024, 0, 1, 0, 59) + index * 53 * HOUR);
    const turns = ['2026-03-08T11:59:59Z', '2026-03-08T12:00:00Z', '2026-11-01T10:59:59Z', '2026-11-01T11:00:00Z'];
    const southern = ['2026-04-04T13:59:59Z', '2026-04-04T14:00:00Z', '2026-09-26T13:59:59Z', '2026-09-26T14:00:00Z'];
    instants.push(...[...turns, ...southern].map((text) => Date.parse(text)));
    const input = instants.map((instant) => `@${instant / 1000}`).join('\n');
    const options = { input, encoding: 'utf8', env: { ...process.env, TZ: zone.text, LC_ALL: 'C' } } as const;
    const theirs = execFileSync('date', ['-f', '-', '+%FT%T %z %Z'], options);
    const ours = instants.map((instant) => {
      const { offset, name } = localTimeAt(zone, instant);
      return `${new Date(shownAt(zone, instant)).toISOString().slice(0, 19)} ${offsetInWords(offset)} ${name}\n`;
    });
    expect(ours.join('')).toBe(theirs);
    for (const instant of instants) {
      const isTwice = shownAt(zone, instant - HOUR) === shownAt(zone, instant);
      expect(instantOf(zone, shownAt(zone, instant))).toBe(isTwice ? instant - HOUR : instant);
    }
  });
});

test.each([0, 5, 8, 13, 18, 23])('it is another day there at %d o’clock', (hour) => {
  const now = Date.UTC(2026, 1, 18, hour);
  expect(new Date(shownAt(zoneOf(OTHER_SURROUNDINGS, now), now)).getUTCDate()).not.toBe(18);
});

test('a moment without an offset is local to git, too', () => {
  const local = () => zoneOf(OTHER_SURROUNDINGS, MORNING);
  expect(parseMoment('2026-02-16 12:00', MORNING, local)).toBe(Date.parse('2026-02-16T22:00:00Z') / 1000);
  expect(parseMoment('2026-02-16', MORNING, local)).toBe(Date.parse('2026-02-17T01:00:00Z') / 1000);
  const never = () => {
    throw new Error('nobody asks for the zone');
  };
  expect(parseMoment('2026-02-16 12:00 +0000', MORNING, never)).toBe(Date.parse('2026-02-16T12:00:00Z') / 1000);
  expect(parseMoment('2 days ago', MORNING, never)).toBe(MORNING / 1000 - 2 * 86_400);
});
