import { AwkSyntaxError } from './syntax.ts';

export interface Token {
  readonly kind:
    | 'number'
    | 'string'
    | 'regex'
    | 'name'
    | 'call'
    | 'builtin'
    | 'keyword'
    | 'operator'
    | 'newline'
    | 'end';
  readonly text: string;
}

const KEYWORDS = new Set([
  'BEGIN',
  'END',
  'function',
  'func',
  'if',
  'else',
  'while',
  'for',
  'do',
  'break',
  'continue',
  'next',
  'nextfile',
  'exit',
  'return',
  'delete',
  'in',
  'getline',
  'print',
  'printf',
]);
const BUILTINS = new Set([
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'gensub',
  'match',
  'sprintf',
  'sin',
  'cos',
  'atan2',
  'exp',
  'log',
  'sqrt',
  'int',
  'rand',
  'srand',
  'tolower',
  'toupper',
  'system',
  'close',
  'fflush',
  'systime',
  'strftime',
  'mktime',
  'asort',
  'asorti',
  'strtonum',
  'and',
  'or',
  'xor',
  'lshift',
  'rshift',
]);
const OPERATOR = /\*\*=|\*\*|&&|\|\||\+\+|--|[-+*/%^]=|==|!=|<=|>=|>>|!~|[-+*/%^!<>|?:~$=(){}[\],;]/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** Text in which the escapes of an awk string are what they stand for. */
export function unescapeString(text: string): string {
  return text.replace(/\\([0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return code === '\n' ? '' : (ESCAPES[code] ?? whole);
  });
}

/** Splits an awk program into tokens. Whether a slash divides or opens a regular expression, the token before it says. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (sticky: RegExp) => {
    sticky.lastIndex = at;
    const found = sticky.exec(source)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const add = (kind: Token['kind'], text: string) => tokens.push({ kind, text });
  while (at < source.length) {
    match(/(?:[ \t\r]|\\\r?\n|#[^\n]*)*/y);
    if (at >= source.length) break;
    const char = source[at] ?? '';
    if (char === '\n') {
      at++;
      add('newline', '\n');
      continue;
    }
    const number = match(/0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y);
    if (number !== '') {
      add('number', number);
      continue;
    }
    if (char === '"') {
      const text = match(/"(?:[^"\\\n]|\\[\s\S])*"/y);
      if (text === '') throw new AwkSyntaxError('unterminated string');
      add('string', unescapeString(text.slice(1, -1)));
      continue;
    }
    const name = match(/[A-Za-z_]\w*/y);
    if (name !== '') {
      if (KEYWORDS.has(name)) add('keyword', name === 'func' ? 'function' : name);
      else if (BUILTINS.has(name)) add('builtin', name);
      else add(source[at] === '(' ? 'call' : 'name', name);
      continue;
    }
    if (char === '/' && !endsOperand(tokens.at(-1))) {
      const regex = match(/\/(?:[^/\\[\n]|\\[^\n]|\[\^?\]?(?:[^\]\\\n]|\\[^\n]|\[:\w+:\])*\])*\//y);
      if (regex === '') throw new AwkSyntaxError('unterminated regexp');
      add('regex', regex.slice(1, -1));
      continue;
    }
    const operator = match(OPERATOR);
    if (operator === '') throw new AwkSyntaxError(`syntax error at ${char}`);
    add('operator', operator === '**' ? '^' : operator === '**=' ? '^=' : operator);
  }
  add('newline', '\n');
  add('end', '');
  return tokens;
}

function endsOperand(token: Token | undefined): boolean {
  if (!token) return false;
  if (['number', 'string', 'regex', 'name', 'builtin'].includes(token.kind)) return true;
  return token.kind === 'operator' && [')', ']', '$', '++', '--'].includes(token.text);
}
