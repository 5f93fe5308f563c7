import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateGates } from '../../../src/audit/evaluate.ts';
import { SnapshotReader } from '../../../src/audit/read/reader.ts';
import { gateFinding } from '../../../src/core/finding.ts';
import type { Gate } from '../../../src/core/gate.ts';
import { Abort } from '../../../src/core/signals.ts';
import { matchesWildcard } from '../../../src/core/text/wildcard.ts';
import { joinRaw, parseYaml, type YamlValue } from '../../../src/core/yaml/value.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';

function yaml(text: string): YamlValue {
  const parsed = parseYaml(text, 'target', 'x.yaml');
  if ('message' in parsed || !parsed[0]) throw new Error(`not YAML: ${JSON.stringify(parsed)}`);
  return parsed[0];
}

const given = (text: string) => yaml(`a: ${text}\n`).get('a');
const faultOf = (text: string) => {
  const parsed = parseYaml(text, 'target', 'x.yaml');
  return 'message' in parsed ? parsed : undefined;
};

describe('raw prints a scalar as spelled, without quotes', () => {
  test.each([
    ['', ''],
    ['~', '~'],
    ['null', 'null'],
    ['NULL', 'NULL'],
    ['"null"', 'null'],
    ['""', ''],
    ['True', 'True'],
    ['0x10', '0x10'],
    ['007', '007'],
    ['1.0', '1.0'],
    ['"[]"', '[]'],
    ["'it''s'", "it's"],
    ['"two\\nlines\\n\\n"', 'two\nlines'],
    ['foo # a comment', 'foo'],
    ['"foo" # a comment', 'foo'],
    ['~ # a comment', '~'],
    ['no', 'no'],
    ['2026-02-17', '2026-02-17'],
    ['!custom foo', 'foo'],
    ['&anchor foo', 'foo'],
    ['folded\n  over lines', 'folded over lines'],
    ['|\n  kept\n  lines\n', 'kept\nlines'],
    ['>-\n  folded\n  lines', 'folded lines'],
  ])('%j → %j', (text, raw) => expect(given(text).raw).toBe(raw));
});

describe('raw prints collections', () => {
  test.each([
    ['[]', '[]'],
    ['[ ]', '[]'],
    ['[]  # none yet', '[] # none yet'],
    ['{}', '{}'],
    ['{ }', '{}'],
    ['&x []', '&x []'],
    ['[ a,  "b" ]', '[a, "b"]'],
    ['[a,\n  b]', '[a, b]'],
    ['{b: 1,  c: [2]}', '{b: 1, c: [2]}'],
    ['\n  - x\n  - y', '- x\n- y'],
    ['\n- x\n- y', '- x\n- y'],
    ['\n  b: 1 # why\n  # more\n  c:\n    d: 2', 'b: 1 # why\n# more\nc:\n  d: 2'],
    ['\r\n  - x\r\n  - y\r\n', '- x\n- y'],
  ])('%j → %j', (text, raw) => expect(given(text).raw).toBe(raw));

  test('a comment after an empty list belongs to it only on the same line', () => {
    expect(yaml('a: []\n# end\n').get('a').raw).toBe('[]');
    expect(yaml('x:\n  a: []\n  # more\n').get('x', 'a').raw).toBe('[]');
  });
});

describe('steps', () => {
  test('into nothing are absent, which prints null', () => {
    for (const text of ['', '# only a comment\n', 'b: 1\n', 'a:\n', 'a: ~\n', 'a: {}\n', '---\n']) {
      const value = yaml(text).get('a', 'x', 'y');
      expect([text, value.kind, value.raw, value.or('D'), value.length]).toEqual([text, 'absent', 'null', 'D', 0]);
    }
  });
  test('into a scalar print nothing at all', () => {
    for (const text of ['word', '""', '0', 'false']) {
      const value = given(text).get('x');
      expect([value.kind, value.raw, value.or('D'), value.isBlank, value.is('*')]).toEqual([
        'absent',
        '',
        'D',
        true,
        false,
      ]);
    }
  });
  test('into a list abort, at the list', () => {
    expect(() => yaml('b: 1\na:\n  - x\n').get('a', 'x')).toThrow(Abort);
    expect(() => yaml('b: 1\na:\n  - x\n').get('a', 'x')).toThrow(
      expect.objectContaining({ place: { repo: 'target', path: 'x.yaml', line: 2 } }),
    );
  });
  test('take a dot in a key as part of it', () => expect(yaml('a.b: 1\na: {b: 2}\n').get('a.b').raw).toBe('1'));
  test('take numbers and quoted texts alike as keys', () => expect(yaml('200: x\n"a": y').get('200').raw).toBe('x'));
  test('find nothing for a key that is only a prefix', () => expect(yaml('ab: 1').get('a').kind).toBe('absent'));
});

