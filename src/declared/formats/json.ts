import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Datum, type FormatFault, MOST_VALUES, tooManyValues } from './datum.ts';

/** The parser recurses. */
const MAX_DEPTH = 256;

/** A JSON text. Comments and trailing commas are accepted, as editors' and linters' configurations have them; `basics` asks for strict JSON. */
export function parseJsonData(text: string): readonly Datum[] | FormatFault {
  const tooMuch = beyond(MAX_DEPTH, text);
  if (tooMuch) return tooMuch;
  const errors: ParseError[] = [];
  // A blank in the place of a byte order mark leaves every offset as it is.
  const bare = text.replace(/^\uFEFF/, ' ');
  const tree = parseTree(bare, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) return { message: inWords(printParseErrorCode(error.error)), offset: error.offset };
  return tree ? [datumOf(tree, tree.offset, bare)] : { message: 'it is empty', offset: 0 };
}

function datumOf(node: Node, offset: number, text: string): Datum {
  const { type, children = [], value } = node;
  if (type === 'array') return { offset, value: children.map((child) => datumOf(child, child.offset, text)) };
  if (type === 'object') {
    const entries = children.flatMap(({ children: [key, child] = [] }): [string, Datum][] =>
      key && child ? [[String(key.value), datumOf(child, key.offset, text)]] : [],
    );
    return { offset, value: new Map(entries) };
  }
  if (typeof value !== 'number') return { offset, value };
  // As it is written: a number of CEL's or JavaScript's own would take long ids for each other.
  const written = text.slice(node.offset, node.offset + node.length);
  if (/^-?\d{1,30}$/.test(written)) return { offset, value: BigInt(written) };
  return { offset, value: Number.isSafeInteger(value) ? BigInt(value) : value };
}

function inWords(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase();
}

/** What there is too much of: brackets in brackets, or values. Brackets and commas in strings do not count. */
function beyond(limit: number, text: string): FormatFault | undefined {
  let depth = 0;
  let values = 1;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[{,]|[\]}]/g)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (/^[[{,]$/.test(token)) values++;
    if (depth > limit) return { message: `nested more than ${limit} levels deep`, offset: index };
    if (values > MOST_VALUES) return tooManyValues(index);
  }
  return undefined;
}
