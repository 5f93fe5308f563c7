import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../src/core/durations.ts';
import { type AnswerHeaders, classifyAnswer } from '../../src/github/error.ts';

const NOW = Date.parse('2026-02-18T04:17:00Z');

function pause(status: number, headers: AnswerHeaders, message = 'no') {
  const { failure, retryAt } = classifyAnswer({ status, headers, message }, NOW);
  return [failure, retryAt === null ? null : (retryAt - NOW) / SECOND];
}

describe.each([403, 429])('%i with Retry-After', (status) => {
  test.each([
    ['17', 17],
    ['Wed, 18 Feb 2026 04:18:00 GMT', 60],
    ['Wed, 18 Feb 2126 04:18:00 GMT', (2 * HOUR) / SECOND],
    ['31536000', (2 * HOUR) / SECOND],
    ['1e999', (2 * HOUR) / SECOND],
  ])('%s is silence until then, two hours at most', (header, seconds) => {
    expect(pause(status, { 'retry-after': header })).toEqual(['rate-limited', seconds]);
  });
});

test.each(['0', '-5', '', 'soon', 'NaN', '-Infinity', 'Wed, 18 Feb 2026 04:16:00 GMT'])(
  'Retry-After `%s` asks for nothing: a limit lasts a minute, and what is no limit stays what it is',
  (header) => {
    expect(pause(429, { 'retry-after': header })).toEqual(['rate-limited', MINUTE / SECOND]);
    expect(pause(403, { 'retry-after': header })).toEqual(['forbidden', null]);
    expect(pause(503, { 'retry-after': header })).toEqual(['transport', null]);
  },
);

test.each([
  ['in the past', NOW / SECOND - 90, MINUTE / SECOND],
  ['soon', NOW / SECOND + 90, 90],
  ['next year', NOW / SECOND + 31_536_000, (2 * HOUR) / SECOND],
  ['no number', 'tomorrow', MINUTE / SECOND],
])('a reset %s', (_, reset, seconds) => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
  expect(pause(403, headers)).toEqual(['rate-limited', seconds]);
});

test('a server that is down may say for how long', () => {
  expect(pause(503, { 'retry-after': '120' })).toEqual(['transport', 120]);
  expect(pause(502, {})).toEqual(['transport', null]);
  expect(pause(422, { 'retry-after': '120' })).toEqual(['invalid', null]);
});