describe('or', () => {
  test.each([
    ['', 'D'],
    ['~', 'D'],
    ['null', 'D'],
    ['Null', 'D'],
    ['false', 'D'],
    ['False', 'D'],
    ['FALSE', 'D'],
    ['"false"', 'false'],
    ['!!str false', 'false'],
    ['"null"', 'null'],
    ['""', ''],
    ['0', '0'],
    ['no', 'no'],
    ['true', 'true'],
    ['[]', '[]'],
    ['{}', '{}'],
  ])('%j → %j', (text, expected) => expect(given(text).or('D')).toBe(expected));

  test('a default of true can not be overridden by false', () => expect(given('false').or('true')).toBe('true'));
});

test('otherwise takes another value where or takes a text', () => {
  const vm = yaml('no: false\nvmid: 200\nempty: ""\n');
  expect(['id', 'no', 'empty', 'vmid'].map((key) => vm.get(key).otherwise(vm.get('vmid')).raw)).toEqual([
    '200',
    '200',
    '',
    '200',
  ]);
});

describe('is', () => {
  test.each([
    ['200', '200', true],
    ['"200"', '200', true],
    ['true', 'true', true],
    ['"true"', 'true', true],
    ['True', 'true', false],
    ['007', '7', false],
    ['1.0', '1', false],
    ['Shop', 'shop', false],
    ['null', 'null', false],
    ['~', '~', false],
    ['', '', false],
    ['""', '', true],
    ['"null"', 'null', true],
    ['[a]', '[a]', false],
    ['{}', '*', false],
    ['|\n  a\n', 'a', false],
    ['a/b/c', 'a*c', true],
    ['""', '*', true],
    ['ac', 'a?c', false],
    ['abc', 'a?c', true],
    ['abc', 'a.c', false],
    ['vzdump-qemu-200-daily-*.vma.zst', 'vzdump-qemu-200-*.vma.zst', true],
  ])('%j is %j: %j', (text, pattern, expected) => expect(given(text).is(pattern)).toBe(expected));

  test('absent is nothing', () => expect(yaml('').get('a').is('*')).toBe(false));
  test('an alias is nothing', () => expect(yaml('b: &b x\na: *b').get('a').is('x')).toBe(false));

  test('wildcards mean what the same regular expression means, and stay cheap', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, pattern, (text, wild) => {
        const source = wild.replace(/[/.]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
        return matchesWildcard(text, wild) === new RegExp(`^${source}$`).test(text);
      }),
    );
    expect(matchesWildcard('a'.repeat(20_000), `${'*a'.repeat(30)}b`)).toBe(false);
  });
});

describe('isText', () => {
  test.each([
    ['last week', true],
    ['2026-02-17', true],
    ['"20260217"', true],
    ['yes', true],
    ['20260217', false],
    ['0.0', false],
    ['True', false],
    ['~', false],
    ['[a]', false],
  ])('%j: %j', (text, expected) => expect(given(text).isText).toBe(expected));
});

