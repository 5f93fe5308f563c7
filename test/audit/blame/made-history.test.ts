import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { madeHistory } from './made-history.ts';
import { type MadeRepositories, makeRepositories, type Searched } from './made-search.ts';

const { commits, breakages } = madeHistory();
const each = breakages.map((breakage) => [breakage.gate.name, breakage] as const);

let made: MadeRepositories;
beforeAll(async () => {
  made = await makeRepositories();
});
afterAll(async () => {
  expect(made.violations()).toEqual([]);
  await made.close();
});

test('it is a history of 500 commits with 30 breakages', () => {
  expect(commits).toHaveLength(500);
  expect(breakages).toHaveLength(30);
});

describe('in a clone', () => {
  const searches: Searched[] = [];

  test.each(each)('%s', async (_name, breakage) => {
    const searched = await made.searchClone(breakage);
    searches.push(searched);
    expect(searched.found).toEqual(breakage.expected);
  });

  test('few states are judged', () => {
    const judged = searches.map((search) => search.judged);
    console.info(`clone: ${sum(judged)} states judged for 30 gates, at most ${Math.max(...judged)} for one`);
    expect(sum(judged)).toBeLessThan(210);
    expect(Math.max(...judged)).toBeLessThan(25);
  });
});

describe('at GitHub', () => {
  const searches: Searched[] = [];

  test.each(each)('%s', async (_name, breakage) => {
    const searched = await made.searchGitHub(breakage);
    searches.push(searched);
    expect(searched.found).toEqual(breakage.expected);
  });

  test('few requests are made', () => {
    const requests = searches.map((search) => search.requests);
    console.info(`GitHub: ${sum(requests)} requests for 30 gates, at most ${Math.max(...requests)} for one`);
    expect(sum(requests)).toBeLessThan(470);
    expect(Math.max(...requests)).toBeLessThan(35);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
