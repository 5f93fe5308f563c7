import { describe, expect, test } from 'vitest';
import { readStrictJson } from '../../src/reported/strict-json.ts';

describe('a JSON text of which nothing may get lost', () => {
  test.each([
    ['the same key in two objects', '[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
    [
      'what looks like keys in a text',
      '{"a": "{\\"a\\": 1, \\"b\\": 2, \\"a\\": 3"}',
      { a: '{"a": 1, "b": 2, "a": 3' },
    ],
    ['an object below a key of its own name', '{"a": {"a": {"a": []}}}', { a: { a: { a: [] } } }],
    ['a backslash at the end of a text', '{"a\\\\": "b\\\\", "c": "\\\\"}', { 'a\\': 'b\\', c: '\\' }],
  ])('%s is read', (_, text, value) => {
    expect(readStrictJson(text)).toEqual({ value });
  });

  test.each([
    ['a key twice', '{"sha": null, "at": 1, "sha": "x"}', 'The key "sha" stands twice'],
    ['a key twice, once in other letters', '{"sha": 1, "\\u0073ha": 2}', 'The key "sha" stands twice'],
    ['a key twice, deep down', '{"a": [{"b": {"c": 1, "d": {}, "c": 2}}]}', 'The key "c" stands twice'],
    ['a key of every object', '{"a": {"__proto__": 1}}', 'The key "__proto__" names what every object has'],
    ['lists in lists', `${'['.repeat(400_000)}${']'.repeat(400_000)}`, 'nested more than 32 levels deep'],
    ['objects in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'nested more than 32 levels deep'],
    ['a mark of byte order', '\uFEFF{}', 'begins with a byte order mark'],
    ['UTF-16', '{\0}\0', 'null bytes, as UTF-16 has'],
    ['half a text', '{"a": "b', 'The body is not JSON: '],
    ['nothing', '', 'The body is not JSON: '],
  ])('%s is a fault', (_, text, fault) => {
    expect(readStrictJson(text)).toEqual({ fault: expect.stringContaining(fault) });
  });
});
