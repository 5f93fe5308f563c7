import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { type Datum, type FormatFault, type Scalar, tooManyValues } from './datum.ts';

/** The parser recurses. */
const MAX_DEPTH = 256;
/** Lines and commas. The parser takes some twenty microseconds for each. */
const MOST_PARTS = 50_000;

type Entries = Map<string, Datum>;

/** A TOML document. Dates stay as they are written. */
export function parseTomlData(text: string): readonly Datum[] | FormatFault {
  const brackets = /[[{](?:[^[\]{}"'\n]*[[{]){256}/.exec(text);
  if (brackets) return { message: `nested more than ${MAX_DEPTH} levels deep`, offset: brackets.index };
  const part = nthPart(text, MOST_PARTS);
  if (part !== undefined) return tooManyValues(part, MOST_PARTS);
  try {
    // A blank in the place of a byte order mark leaves every offset as it is.
    const root: Entries = new Map();
    for (const part of parseTOML(text.replace(/^\uFEFF/, ' ')).body[0].body) {
      if (part.type === 'TOMLKeyValue') setValue(root, part);
      else for (const pair of tableOf(root, part, part.body)) setValue(pair.table, pair.pair);
    }
    return [{ offset: 0, value: root }];
  } catch (error) {
    if (error instanceof ParseError) return { message: error.message, offset: error.index };
    if (error instanceof TooDeep) return { message: error.message, offset: error.offset };
    throw error;
  }
}

/** A dotted key stands for as many maps as it has parts. */
class TooDeep extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super(`nested more than ${MAX_DEPTH} levels deep`);
    this.offset = offset;
  }
}

/** Where the part with a number begins, if there are as many. */
function nthPart(text: string, number: number): number | undefined {
  let count = 0;
  for (const { index } of text.matchAll(/[\n,]/g)) if (++count > number) return index;
  return undefined;
}

/** The pairs of a table with the place that they go to, which is made where it is not yet there. */
function tableOf(root: Entries, { resolvedKey, range }: AST.TOMLTable, pairs: readonly AST.TOMLKeyValue[]) {
  if (resolvedKey.length > MAX_DEPTH) throw new TooDeep(range[0]);
  let table = root;
  for (let at = 0; at < resolvedKey.length; at++) {
    const [key, next] = [resolvedKey[at], resolvedKey[at + 1]];
    if (typeof key !== 'string') continue;
    if (typeof next === 'number') table = elementOf(table, key, next, range[0]);
    else table = entriesAt(table, key, range[0]);
  }
  return pairs.map((pair) => ({ table, pair }));
}

function entriesAt(table: Entries, key: string, offset: number): Entries {
  const value = table.get(key)?.value;
  if (value instanceof Map) return value;
  const entries: Entries = new Map();
  table.set(key, { offset, value: entries });
  return entries;
}

function elementOf(table: Entries, key: string, index: number, offset: number): Entries {
  const known = table.get(key)?.value;
  // What stands under a key of tables was put there by the line below.
  const elements = Array.isArray(known) ? (known as Datum[]) : [];
  if (!known) table.set(key, { offset, value: elements });
  const entries: Entries = new Map();
  elements[index] ??= { offset, value: entries };
  const { value } = elements[index];
  return value instanceof Map ? value : entries;
}

function setValue(table: Entries, { key, value }: AST.TOMLKeyValue): void {
  const names = key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
  if (names.length > MAX_DEPTH) throw new TooDeep(key.range[0]);
  let target = table;
  for (const name of names.slice(0, -1)) target = entriesAt(target, name, key.range[0]);
  target.set(names.at(-1) ?? '', { offset: key.range[0], value: contentOf(value) });
}

function contentOf(node: AST.TOMLContentNode): Datum['value'] {
  if (node.type === 'TOMLArray')
    return node.elements.map((element) => ({ offset: element.range[0], value: contentOf(element) }));
  if (node.type === 'TOMLInlineTable') {
    const entries: Entries = new Map();
    for (const pair of node.body) setValue(entries, pair);
    return entries;
  }
  return scalarOf(node);
}

function scalarOf(node: AST.TOMLValue): Scalar {
  if (node.kind === 'integer') return node.bigint;
  if (typeof node.value === 'object') return 'datetime' in node ? node.datetime : null;
  return node.value;
}
