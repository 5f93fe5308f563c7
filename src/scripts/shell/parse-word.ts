import type { Cursor } from './cursor.ts';
import { byteOf, CONTROLS, withBytesJoined } from './escapes.ts';
import type { Operation, ParameterPart, TextPart, Word, WordPart } from './syntax.ts';

/** What ends a word; quotes and expansions may hold any of it. */
export type Ends = (char: string, cursor: Cursor) => boolean;

const META = new Set([' ', '\t', '\n', '|', '&', ';', '(', ')', '<', '>']);
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const SPECIAL_PARAMETERS = '@*#?-$!';

const endsWord: Ends = (char) => META.has(char);

/** A word in which the parentheses of extended patterns are part of it: `@(a|b)`. */
export function readPattern(cursor: Cursor): Word {
  let depth = 0;
  const ends: Ends = (char, at) => {
    if (char === '(' && (depth > 0 || /[@?*+!]/.test(at.source[at.at - 1] ?? ''))) {
      depth++;
      return false;
    }
    if (depth > 0) {
      if (char === ')') depth--;
      return false;
    }
    return endsWord(char, at);
  };
  return readUntil(cursor, ends, () => depth === 0);
}

/** Reads one word; empty when the cursor stands at its end. */
export function readWord(cursor: Cursor, ends: Ends = endsWord): Word {
  return ends === endsWord && cursor.isExtended
    ? readPattern(cursor)
    : readUntil(cursor, ends, () => ends === endsWord);
}