describe('items, length, keys', () => {
  test('a list has its items in order', () => expect(joinRaw(given('[c, a, b]').items)).toBe('c\na\nb'));
  test('a map has its values in order', () => expect(joinRaw(given('{z: 1, b: 2}').items)).toBe('1\n2'));
  test('nothing else has any', () => {
    for (const text of ['', '~', 'word', '""', '0']) expect(given(text).items).toEqual([]);
    expect(yaml('').get('a').items).toEqual([]);
  });
  test('a repeated key counts once, in its first place, with its last value', () =>
    expect(joinRaw(given('{x: 1, y: 2, x: 3}').items)).toBe('3\n2'));
  test.each([
    ['[]', 0],
    ['[a, b]', 2],
    ['{a: 1, b: 2}', 2],
    ['{a: 1, a: 2}', 2],
    ['word', 4],
    ['é', 2],
    ['""', 0],
    ['1234', 4],
    ['', 0],
    ['~', 0],
    ['null', 0],
    ['|\n  a\n', 2],
  ])('length of %j is %j', (text, length) => expect(given(text).length).toBe(length));
  test('at counts from 0 and is absent beyond the end', () => {
    expect(given('[x, y]').at(1).raw).toBe('y');
    expect(given('[x, y]').at(2).kind).toBe('absent');
    expect(given('{x: y}').at(0).kind).toBe('absent');
  });
  test('keys stand as written, empty ones too', () => {
    expect(yaml('b: 1\n"a": 2\n? ~\n: 3\n: 4\nb: 5\n').keys).toEqual(['b', 'a', '~', '', 'b']);
  });
  test('a value left out altogether is empty, not absent', () => {
    expect(yaml('{a, b: 1}').get('a').raw).toBe('');
    expect(yaml('? a\n').has('a')).toBe(true);
  });
});

describe('matching selects by a name that may hold wildcards', () => {
  const hosts = yaml('pve: 1\npve-2: 2\nnas: 3\n');
  test('a plain name', () => expect(joinRaw(hosts.matching('nas'))).toBe('3'));
  test('several keys give a doubled value', () => expect(joinRaw(hosts.matching('pve*'))).toBe('1\n2'));
  test('none is one absent value', () => expect(joinRaw(hosts.matching('x*'))).toBe('null'));
});

describe('several values at once', () => {
  const entries = yaml('- {id: 1, s: a}\n- {id: 1, s: a}\n- {id: 1}\n- {id: 1, s: ""}\n').items;
  test('print one after the other', () => expect(joinRaw(entries.map((entry) => entry.get('s')))).toBe('a\na\nnull'));
  test('none print nothing', () => expect(joinRaw([])).toBe(''));
  test('empty ones print nothing', () => expect(joinRaw([given(''), given('""')])).toBe(''));
});

describe('duplicate keys, merges and aliases', () => {
  test('the last of repeated keys wins', () => {
    expect(yaml('a: 1\nb: 2\na: 3\n').get('a').raw).toBe('3');
    expect(yaml('a: {x: 1}\na: {y: 2}\n').get('a', 'x').kind).toBe('absent');
  });
  test('an alias prints as itself and is followed by steps', () => {
    const file = yaml('base: &b {plane: fabric}\na: *b\n');
    expect([file.get('a').raw, file.get('a').or('D'), file.get('a').kind]).toEqual(['*b', '*b', 'alias']);
    expect(file.get('a', 'plane').raw).toBe('fabric');
    expect(joinRaw(file.get('a').items)).toBe('fabric');
  });
  test('an alias means the latest anchor above it', () =>
    expect(joinRaw(yaml('- &x {v: 1}\n- *x\n- &x {v: 2}\n- *x\n').items.map((item) => item.get('v')))).toBe(
      '1\n1\n2\n2',
    ));
  test('the target of an alias is what it stands for; any other value is its own', () => {
    const file = yaml('base: &b x\na: *b\n');
    expect([file.get('a').target.raw, file.get('base').target.raw]).toEqual(['x', 'x']);
    expect(file.get('a').target.place.line).toBe(2);
    expect(file.get('none').target.kind).toBe('absent');
  });

  test('an alias holds no key of its own and has no length', () => {
    const alias = yaml('base: &b {plane: fabric}\na: *b\n').get('a');
    expect([alias.has('plane'), alias.length]).toEqual([false, 0]);
  });
  test('merges are followed for reading, not for has', () => {
    const merged = yaml('base: &b {plane: fabric, x: 1}\na:\n  <<: *b\n  y: 2\n').get('a');
    expect(merged.get('plane').raw).toBe('fabric');
    expect([merged.has('plane'), merged.has('y'), merged.has('<<')]).toEqual([false, true, true]);
    expect(joinRaw(merged.items)).toBe('fabric\n1\n2');
  });
  test('of a merged and an own value the later one wins', () => {
    expect(yaml('b: &b {v: merged}\na: {<<: *b, v: own}').get('a', 'v').raw).toBe('own');
    expect(yaml('b: &b {v: merged}\na: {v: own, <<: *b}').get('a', 'v').raw).toBe('merged');
  });
  test('of several merged maps the later one wins', () =>
    expect(yaml('b: &b {v: 1}\nc: &c {v: 2}\na: {<<: [*b, *c]}').get('a', 'v').raw).toBe('2'));
  test('a merged value stands where it is written', () =>
    expect(yaml('b: &b\n  v: 1\na:\n  <<: *b\n').get('a', 'v').place.line).toBe(2));
  test('a quoted "<<" is a key like any other', () =>
    expect(yaml('b: &b {v: 1}\na: {"<<": *b}').get('a', 'v').kind).toBe('absent'));
  test('a map that contains or merges itself ends', () => {
    expect(yaml('a: &a [*a]\n').get('a').raw).toBe('&a [*a]');
    expect(yaml('a: &a {<<: *a, v: 1}\n').get('a', 'v').raw).toBe('1');
    expect([...yaml('a: &a {b: *a}\n').descendants()]).toHaveLength(3);
  });
});

