import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml, type YamlValue } from '../../../src/core/yaml/value.ts';
import { quote, renderMessage } from '../../../src/gates/lib/message.ts';

function yamlOf(text: string): YamlValue {
  const [document] = parseYaml(`a: ${text}\n`, 'target', 'a.yaml') as readonly YamlValue[];
  if (!document) throw new Error(`${text} is not YAML`);
  return document.get('a');
}

test('values take the places of their names, as code where the message says so', () => {
  expect(renderMessage('`{host}` has {count} machines.', { host: 'pve', count: 2 })).toBe('`pve` has 2 machines.');
});

test('nothing is shown as (empty), never as an empty pair of backticks', () => {
  for (const nothing of ['', '  ', yamlOf('~'), yamlOf('""'), yamlOf('').get('b')]) {
    expect(renderMessage('It is `{value}`, {value}.', { value: nothing })).toBe('It is (empty), (empty).');
  }
  expect(renderMessage('It is `{value}`.', { value: yamlOf('false') })).toBe('It is `false`.');
});

test('two values that differ look different', () => {
  expect(quote('`10.0.0.5`')).toBe('`ˋ10.0.0.5ˋ`');
  expect(quote(' pve  ')).toBe('`␣pve␣␣`');
});

test('a value that looks like a placeholder or a replacement pattern is just text', () => {
  expect(renderMessage('`{one}` {two}', { one: '{two} $& $1', two: '`{one}`' })).toBe('`{two} $& $1` `{one}`');
});

test('code always ends where it should: backticks come in pairs, whatever the value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect([...renderMessage('`{value}`.', { value })].filter((char) => char === '`').length % 2).toBe(0);
    }),
  );
});

test('an endless value does not bury the sentence', () => {
  expect(renderMessage('`{value}` is too long.', { value: 'x'.repeat(10_000) })).toMatch(/^`x{120}…` is too long\.$/);
});