/** `holdsProcesses`: whether `<(…)` means something here. */
function readUntil(cursor: Cursor, ends: Ends, holdsProcesses: () => boolean): Word {
  const parts: WordPart[] = [];
  while (!cursor.atEnd) {
    if (holdsProcesses() && /^[<>]\(/.test(cursor.rest(2))) readProcess(cursor, parts);
    else if (ends(cursor.char, cursor)) break;
    else readPart(cursor, parts);
  }
  return parts;
}

function readPart(cursor: Cursor, parts: WordPart[]): void {
  const char = cursor.char;
  if (char === "'") parts.push(quoted(readSingleQuoted(cursor)));
  else if (char === '"') readDoubleQuoted(cursor, parts);
  else if (char === '\\') readEscape(cursor, parts);
  else if (char === '$' || char === '`') readDollar(cursor, parts, false);
  else {
    cursor.advance();
    addText(parts, char, false);
  }
}

function readProcess(cursor: Cursor, parts: WordPart[]): void {
  const direction = cursor.char === '<' ? '<' : '>';
  cursor.at += 2;
  parts.push({ kind: 'process', direction, list: cursor.readCommands() });
}

function readEscape(cursor: Cursor, parts: WordPart[]): void {
  cursor.advance();
  if (cursor.atEnd) addText(parts, '\\', true);
  else if (cursor.char !== '\n') addText(parts, cursor.char, true);
  cursor.advance();
}

function quoted(text: string): TextPart {
  return { kind: 'text', text, quoted: true };
}

function addText(parts: WordPart[], text: string, isQuoted: boolean): void {
  const last = parts.at(-1);
  if (last?.kind === 'text' && last.quoted === isQuoted) parts[parts.length - 1] = { ...last, text: last.text + text };
  else parts.push({ kind: 'text', text, quoted: isQuoted });
}

function readSingleQuoted(cursor: Cursor): string {
  const end = cursor.source.indexOf("'", cursor.at + 1);
  if (end < 0) throw cursor.fail("unexpected EOF while looking for matching `''");
  const text = cursor.source.slice(cursor.at + 1, end);
  cursor.at = end + 1;
  return text;
}

function readDoubleQuoted(cursor: Cursor, parts: WordPart[]): void {
  cursor.advance();
  const before = parts.length;
  parts.push(quoted(''));
  while (!cursor.atEnd && cursor.char !== '"') readQuotedPart(cursor, parts, '$`"\\');
  if (cursor.atEnd) throw cursor.fail('unexpected EOF while looking for matching `"\'');
  cursor.advance();
  // An empty text beside others says nothing; alone it makes an empty word. Before "$@" it must not: that may be no word.
  const first = parts[before];
  if (parts.length > before + 1 && first?.kind === 'text' && first.text === '') parts.splice(before, 1);
}

/** One piece of text in which only `$`, backticks and the escapes of double quotes mean something. */
function readQuotedPart(cursor: Cursor, parts: WordPart[], escapable: string): void {
  const char = cursor.char;
  if (char === '\\') {
    const next = cursor.source[cursor.at + 1] ?? '';
    if (next === '\n') cursor.at += 2;
    else if (next !== '' && escapable.includes(next)) {
      addText(parts, next, true);
      cursor.at += 2;
    } else {
      addText(parts, char, true);
      cursor.advance();
    }
  } else if (char === '$' || char === '`') readDollar(cursor, parts, true);
  else {
    addText(parts, char, true);
    cursor.advance();
  }
}

function readDollar(cursor: Cursor, parts: WordPart[], isQuoted: boolean): void {
  if (cursor.char === '`') {
    const line = cursor.line;
    parts.push({ kind: 'command', list: cursor.parse(readBackticks(cursor, isQuoted), line), quoted: isQuoted });
    return;
  }
  const next = cursor.source[cursor.at + 1] ?? '';
  if (next === '(') readDollarParenthesis(cursor, parts, isQuoted);
  else if (next === '{') {
    cursor.at += 2;
    parts.push(readBraced(cursor, isQuoted));
  } else if (next === "'" && !isQuoted) {
    cursor.advance();
    parts.push({ ...quoted(readAnsiQuoted(cursor)), onlyInBash: "$'…'" });
  } else if (next === '"' && !isQuoted) {
    cursor.advance();
    parts.push({ kind: 'text', text: '', quoted: false, onlyInBash: '$"…"' });
    readDoubleQuoted(cursor, parts);
  } else {
    cursor.advance();
    const name = readPlainName(cursor);
    if (name === '') addText(parts, '$', isQuoted);
    else
      parts.push({
        kind: 'parameter',
        name,
        index: null,
        query: null,
        operation: null,
        quoted: isQuoted,
        isBare: true,
      });
  }
}

function readPlainName(cursor: Cursor): string {
  const name = cursor.match(NAME);
  if (name !== '') return name;
  if (!/[0-9]/.test(cursor.char) && !(cursor.char !== '' && SPECIAL_PARAMETERS.includes(cursor.char))) return '';
  const char = cursor.char;
  cursor.advance();
  return char;
}

function readDollarParenthesis(cursor: Cursor, parts: WordPart[], isQuoted: boolean): void {
  const start = cursor.at;
  if (cursor.source.startsWith('$((', start)) {
    const end = findArithmeticEnd(cursor, start + 3);
    if (end >= 0) {
      const expression = readArithmetic(cursor.slice(start + 3, end));
      cursor.at = end + 2;
      parts.push({ kind: 'arithmetic', expression, quoted: isQuoted });
      return;
    }
  }
  cursor.at = start + 2;
  parts.push({ kind: 'command', list: cursor.readCommands(), quoted: isQuoted });
}

/** The place of the `))` that closes an arithmetic expression, or -1 when it is none after all. */
export function findArithmeticEnd(cursor: Cursor, from: number): number {
  const { source } = cursor;
  let depth = 0;
  for (let i = from; i < source.length; i++) {
    const char = source[i];
    if (char === '\\') i++;
    else if (char === "'" || char === '"') {
      i = skipQuotes(cursor, i);
      if (i < 0) return -1;
    } else if (char === '$' && source[i + 1] === '(') {
      i = skipSubstitution(cursor, i);
    } else if (char === '(') depth++;
    else if (char === ')') {
      if (depth === 0) return source[i + 1] === ')' ? i : -1;
      depth--;
    }
  }
  return -1;
}

/** The place of the last parenthesis of `$(…)` or `$((…))`. */
function skipSubstitution(cursor: Cursor, start: number): number {
  const arithmetic = cursor.source[start + 2] === '(' ? findArithmeticEnd(cursor, start + 3) : -1;
  if (arithmetic >= 0) return arithmetic + 1;
  const here = cursor.at;
  cursor.at = start + 2;
  cursor.readCommands();
  const end = cursor.at - 1;
  cursor.at = here;
  return end;
}

/** The place of the closing quote, or -1. */
function skipQuotes(cursor: Cursor, start: number): number {
  const { source } = cursor;
  const quote = source[start];
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === '\\' && quote === '"') i++;
    else if (source[i] === quote) return i;
    else if (quote === '"' && source[i] === '$' && source[i + 1] === '(') i = skipSubstitution(cursor, i);
  }
  return -1;
}

