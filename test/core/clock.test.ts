import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Clock, createClock } from '../../src/core/clock.ts';

const DAY = 86_400_000;
const noon = Date.parse('2026-02-17T12:00:00Z');

/** Instants within a few days of noon, with round distances well represented: that is where answers change. */
const distance = fc.oneof(
  fc.integer({ min: -5 * DAY, max: 5 * DAY }),
  fc
    .tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(-1000, -999, -1, 0, 1, 999, 1000))
    .map(([days, rest]) => days * DAY + rest),
);
const instant = distance.map((ms) => noon + ms);
const now = fc.oneof(fc.constant(noon), fc.integer({ min: noon - 999, max: noon + 999 }));

function ask<T>(at: number, question: (clock: Clock) => T): { answer: T; flips: readonly number[] } {
  const flips: number[] = [];
  const answer = question(createClock(at, (flip) => flip !== null && flips.push(flip)));
  return { answer, flips };
}

const questions: Record<string, (of: number) => (clock: Clock) => number | boolean | undefined> = {
  ageInDays: (of) => (clock) => clock.ageInDays(of),
  ageBeyond: (of) => (clock) => clock.ageBeyond(2, of),
  hasReached: (of) => (clock) => clock.hasReached(of),
};

describe.each(Object.entries(questions))('%s', (_, about) => {
  test('is the same at every instant before the recorded flip, and different at it', () => {
    fc.assert(
      fc.property(now, instant, fc.double({ min: 0, max: 1, noNaN: true }), (at, of, share) => {
        const { answer, flips } = ask(at, about(of));
        for (const flip of flips) {
          expect(flip).toBeGreaterThan(at);
          for (const before of [flip - 1, Math.floor(at + share * (flip - 1 - at))]) {
            expect(ask(before, about(of)).answer).toBe(answer);
          }
          expect(ask(flip, about(of)).answer).not.toBe(answer);
        }
      }),
    );
  });

  test('without a recorded flip never changes', () => {
    fc.assert(
      fc.property(now, instant, fc.nat(100 * DAY), (at, of, later) => {
        const { answer, flips } = ask(at, about(of));
        if (flips.length === 0) expect(ask(at + later, about(of)).answer).toBe(answer);
      }),
    );
  });
});

test('an age always has a next day', () => {
  fc.assert(fc.property(now, instant, (at, of) => ask(at, (clock) => clock.ageInDays(of)).flips.length === 1));
});

test('an age beyond a limit is the age where that is more, and asks for no day before', () => {
  fc.assert(
    fc.property(now, instant, fc.nat(4), (at, of, limit) => {
      const { answer, flips } = ask(at, (clock) => clock.ageBeyond(limit, of));
      const age = createClock(at).ageInDays(of);
      expect(answer).toBe(age > limit ? age : undefined);
      expect(flips).toHaveLength(1);
      if (answer === undefined) expect(createClock(flips[0] ?? 0).ageInDays(of)).toBe(limit + 1);
    }),
  );
});

test.each([
  ['the same second', 0, 0],
  ['a second before the first full day', DAY - 1000, 0],
  ['the first full day', DAY, 1],
  ['21 days and 20 hours', 21 * DAY + 20 * 3_600_000, 21],
  ['a second in the future', -1000, 0],
  ['a second less than a day in the future', -DAY + 1000, 0],
  ['a day in the future', -DAY, -1],
])('age is cut towards zero: %s', (_, elapsed, days) => {
  const age = createClock(noon).ageInDays(noon - elapsed);
  expect(Object.is(age, days)).toBe(true);
});

test('fractions of a second play no part', () => {
  expect(createClock(noon + 900).ageInDays(noon + DAY)).toBe(-1);
  expect(createClock(noon).hasReached(noon + 999)).toBe(true);
  expect(createClock(noon + 999).hasReached(noon + 1000)).toBe(false);
});
