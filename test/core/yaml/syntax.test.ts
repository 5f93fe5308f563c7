import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Composer, type CST, type Document, isNode, isPair, LineCounter, Parser } from 'yaml';
import { syntaxOf } from '../../../src/core/yaml/syntax.ts';

const OPTIONS = { uniqueKeys: false, logLevel: 'silent', resolveKnownTags: false } as const;

/** Deeper than any text of these tests. */
const DEEP = 100;

/** What the library makes of a text's tokens: all that its nodes say, and its mistakes in the order of their places. */
function composed(tokens: Iterable<CST.Token>) {
  const documents = [...new Composer(OPTIONS).compose(tokens)];
  return {
    documents: documents.map(({ contents, comment, commentBefore, range, directives }) => {
      return { contents: said(contents), comment, commentBefore, range, directives };
    }),
    mistakes: documents.flatMap(mistakesOf).toSorted(),
  };
}

function mistakesOf({ errors }: Document.Parsed): readonly string[] {
  return errors.map(({ pos, message }) => `${String(pos[0]).padStart(6)} ${message}`);
}

function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (!isNode(value) && !isPair(value)) return value;
  return [
    value.constructor.name,
    ...Object.entries(value).map(([key, part]) => (key === 'schema' ? key : [key, said(part)])),
  ];
}

function wholly(text: string) {
  const lines = new LineCounter();
  return { ...composed([...new Parser(lines.addNewLine).parse(text)]), lines: lines.lineStarts };
}

function pieceByPiece(text: string, piecesAtOnce: number) {
  const lines = new LineCounter();
  const onTooDeep = () => {
    throw new Error('too deep');
  };
  const tokens = syntaxOf(text, { onLine: lines.addNewLine, onTooDeep }, { maxDepth: DEEP, piecesAtOnce });
  return { ...composed(tokens), lines: lines.lineStarts };
}

const LINE = fc.constantFrom(
  'a: 1',
  'b:',
  '- c',
  '-',
  '- d: 1',
  '- - e',
  '# comment',
  '',
  '   ',
  '? key',
  '? - key',
  '? x: y',
  ': value',
  '---',
  '--- # start',
  '--- text',
  '...',
  '%YAML 1.2',
  'f: &anchor',
  'g: *anchor',
  '&top',
  '!tag',
  'h: |',
  'i: >-',
  'j: "two',
  'words"',
  "k: 'one'",
  'l: [1, {m: 2}]',
  'n: [',
  ']',
  '{o: p}: q',
  '[r]: s',
  't: 1 # beside',
  '- # beside',
  'plain',
  'u: v: w',
  'x: - y',
  '\t',
  '}',
  '@',
);
const TEXT = fc
  .array(
    fc.tuple(fc.constantFrom('', ' ', '  ', '    ', '      '), LINE, fc.constantFrom('\n', '\n', '\n', '\r\n', '')),
    {
      maxLength: 30,
    },
  )
  .map((lines) => lines.flat().join(''));

describe('syntax that is read while it is composed', () => {
  test('gives what syntax that is read as a whole gives, however much is read at once', () => {
    fc.assert(
      fc.property(TEXT, fc.integer({ min: 1, max: 12 }), (text, piecesAtOnce) => {
        expect(pieceByPiece(text, piecesAtOnce)).toEqual(wholly(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('is let go when it is composed', () => {
    const text = `vms:\n${'  - { id: 100, host: pve }\n'.repeat(1000)}`;
    let held = 0;
    const parsers = new Set<Parser>();
    const { next } = Parser.prototype;
    Parser.prototype.next = function* (piece) {
      parsers.add(this);
      for (const token of this.stack) if ('items' in token) held = Math.max(held, token.items.length);
      yield* next.call(this, piece);
    };
    try {
      expect(pieceByPiece(text, 100).documents).toHaveLength(1);
    } finally {
      Parser.prototype.next = next;
    }
    expect(parsers.size).toBe(1);
    expect(held).toBeLessThan(50);
  });

  test('ends where collections lie too deep, before it is read on', () => {
    let read = 0;
    const onTooDeep = (offset: number) => {
      throw new Error(`too deep at ${offset}`);
    };
    const text = `a: [[[[[[\n${'b\n'.repeat(1000)}`;
    const listener = { onLine: () => read++, onTooDeep };
    expect(() => [...syntaxOf(text, listener, { maxDepth: 4 })]).toThrow('too deep at 6');
    expect(read).toBe(1);
  });
});