/** The text of an arithmetic expression: as in double quotes, but quotes vanish. */
export function readArithmetic(cursor: Cursor): Word {
  const parts: WordPart[] = [];
  while (!cursor.atEnd) {
    if (cursor.char === '"') cursor.advance();
    else readQuotedPart(cursor, parts, '$`"\\');
  }
  return parts;
}

function readBackticks(cursor: Cursor, isQuoted: boolean): string {
  let text = '';
  for (cursor.advance(); !cursor.atEnd && cursor.char !== '`'; cursor.advance()) {
    const next = cursor.source[cursor.at + 1] ?? '';
    if (cursor.char === '\\' && (next === '`' || next === '\\' || next === '$' || (isQuoted && next === '"'))) {
      text += next;
      cursor.advance();
    } else text += cursor.char;
  }
  if (cursor.atEnd) throw cursor.fail("unexpected EOF while looking for matching ``'");
  cursor.advance();
  return text;
}

function readAnsiQuoted(cursor: Cursor): string {
  let text = '';
  for (cursor.advance(); !cursor.atEnd && cursor.char !== "'"; cursor.advance()) {
    if (cursor.char !== '\\') {
      text += cursor.char;
      continue;
    }
    cursor.advance();
    const code = cursor.match(/x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|c[\s\S]/y);
    if (code === '') text += CONTROLS[cursor.char] ?? (/[\\'"?]/.test(cursor.char) ? cursor.char : `\\${cursor.char}`);
    else {
      text += fromCode(code);
      cursor.at--;
    }
  }
  if (cursor.atEnd) throw cursor.fail("unexpected EOF while looking for matching `''");
  cursor.advance();
  return withBytesJoined(text);
}

function fromCode(code: string): string {
  if (code.startsWith('c')) return String.fromCharCode(code.charCodeAt(1) & 31);
  if (/^[uU]/.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
  return byteOf(code.startsWith('x') ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8));
}

/** The rest of `${…}`, after the brace. */
function readBraced(cursor: Cursor, isQuoted: boolean): ParameterPart {
  const make = (part: Partial<ParameterPart> & { name: string }): ParameterPart => ({
    kind: 'parameter',
    index: null,
    query: null,
    operation: null,
    quoted: isQuoted,
    ...part,
  });
  const close = () => {
    if (cursor.char !== '}') throw cursor.fail('bad substitution');
    cursor.advance();
  };
  let query: ParameterPart['query'] = null;
  if (
    cursor.char === '#' &&
    /^#(?:[A-Za-z0-9_@*?$!-]|#\})/.test(cursor.rest(3)) &&
    !/^#[@*?$!#-][^}]/.test(cursor.rest(3))
  ) {
    query = 'length';
    cursor.advance();
  } else if (cursor.char === '!' && /^![A-Za-z0-9_@*#]/.test(cursor.rest(2))) {
    query = 'indirect';
    cursor.advance();
  }
  const name = readBracedName(cursor);
  if (name === '') throw cursor.fail('bad substitution');
  if (query === 'indirect' && /^[@*]\}/.test(cursor.rest(2))) {
    const index = cursor.char === '@' ? '@' : '*';
    cursor.advance();
    close();
    return make({ name, query: 'names', index });
  }
  const index = cursor.char === '[' ? readIndex(cursor) : null;
  if (query === 'indirect' && (index === '@' || index === '*')) query = 'keys';
  const operation = cursor.char === '}' ? null : readOperation(cursor, isQuoted);
  close();
  return make({ name, index, query, operation });
}

function readBracedName(cursor: Cursor): string {
  const name = cursor.match(/[A-Za-z_][A-Za-z0-9_]*|[0-9]+/y);
  if (name !== '') return name;
  if (cursor.char === '' || !SPECIAL_PARAMETERS.includes(cursor.char)) return '';
  const char = cursor.char;
  cursor.advance();
  return char;
}

/** `[…]` after a name. */
export function readIndex(cursor: Cursor): Word | '@' | '*' {
  cursor.advance();
  if (/^[@*]\]/.test(cursor.rest(2))) {
    const whole = cursor.char === '@' ? '@' : '*';
    cursor.at += 2;
    return whole;
  }
  let depth = 0;
  const word = readWord(cursor, (char) => {
    if (char === '[') depth++;
    if (char !== ']') return false;
    depth--;
    return depth < 0;
  });
  if (cursor.char !== ']') throw cursor.fail('bad array subscript');
  cursor.advance();
  return word;
}

const untilBrace: Ends = (char) => char === '}';

/** The word of an operation. Inside double quotes, single quotes mean themselves unless the word is a pattern. */
function readOperand(cursor: Cursor, isQuoted: boolean, ends: Ends, isPattern: boolean): Word {
  if (!isQuoted || isPattern) return readWord(cursor, ends);
  const parts: WordPart[] = [];
  while (!cursor.atEnd && !ends(cursor.char, cursor)) {
    if (cursor.char === '"') readDoubleQuoted(cursor, parts);
    else readQuotedPart(cursor, parts, '$`"\\}');
  }
  return parts;
}

function readOperation(cursor: Cursor, isQuoted: boolean): Operation {
  const kinds = { '-': 'default', '=': 'assign', '?': 'error', '+': 'alternative' } as const;
  const symbol = cursor.match(/:?[-=?+]|##?|%%?|\/[/#%]?|\^\^?|,,?|@|:/y);
  const plain = symbol.replace(':', '');
  if (plain === '-' || plain === '=' || plain === '?' || plain === '+') {
    const word = readOperand(cursor, isQuoted, untilBrace, false);
    return { kind: kinds[plain], emptyToo: symbol.length === 2, word };
  }
  if (symbol.startsWith('#') || symbol.startsWith('%')) {
    const pattern = readOperand(cursor, isQuoted, untilBrace, true);
    return { kind: 'trim', from: symbol.startsWith('#') ? 'start' : 'end', longest: symbol.length === 2, pattern };
  }
  if (symbol.startsWith('/')) return readReplacement(cursor, isQuoted, symbol);
  if (symbol.startsWith('^') || symbol.startsWith(',')) {
    const pattern = readOperand(cursor, isQuoted, untilBrace, true);
    return { kind: 'case', to: symbol.startsWith('^') ? 'upper' : 'lower', all: symbol.length === 2, pattern };
  }
  if (symbol === '@') {
    const letter = cursor.char;
    cursor.advance();
    return { kind: 'transform', letter };
  }
  if (symbol !== ':') throw cursor.fail('bad substitution');
  return readSlice(cursor);
}

function readReplacement(cursor: Cursor, isQuoted: boolean, symbol: string): Operation {
  const where = ({ '/': 'first', '//': 'all', '/#': 'start', '/%': 'end' } as const)[symbol] ?? 'first';
  const first = cursor.at;
  // A slash right at the start belongs to the pattern, ${x////} replaces slashes; ${x/#/a} has an empty one.
  const isOpen = (at: number) => at > first || where === 'start' || where === 'end';
  const pattern = readOperand(cursor, isQuoted, (char, at) => (char === '/' ? isOpen(at.at) : char === '}'), true);
  if (cursor.char !== '/') return { kind: 'replace', where, pattern, replacement: [] };
  cursor.advance();
  return { kind: 'replace', where, pattern, replacement: readOperand(cursor, isQuoted, untilBrace, true) };
}

function readSlice(cursor: Cursor): Operation {
  let depth = 0;
  let questions = 0;
  const until = (stops: string): Ends => {
    depth = 0;
    questions = 0;
    return (char) => {
      if (char === '(') depth++;
      if (char === ')') depth--;
      if (char === '?') questions++;
      if (char === ':' && questions > 0) {
        questions--;
        return false;
      }
      return depth === 0 && stops.includes(char);
    };
  };
  const offset = readWord(cursor, until(':}'));
  if (cursor.char !== ':') return { kind: 'slice', offset, length: null };
  cursor.advance();
  return { kind: 'slice', offset, length: readWord(cursor, until('}')) };
}

/** The text of a here-document whose delimiter was not quoted. */
export function readHereDocument(cursor: Cursor): Word {
  const parts: WordPart[] = [];
  while (!cursor.atEnd) readQuotedPart(cursor, parts, '$`\\');
  return parts;
}