describe('places', () => {
  const file = yaml('# head\n\nversion: 1\nvms:\n  - id: 200\n    os:\n      name: x\n  -\n    id: 201\n');
  test.each([
    ['a key', () => file.get('version'), 3],
    ['a list, at its key', () => file.get('vms'), 4],
    ['an item, at its first line', () => file.get('vms').at(0), 5],
    ['an item that starts below its dash', () => file.get('vms').at(1), 9],
    ['a key within an item', () => file.get('vms').at(0).get('os', 'name'), 7],
    ['a missing key, at the map that lacks it', () => file.get('vms').at(0).get('vmid'), 5],
    ['a missing key of a nested map', () => file.get('vms').at(0).get('os', 'version'), 6],
    ['a missing key of the top', () => file.get('nothing'), 3],
    ['a step into a missing map', () => file.get('vms').at(0).get('net', 'ip'), 5],
    ['a missing item, at the list', () => file.get('vms').at(7), 4],
    ['an empty file', () => yaml('').get('a'), 1],
    ['a Windows file', () => yaml('a: 1\r\nb:\r\n  c: 2\r\n').get('b', 'c'), 3],
    ['a file with a byte order mark', () => yaml('\uFEFFa: 1\nb: 2\n').get('b'), 2],
    ['the last of repeated keys', () => yaml('a: 1\nb: 2\na: 3\n').get('a'), 3],
  ])('%s', (_, value, line) => expect(value().place).toEqual({ repo: 'target', path: 'x.yaml', line }));
});

describe('texts that are no YAML', () => {
  test.each([
    ['an open list', 'a: 1\nb: [2\n', 3],
    ['an open quote', 'a: 1\nb: "x\n', 3],
    ['a wrong indentation', 'a: 1\n  b: 2\n', 1],
    ['a tab as indentation', 'a:\n\t- x\n', 2],
    ['a colon too many', 'x: 1\na: b: c\n', 2],
    ['a reserved character', 'x: 1\na: @home\n', 2],
    ['an alias of nothing', 'x: 1\na: *nothing\n', 2],
    ['an anchor below its alias', 'a: *b\nb: &b 1\n', 1],
    ['a merge-conflict marker', 'a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n', 2],
    ['a fault in a later document', 'a: 1\n---\nb: [\n', 4],
    ['a NUL byte', 'a: 1\nb: \u0000\n', 2],
    ['a delete character', 'a: \u007f\n', 1],
    ['a C1 control character', 'a: \u0081\n', 1],
  ])('%s', (_, text, line) => expect(faultOf(text)).toEqual({ message: expect.any(String), line }));

  test('a message is one line and never the file', () => {
    const message = faultOf(`password: "hunter2${'\nx: y'.repeat(50)}`)?.message ?? '';
    expect(message).not.toMatch(/\n|hunter2/);
  });
  test('emoji, next-line characters and JSON are YAML', () => {
    for (const text of ['a: 😀\n', 'a: "x\u0085y"\n', '{\n\t"a": [\n\t\t1\n\t]\n}\n'])
      expect(faultOf(text)).toBeUndefined();
  });
});

