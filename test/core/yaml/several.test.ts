import { describe, expect, test } from 'vitest';
import { Abort } from '../../../src/core/signals.ts';
import { SeveralValues } from '../../../src/core/yaml/several.ts';
import { parseYaml, type YamlValue } from '../../../src/core/yaml/value.ts';

function documents(text: string): YamlValue {
  const parsed = parseYaml(text, 'target', 'x.yaml');
  if ('message' in parsed) throw new Error(parsed.message);
  const [first, ...others] = parsed;
  if (!first) throw new Error('no document');
  return new SeveralValues(first, ...others);
}

describe('a query put to several documents', () => {
  const value = documents('a: 1\nlist: [x]\nonly: [p, q]\n---\na: 2\nlist: [y]\n---\nb: 3\n');

  test('prints every result, with a separator between documents', () => {
    expect(value.get('a').raw).toBe('1\n---\n2\n---\nnull');
    expect(value.get('a').isBlank).toBe(false);
    expect(value.get('a').is('*')).toBe(false);
    expect(value.get('a').kind).toBe('scalar');
  });

  test('prints a fallback as one of the first document', () => {
    expect(documents('a: 1\n---\nb: 2\n').get('a').or('none')).toBe('1\nnone');
    expect(documents('a: 1\n---\nb: 2\n').get('a').or('')).toBe('1');
    expect(documents('b: 1\n---\na: 2\n').get('a').or('none')).toBe('none\n---\n2');
  });

  test('iterates where one document has items, and stumbles where two have', () => {
    expect(value.get('only').items.map(({ raw }) => raw)).toEqual(['p', 'q']);
    expect(() => value.get('list').items).toThrow(Abort);
    expect(() => value.get('list').length).toThrow('holds 3 YAML documents');
  });
});

test.each(['!!pairs', '!!omap', '!!set', '!!binary', '!!timestamp', '!!int', '!mine'])(
  'the tag %s says nothing',
  (tag) => {
    const text = `a: ${tag} soon\nb: ${tag}\n  - x: 1\n`;
    const parsed = parseYaml(text, 'target', 'x.yaml');
    if ('message' in parsed) throw new Error(parsed.message);
    expect(parsed[0]?.get('a').raw).toBe('soon');
    expect(parsed[0]?.get('b').items[0]?.get('x').raw).toBe('1');
  },
);
