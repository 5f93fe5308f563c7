import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseYaml } from '../../src/core/yaml/value.ts';
import { type Datum, type FormatFault, isList, isMap } from '../../src/declared/formats/datum.ts';
import { compilePattern } from '../../src/declared/pattern.ts';
import { dataOfDocuments, type Format, parseAs } from '../../src/declared/tables/format.ts';
import { linesOf } from '../../src/declared/tables/lines.ts';

type Readable = Exclude<Format, 'file'>;
type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

function read(format: Readable, text: string): readonly Datum[] | FormatFault {
  if (format !== 'yaml') return parseAs(format, text, {});
  const documents = parseYaml(text, 'target', 'x.yaml');
  return 'message' in documents ? { message: documents.message, offset: 0 } : dataOfDocuments(documents);
}

function dataIn(format: Readable, text: string): readonly Datum[] {
  const data = read(format, text);
  if ('message' in data) throw new Error(`${data.message} at ${data.offset} of ${JSON.stringify(text)}`);
  return data;
}

/** The same without places; whole numbers are numbers again. */
function plain({ value }: Datum): Plain {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, part]) => [key, plain(part)]));
  if (Array.isArray(value)) return value.map((part: Datum) => plain(part));
  return typeof value === 'bigint' ? Number(value) : (value as Plain);
}

function* within(datum: Datum): Generator<Datum> {
  yield datum;
  const parts = isMap(datum) ? datum.value.values() : isList(datum) ? datum.value : [];
  for (const part of parts) yield* within(part);
}

/** Names of a machine's fields: `__proto__` and the like are names as any other. */
const KEY = fc.oneof(
  fc.stringMatching(/^[a-z][a-z_]{0,6}$/),
  fc.constantFrom('constructor', 'to_string', 'has_own', 'a-b', 'null'),
);
const TEXT = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    'a: b',
    '- x',
    '#',
    '~',
    'yes',
    '0x1f',
    '1e3',
    '"',
    "'",
    '\\',
    'a\nb',
    '\t',
    '{{ x }}',
    '010',
  ),
);
const SCALAR = fc.oneof(TEXT, fc.integer(), fc.boolean());
const LEAF = fc.oneof(SCALAR, fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }));
const VALUE: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    LEAF,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(KEY, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const RECORDS = fc.array(fc.dictionary(KEY, SCALAR, { minKeys: 1, maxKeys: 4 }), { minLength: 1, maxLength: 6 });
const sameAs = (value: unknown) => JSON.parse(JSON.stringify(value));
const lineIn = (text: string, { offset }: Datum) => linesOf(text)(offset).line;
const jsonText = (value: unknown) => JSON.stringify(value).replaceAll('\u007f', '\\u007f');

describe('what a serializer writes is read back', () => {
  test('YAML, every document', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(KEY, VALUE, { minKeys: 1 }), { minLength: 1, maxLength: 3 }), (documents) => {
        const text = documents.map((document) => `---\n${stringify(document)}`).join('');
        expect(dataIn('yaml', text).map(plain)).toEqual(sameAs(documents));
      }),
    );
  });

  test('TOML, a byte order mark before it', () => {
    expect(dataIn('toml', '\uFEFF[[hosts]]\r\nname = "a"\r\n').map(plain)).toEqual([{ hosts: [{ name: 'a' }] }]);
  });

  test('JSON, with and without line breaks, a byte order mark before it', () => {
    fc.assert(
      fc.property(VALUE, fc.constantFrom(undefined, 2), fc.constantFrom('', '\uFEFF'), (value, indent, mark) => {
        expect(dataIn('json', mark + JSON.stringify(value, null, indent)).map(plain)).toEqual([sameAs(value)]);
      }),
    );
  });

  test('TOML: pairs, tables of tables', () => {
    fc.assert(
      fc.property(fc.dictionary(KEY, SCALAR), RECORDS, (top, records) => {
        const pairs = (map: object) => Object.entries(map).map(([key, value]) => `${key} = ${jsonText(value)}\n`);
        const text = [...pairs(top), ...records.flatMap((record) => ['[[the.rows]]\n', ...pairs(record)])].join('');
        expect(dataIn('toml', text).map(plain)).toEqual([sameAs({ ...top, the: { rows: records } })]);
      }),
    );
  });

  test('CSV and TSV: blanks around a cell and empty cells say nothing', () => {
    const cells = fc.array(fc.array(TEXT, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cells, fc.constantFrom('csv', 'tsv'), fc.constantFrom('\n', '\r\n'), (rows, format, ending) => {
        const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
        const delimiter = format === 'csv' ? ',' : '\t';
        const text = [['a', 'b'], ...rows].map((row) => row.map(quoted).join(delimiter) + ending).join('');
        const said = rows.map((row) =>
          Object.fromEntries(row.map((cell, index) => [['a', 'b'][index] ?? String(index + 1), cell.trim() || null])),
        );
        expect(dataIn(format, text).map(plain)).toEqual([said]);
      }),
    );
  });

  test('INI: every key holds all its values, in order', () => {
    const value = fc.stringMatching(/^[\w.:/@%=-][\w .:/@%=-]{0,10}[\w.:/@%=-]$/);
    const section = fc.array(fc.tuple(fc.stringMatching(/^[A-Z][A-Za-z]{0,6}$/), value), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,6}$/), section, { minKeys: 1 }), (unit) => {
        const text = Object.entries(unit)
          .map(([name, pairs]) => `[${name}]\n${pairs.map(([key, one]) => `${key}=${one}\n`).join('')}`)
          .join('\n');
        const said = Object.fromEntries(
          Object.entries(unit).map(([name, pairs]) => [
            name,
            Object.fromEntries(
              pairs.map(([key]) => [key, pairs.filter(([other]) => other === key).map(([, one]) => one)]),
            ),
          ]),
        );
        expect(dataIn('ini', text).map(plain)).toEqual([said]);
      }),
    );
  });

  test('dotenv: quoted values, over several lines as well', () => {
    const value = fc.stringMatching(/^[\w #=:\n]{0,16}$/);
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[A-Z][A-Z_]{0,6}$/), value),
        fc.constantFrom('"', "'"),
        (all, quote) => {
          const text = Object.entries(all).map(([name, one]) => `${name}=${quote}${one}${quote}\n`);
          expect(dataIn('env', text.join('')).map(plain)).toEqual([all]);
        },
      ),
    );
  });
});

