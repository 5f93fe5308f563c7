import { describe, expect, test } from 'vitest';
import { isoInstant, utcStamp } from '../../../src/core/instants.ts';
import { Unavailable } from '../../../src/core/signals.ts';
import { extendedRegExp } from '../../../src/gates/lib/bash/extended-regexp.ts';
import { shellNumber } from '../../../src/gates/lib/bash/shell.ts';

describe('isoInstant', () => {
  test.each([
    ['2026-02-16', '2026-02-16T00:00:00Z'],
    ['20260216', '2026-02-16T00:00:00Z'],
    ['2026-W08-1', '2026-02-16T00:00:00Z'],
    ['2026W08', '2026-02-16T00:00:00Z'],
    ['2020-W53-7', '2021-01-03T00:00:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['0099-01-01', '0099-01-01T00:00:00Z'],
    ['2026-02-16T10', '2026-02-16T10:00:00Z'],
    ['2026-02-16 10:11', '2026-02-16T10:11:00Z'],
    ['2026-02-16T101112,9', '2026-02-16T10:11:12Z'],
    ['2026-W08-10:00', '2026-02-16T10:00:00Z'],
    ['2026-02-16T10:11:12Z', '2026-02-16T10:11:12Z'],
    ['2026-02-16T00:11:12.5+02:00', '2026-02-15T22:11:12Z'],
    ['2026-02-16T23:11-0530', '2026-02-17T04:41:00Z'],
    ['20260716101112Z', '2026-07-16T01:11:00Z'],
  ])('%s is %s', (text, instant) => {
    expect(isoInstant(text)).toBe(Date.parse(instant));
  });

  test.each([
    '',
    'null',
    '2026-2-16',
    '2026-02-30',
    '2026-13-01',
    '0000-01-01',
    '2026-02',
    '2026-02-16T',
    '2026-02-16Z',
    '2026-02-1610',
    '2026-0216',
    '2026-W54',
    '2021-W53',
    '2026-W08-8',
    '2026-02-16T24:00',
    '2026-02-16T10:60',
    '2026-02-16T10:11:12z',
    '2026-02-16T10:11:12+2',
    '2026-02-16T10:11:12+24:00',
    '2026-02-16 # x',
    '1771340000',
    'yesterday',
  ])('%j is not a date', (text) => {
    expect(isoInstant(text)).toBeUndefined();
  });
});

test.each([
  ['2026-02-17T23:48:29Z', Date.parse('2026-02-17T23:48:29Z')],
  ['2026-02-17T23:48:29+00:00', undefined],
  ['2026-02-17 23:48:29Z', undefined],
  ['2026-02-17T23:48Z', undefined],
  ['2026-02-30T23:48:29Z', undefined],
  ['2026-02-17', undefined],
])('utcStamp %j is %j', (text, instant) => {
  expect(utcStamp(text)).toBe(instant);
});

test.each([
  ['', 0],
  [' 7 ', 7],
  ['-3', -3],
  ['+ 3', 3],
  ['010', 8],
  ['0x40', 64],
  ['2-1', 1],
  ['2 - -1', 3],
  ['2026-02-17', 2007],
  ['many', 'word'],
  ['true', 'word'],
  ['60 units', 'word'],
  ['17 add-ons', 'word'],
  ['5+x', 'word'],
  ['75.5', 'none'],
  ['1e3', 'none'],
  ['08', 'none'],
  ['2 3', 'none'],
  ['[2]', 'none'],
  ['~', 'none'],
  ['5-', 'none'],
])('shellNumber %j is %j', (text, number) => {
  expect(shellNumber(text)).toBe(number);
});

test.each([
  ['^[A-Z]+-[0-9]{2}$', 'OPS-01', true],
  ['^[A-Z]+-[0-9]{2}$', 'OPS-1', false],
  ['^[[:upper:]_]+$', 'A_B', true],
  ['^\\d+$', '42', false],
  ['^\\d+$', 'dd', true],
  ['^[\\d]$', '\\', true],
  ['a.c', 'xa\ncx', true],
  ['^(a|b)?$', 'b', true],
  ['(?=a)', 'a', false],
  ['[', '[', false],
  ['[[:nonsense:]]', 'n', false],
])('extendedRegExp %j finds something in %j: %j', (pattern, text, found) => {
  expect(extendedRegExp(pattern).test(text)).toBe(found);
});

test.each(['(a)\\1', 'a{1001}', `(${'a{100}'.repeat(3)}){1000}`, 'a'.repeat(1_001)])('%j is not judged', (pattern) => {
  expect(() => extendedRegExp(pattern)).toThrow(Unavailable);
});
