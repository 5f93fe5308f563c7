import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EnoughJudged, findTurn, type Mark } from '../../../src/audit/blame/turn.ts';

/** Judges a row of marks, `g`, `b` and `?`, and counts; beyond `most` judgements it has enough. */
function courtOf(row: string, most = Number.POSITIVE_INFINITY) {
  const marks: Readonly<Record<string, Mark>> = { g: 'good', b: 'bad', '?': 'unclear' };
  let judged = 0;
  return {
    find: () =>
      findTurn(row.length - 1, async (state) => {
        if (judged === most) throw new EnoughJudged('enough');
        judged += 1;
        return marks[row[state] ?? '?'] ?? 'unclear';
      }),
    judged: () => judged,
  };
}

describe('the turn from good to bad', () => {
  test.each([
    ['gb', 0, 1],
    ['ggggbbbb', 3, 4],
    ['gbgbgb', 4, 5],
    ['g??bb', 0, 3],
    ['g?b?b', 0, 2],
    ['ggbbggb', 5, 6],
  ])('of %s is between %i and %i', async (row, good, bad) => {
    expect(await courtOf(row).find()).toEqual({ good, bad, isCutShort: false });
  });

  test('is none where nothing is good', async () => {
    expect(await courtOf('bbbb').find()).toBeNull();
    expect(await courtOf('??b').find()).toBeNull();
    expect(await courtOf('b').find()).toBeNull();
  });

  test('is found by bisection where there is one, in a number of steps that hardly grows, and then confirmed as far as one may', async () => {
    for (const length of [100, 1_000, 10_000]) {
      const court = courtOf('g'.repeat(length / 3) + 'b'.repeat(length), 40);
      expect(await court.find()).toMatchObject({ good: Math.floor(length / 3) - 1, bad: Math.floor(length / 3) });
    }
  });

  test('is said to be cut short where too few judgements leave states unseen', async () => {
    expect(await courtOf(`g${'b'.repeat(99)}`, 15).find()).toMatchObject({ good: 0, isCutShort: true });
    await expect(courtOf(`g${'b'.repeat(99)}`, 3).find()).rejects.toThrow(EnoughJudged);
  });

  test('by bisection is the turn by judging every state, where there is one', async () => {
    const unclear = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });
    const rows = fc.tuple(fc.nat(59), unclear).map(([at, holes]) =>
      holes
        .map((isUnclear, index) => {
          if (index === 0) return 'g';
          if (isUnclear && index < holes.length - 1) return '?';
          return index <= at && index < holes.length - 1 ? 'g' : 'b';
        })
        .join(''),
    );
    await fc.assert(
      fc.asyncProperty(
        rows.filter((row) => row.endsWith('b')),
        async (row) => {
          const turn = await courtOf(row).find();
          expect(turn).toEqual({ good: row.lastIndexOf('g'), bad: row.indexOf('b'), isCutShort: false });
        },
      ),
    );
  });

  test('of a row with many turns is the last one', async () => {
    const rows = fc.string({ unit: fc.constantFrom('g', 'b', '?'), maxLength: 40 }).map((middle) => `g${middle}b`);
    await fc.assert(
      fc.asyncProperty(rows, async (row) => {
        const turn = await courtOf(row).find();
        const good = row.lastIndexOf('g');
        expect(turn).toEqual({ good, bad: row.indexOf('b', good), isCutShort: false });
      }),
    );
  });
});
