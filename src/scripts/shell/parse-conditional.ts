import type { Cursor } from './cursor.ts';
import { readPattern, readWord } from './parse-word.ts';
import type { Conditional, Word } from './syntax.ts';

const UNARY = /-[a-zA-Z](?=[\s])/y;
const BINARY = /=~|==|=|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef)(?=\s)/y;

/** The rest of `[[ … ]]`, closing brackets included. */
export function parseConditional(cursor: Cursor): Conditional {
  const expression = parseOr(cursor);
  blanks(cursor);
  if (!cursor.startsWith(']]')) throw cursor.fail('syntax error in conditional expression');
  cursor.at += 2;
  return expression;
}

function blanks(cursor: Cursor): void {
  cursor.match(/(?:[ \t\n]|\\\n)*/y);
  while (cursor.char === '#') cursor.match(/[^\n]*[ \t\n]*/y);
}

function parseOr(cursor: Cursor): Conditional {
  let left = parseAnd(cursor);
  for (blanks(cursor); cursor.startsWith('||'); blanks(cursor)) {
    cursor.at += 2;
    left = { kind: 'or', left, right: parseAnd(cursor) };
  }
  return left;
}

function parseAnd(cursor: Cursor): Conditional {
  let left = parsePrimary(cursor);
  for (blanks(cursor); cursor.startsWith('&&'); blanks(cursor)) {
    cursor.at += 2;
    left = { kind: 'and', left, right: parsePrimary(cursor) };
  }
  return left;
}

function parsePrimary(cursor: Cursor): Conditional {
  blanks(cursor);
  if (/^!\s/.test(cursor.rest(2))) {
    cursor.advance();
    return { kind: 'not', of: parsePrimary(cursor) };
  }
  if (cursor.char === '(') {
    cursor.advance();
    const inner = parseOr(cursor);
    blanks(cursor);
    if (!cursor.startsWith(')')) throw cursor.fail('syntax error in conditional expression');
    cursor.advance();
    return inner;
  }
  const operator = cursor.match(UNARY);
  if (operator !== '') {
    blanks(cursor);
    return { kind: 'unary', operator, word: operand(cursor) };
  }
  const left = operand(cursor);
  blanks(cursor);
  const binary = cursor.match(BINARY);
  if (binary === '') return { kind: 'word', word: left };
  blanks(cursor);
  const right = binary === '=~' ? regularExpression(cursor) : operand(cursor);
  return { kind: 'binary', operator: binary, left, right };
}

function operand(cursor: Cursor): Word {
  const word = readPattern(cursor);
  if (word.length === 0) throw cursor.fail('syntax error in conditional expression');
  return word;
}

/** In a regular expression parentheses and bars are part of the word. */
function regularExpression(cursor: Cursor): Word {
  let depth = 0;
  return readWord(cursor, (char) => {
    if (char === '(') depth++;
    if (char === ')') {
      if (depth === 0) return true;
      depth--;
    }
    if (depth > 0) return false;
    return /[ \t\n]/.test(char);
  });
}
