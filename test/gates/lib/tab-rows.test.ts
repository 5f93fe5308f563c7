import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/core/yaml/value.ts';
import { type Column, ITEM_KEY, tabRows } from '../../../src/gates/lib/bash/tab-rows.ts';

function rowsOf(text: string, columns: readonly Column[] = ['a', 'b', 'c']): readonly (readonly string[])[] {
  const parsed = parseYaml(text, 'target', 'rows.yaml');
  const collection = 'message' in parsed ? undefined : parsed[0]?.get('rows');
  if (!collection) throw new Error('no YAML');
  return tabRows(collection, columns).map(({ values }) => values);
}

test.each<[string, string, readonly (readonly string[])[]]>([
  ['values by position', 'rows: [{ a: 1.50, b: True, c: "x y" }]', [['1.50', 'True', 'x y']]],
  [
    'a missing key says null, as do null and ~ in their own spelling',
    'rows: [{ a: ~, b: NULL }]',
    [['~', 'NULL', 'null']],
  ],
  [
    'empty values fall out and the others move up',
    'rows:\n  - { a: "", b: two }\n  - a:\n    b: ""\n    c: three',
    [['two', 'null'], ['three']],
  ],
  ['an item of nothing', 'rows:\n  -', [['null', 'null', 'null']]],
  ['a bare scalar has no values', 'rows: [x, { a: 1, b: 2, c: 3 }]', [[], ['1', '2', '3']]],
  ['the values of a map', 'rows: { k: { a: 1, b: 2, c: 3 } }', [['1', '2', '3']]],
  ['merged fields', 'x: &x { a: 1, b: 2 }\nrows: [{ <<: *x, b: 3, c: 4 }]', [['1', '3', '4']]],
  ['no items', 'rows: []', [[]]],
  ['no list', 'rows: hello', [[]]],
  ['nothing', 'x: 1', [[]]],
  ['an item that is a list spoils all rows', 'rows: [{ a: 1 }, []]', []],
  ['so does one behind an alias', 'x: &x []\nrows: [{ a: 1 }, *x]', []],
  ['so does a field that is a list', 'rows: [{ a: 1 }, { a: [1] }]', []],
  ['or a map', 'rows: [{ a: 1 }, { b: {} }]', []],
  ['but not a field that nobody asks for', 'rows: [{ a: 1, b: 2, c: 3, d: [] }]', [['1', '2', '3']]],
  [
    'quotes are doubled within quotes',
    `rows: [{ a: 'say "hi"', b: " x", c: 'it''s' }]`,
    [['"say ""hi"""', '" x"', "it's"]],
  ],
  ['a tab separates, and the last slot takes the rest', 'rows: [{ a: "1\\t2", b: 3, c: 4 }]', [['"1', '2"', '3\t4']]],
  [
    'a line break ends the row',
    'rows:\n  - a: 1\n    b: |\n      two\n    c: 3',
    [
      ['1', '"two'],
      ['"', '3'],
    ],
  ],
])('%s', (_, text, expected) => {
  expect(rowsOf(text)).toEqual(expected);
});

test('keys of a map and indices of a list, repeated keys included; a fallback stands for null and false, not for an empty text', () => {
  const columns = [ITEM_KEY, ['a', 'none'], ['b', '']] as const;
  expect(rowsOf('rows: { x: { a: false, b: 1 }, x: { a: "", b: 2 }, y: { a: ~ } }', columns)).toEqual([
    ['x', 'none', '1'],
    ['x', '2'],
    ['y', 'none'],
  ]);
  expect(rowsOf('rows: [{ b: 1 }]', columns)).toEqual([['0', 'none', '1']]);
});