describe('a value stands where it was written', () => {
  /** One field a line: what stands on which line is known. */
  test.each([
    ['yaml', (key: string, value: unknown) => `${key}: ${JSON.stringify(value)}`, '- ', '  ', ''],
    ['toml', (key: string, value: unknown) => `${key} = ${jsonText(value)}`, '[[rows]]\n', '', ''],
    ['json', (key: string, value: unknown) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`, '{\n', '', '},\n'],
  ] as const)('%s', (format, write, open, indent, close) => {
    fc.assert(
      fc.property(RECORDS, (records) => {
        let text = format === 'json' ? '[\n' : '';
        const lines: number[] = [];
        for (const record of records) {
          text += open;
          for (const [index, [key, value]] of Object.entries(record).entries()) {
            lines.push(text.split('\n').length);
            text += `${index > 0 ? indent : ''}${write(key, value)}\n`;
          }
          text += close;
        }
        const [document] = dataIn(format, format === 'json' ? `${text}]` : text);
        const leaves = document ? [...within(document)].filter((part) => !isMap(part) && !isList(part)) : [];
        expect(leaves.map((leaf) => lineIn(text, leaf))).toEqual(lines);
      }),
    );
  });

  test('CSV: on the line on which its cell begins, whatever the cells before it hold', () => {
    const cells = fc.array(fc.tuple(TEXT, fc.stringMatching(/^[a-z]{1,5}$/)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(cells, (rows) => {
        let text = 'a,b\n';
        const lines: number[] = [];
        for (const [one, two] of rows) {
          text += `"${one.replaceAll('"', '""')}",`;
          lines.push(text.split('\n').length);
          text += `${two}\n`;
        }
        const seconds = dataIn('csv', text).flatMap((all) => [...within(all)].filter(isMap));
        expect(seconds.map(({ value }) => lineIn(text, value.get('b') ?? { offset: 0, value: null }))).toEqual(lines);
      }),
    );
  });

  test('rows by regular expression: where the group begins', () => {
    const pattern = compilePattern('^\\| (?P<id>\\d+) \\| (?P<name>\\w+) \\|', { multiline: true });
    const rows = fc.array(fc.tuple(fc.nat(), fc.stringMatching(/^[a-z]{1,5}$/), TEXT), { maxLength: 6 });
    fc.assert(
      fc.property(rows, (all) => {
        const lines = all.map(([id, name, more]) => `| ${id} | ${name} | ${more.replaceAll('\n', ' ')}`);
        const text = `# Machines\n\n${lines.join('\n')}\n`;
        const found = [...pattern.matches(text)].map(({ groups }) => {
          const [id, name] = [groups.get('id'), groups.get('name')];
          return [Number(id?.text), name?.text, text.startsWith(`${name?.text} |`, name?.offset)];
        });
        expect(found).toEqual(all.map(([id, name]) => [id, name, true]));
      }),
    );
  });
});

const ANYTHING = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      '1',
      ' ',
      '\n',
      '\r',
      '\t',
      '"',
      "'",
      ',',
      ':',
      '=',
      '[',
      ']',
      '{',
      '}',
      '-',
      '#',
      '&',
      '*',
      '|',
      '\\',
      '<',
      '\uFEFF',
    ),
    maxLength: 60,
  }),
  fc.tuple(VALUE, fc.nat(), fc.string({ maxLength: 2 })).map(([value, at, noise]) => {
    const text = stringify(value);
    return text.slice(0, at % (text.length + 1)) + noise + text.slice((at % (text.length + 1)) + 1);
  }),
);

test.each(['yaml', 'json', 'toml', 'csv', 'tsv', 'ini', 'env'] as const)(
  '%s: any text is read or refused, and every place lies within it',
  (format) => {
    fc.assert(
      fc.property(ANYTHING, (text) => {
        const data = read(format, text);
        const places = 'message' in data ? [data] : data.flatMap((document) => [...within(document)]);
        for (const { offset } of places) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 300 },
    );
  },
);

test.each([
  ['csv', 'a,b\n"x" ,y\n', [[{ a: 'x', b: 'y' }]]],
  ['csv', 'a,b\n"x"z,y\n', 'a delimiter or the end of the line has to follow a quoted cell'],
  ['json', '[9007199254740993]', [[9007199254740993n]]],
  [
    'env',
    'KEY="-----BEGIN\nMII=\n-----END"\nNEXT=1\nOPEN="x\nLAST=2\n',
    [{ KEY: '-----BEGIN\nMII=\n-----END', NEXT: '1', OPEN: '"x', LAST: '2' }],
  ],
] as const)('%s: %j', (format, text, expected) => {
  const data = read(format, text);
  if ('message' in data) expect(data.message).toBe(expected);
  else if (format === 'json')
    expect(data.map(({ value }) => [(value as readonly Datum[])[0]?.value])).toEqual(expected);
  else expect(data.map(plain)).toEqual(expected);
});