describe('hostile files stay cheap', () => {
  const within = <T>(milliseconds: number, work: () => T): T => {
    const start = performance.now();
    const result = work();
    expect(performance.now() - start).toBeLessThan(milliseconds);
    return result;
  };
  test('a hundred levels are read', () => {
    const deep = yaml(`${Array.from({ length: 100 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')} x\n`);
    expect(deep.get(...Array.from({ length: 100 }, () => 'a')).raw).toBe('x');
    expect(given('['.repeat(100) + ']'.repeat(100)).raw).toHaveLength(200);
  });
  test('a hundred thousand levels are refused, not a crash', () => {
    expect(within(20_000, () => faultOf('['.repeat(100_000)))?.message).toContain('nested');
    expect(faultOf('- '.repeat(3000))?.message).toContain('nested');
  });
  test('an alias bomb is never expanded', () => {
    const level = (n: number) => `l${n}: &l${n} [${Array.from({ length: 9 }, () => `*l${n - 1}`).join(', ')}]`;
    const bomb = `l0: &l0 lol\n${Array.from({ length: 40 }, (_, n) => level(n + 1)).join('\n')}\n`;
    expect(within(5000, () => yaml(bomb).get('l40').raw)).toHaveLength('&l40 '.length + 9 * 4 + 8 * 2 + 2);
  });
  test('a merge bomb is never expanded', () => {
    const level = (n: number) => `l${n}: &l${n} {<<: [*l${n - 1}, *l${n - 1}]}`;
    const bomb = `l0: &l0 {v: 1}\n${Array.from({ length: 60 }, (_, n) => level(n + 1)).join('\n')}\n`;
    expect(within(5000, () => yaml(bomb).get('l60', 'v').raw)).toBe('1');
  });
  test('many aliases cost no more than as many words', () => {
    const list = within(20_000, () => yaml(`x: &x {v: 1}\na:\n${'  - *x\n'.repeat(20_000)}`).get('a'));
    expect(within(5000, () => joinRaw(list.items.map((item) => item.get('v'))))).toHaveLength(2 * 20_000 - 1);
  });
});

test('any text parses or has a fault with a line, and any query of it ends', () => {
  const pieces = [
    'a',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '"',
    "'",
    '#',
    '&x ',
    '*x',
    '<<: ',
    '|',
    '? ',
    '---',
    '!t ',
    '\t',
    '%',
    '0',
    '~',
  ];
  const text = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 30 });
  const ask = (value: YamlValue) => {
    for (const [, inner] of value.descendants()) {
      expect(inner.place.line).toBeGreaterThan(0);
      [
        inner.raw,
        inner.or('D'),
        inner.length,
        inner.is('a*'),
        inner.items,
        inner.keys,
        inner.has('a'),
        inner.at(0).raw,
      ];
      if (inner.kind !== 'list') inner.matching('a*');
    }
  };
  fc.assert(
    fc.property(text, (any) => {
      const parsed = parseYaml(any, 'target', 'x.yaml');
      if ('message' in parsed) expect(parsed.line).toBeGreaterThan(0);
      else parsed.forEach(ask);
    }),
    { numRuns: 3000 },
  );
});

test('a file that is not UTF-8 is no YAML, though it can be read as text', async () => {
  const latin1 = new Uint8Array([...new TextEncoder().encode('a: 1\nb: caf'), 0xe9, 0x0a]);
  const files = { 'latin.yaml': latin1, 'replaced.yaml': 'a: caf\uFFFD\n' };
  const gate: Gate = {
    ...{ name: 'reads', mirrors: [], why: '', fix: '', reads: [], rules: {}, examples: { pass: [], fail: [] } },
    *check({ repo }) {
      yield gateFinding('replaced', repo.yaml('replaced.yaml').get('a').raw, undefined, '');
      yield gateFinding('text', repo.text('latin.yaml').slice(0, 4), undefined, '');
      repo.yaml('latin.yaml');
    },
  };
  const target = new SnapshotReader('target', memorySnapshot({ files }));
  const [evaluation] = await evaluateGates({ target, siblings: new Map(), now: 0, gates: new Map() }, [gate]);
  expect(evaluation?.findings.map(({ rule, subject, line }) => [rule, subject, line])).toEqual([
    ['replaced', 'caf\uFFFD', null],
    ['text', 'a: 1', null],
    ['unreadable', 'latin.yaml', 2],
  ]);
});
