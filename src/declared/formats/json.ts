import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type Datum, type FormatFault, MOST_VALUES, tooManyValues } from './datum.ts';

/** The parser recurses. */
const MAX_DEPTH = 256;

/** A JSON text. Comments and trailing commas are accepted, as editors' and linters' configurations have them; `basics` asks for strict JSON. */
export function parseJsonData(text: string): readonly Datum[] | FormatFault {
  const tooMuch = beyond(MAX_DEPTH, text);
  if (tooMuch) return tooMuch;
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) return { message: inWords(printParseErrorCode(error.error)), offset: error.offset };
  return tree ? [datumOf(tree, tree.offset)] : { message: 'it is empty', offset: 0 };
}

function datumOf(node: Node, offset: number): Datum {
  const { type, children = [], value } = node;
  if (type === 'array') return { offset, value: children.map((child) => datumOf(child, child.offset)) };
  if (type === 'object') {
    const entries = children.flatMap(({ children: [key, child] = [] }): [string, Datum][] =>
      key && child ? [[String(key.value), datumOf(child, key.offset)]] : [],
    );
    return { offset, value: new Map(entries) };
  }
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
