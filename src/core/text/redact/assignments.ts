import { isHarmless, MASK } from './mask.ts';
import { isCompoundWord, isPassword, isSecretKey, isWeakKey } from './words.ts';

/** Where a text is from: a line of a file, whose values may reach to its end, or a sentence that goes on behind them. */
export type Kind = 'line' | 'sentence';

const SIGN = /[:=：＝{}[\]]/g;
const IN_KEY = /[\p{L}\p{M}\p{N}_.\-/@$]/u;
const LONGEST_KEY = 80;
/** Files that align their values have this many spaces behind a key. */
const LONGEST_GAP = 40;
/** What is longer is masked without a look at it, so that no value is looked at twice. */
const LONGEST_HARMLESS = 1000;
/** The key of a line, or what a comment calls it. */
const SEVERAL_WORDS = /^[#-]?\s{0,4}(?:[\p{L}\p{N}_.-]+ ){1,2}[\p{L}\p{N}_.-]+$/u;
const QUOTES = '"\'`';
/** Headers hold spaces and semicolons. */
const HEADER = /(?:authorization|cookie)$/i;
const SCHEME = /(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate)[ \t]+/iy;
const SCHEME_BEFORE = new RegExp(`^${SCHEME.source}`, 'i');
/** One word that no ordinary word looks like. */
const UNLIKE_WORDS = /^(?=.*\p{L})(?=.*[\d!$%^&*?@#])\S{5,}$/u;
/** One word in backticks: with more it would be a command. */
const IN_CODE = /^`[^\s`$]+`/;
/** Four words and more, without a number: somebody explains something. */
const SENTENCE = /^["'(`]?(?:[\p{L}][\p{L}.,/'’()-]* ){3,}/u;
/** Where a word of a sentence or of a command ends. */
const END_OF_WORD = /[\s,;&)}\]"'`]/g;
/** Tags and anchors of YAML, before the value itself. */
const PROPERTIES = /(?:[!&][^\s"'`]*[ \t]+)*/y;
const VARIABLE = /\$\{[^{}\s]*(?:\{[^{}\s]*\}[^{}\s]*)*\}/y;
/** `the password is x1y2z3`: only what no ordinary word looks like. */
const STATED =
  /(\p{L}{2,30}) (?:is|was|to|ist|war|lautet|est|es) ["'`]?((?=[^\s"'`]*\d)(?=[^\s"'`]*\p{L})[^\s"'`]{5,})/gu;

/** `auth_pass x1y2z3`, `password 7 x1y2z3`: no sign between key and value. */
const BARE = /([\p{L}_-]{2,40})[ \t]{1,40}(?:[05789] )?((?=[^\s"'`]*\d)(?=[^\s"'`]*\p{L})[^\s"'`(),;:=<>{}[\]/]{6,})/gu;
/** `<password>x</password>`. */
const ELEMENT = /<([\p{L}\p{N}_.:-]{2,60})>([^<>\s][^<>]{0,2000})(?=<\/)/gu;
/** `define('DB_PASSWORD', 'x')`. */
const ARGUMENT = /(\(\s{0,4}["']([\p{L}\p{N}_.-]{2,60})["']\s{0,4},\s{0,4}["'])([^"'\n]+)(?=["'])/gu;

/** Masks what stands behind a word for a secret: `password: x`, `"api_key":"x"`, `DB_PWD=x`, `Authorization: Bearer x`, `the password is x1y2z3`. */
export function maskAssignments(text: string, kind: Kind): string {
  let shown = '';
  let done = 0;
  let depth = 0;
  SIGN.lastIndex = 0;
  for (let sign = SIGN.exec(text); sign; sign = SIGN.exec(text)) {
    if ('{['.includes(sign[0])) depth += 1;
    else if ('}]'.includes(sign[0])) depth = Math.max(0, depth - 1);
    else {
      const value = secretAt(text, sign.index, done, { kind, isInFlow: depth > 0 });
      if (!value) continue;
      shown += `${text.slice(done, value.start)}${MASK}`;
      done = value.end;
      SIGN.lastIndex = Math.max(value.end, sign.index + 1);
    }
  }
  return maskWithoutSign(shown + text.slice(done));
}

/** What is given to a key by a word, by its place, or by a tag. */
function maskWithoutSign(text: string): string {
  const masked = (whole: string, value: string) => `${whole.slice(0, -value.length)}${MASK}`;
  return text
    .replace(STATED, (whole, word: string, value: string) =>
      isSecretKey(word) || word === 'passe' ? masked(whole, value) : whole,
    )
    .replace(BARE, (whole, word: string, value: string) =>
      (isPassword(word) || word === 'auth_pass') && !isHarmless(value) ? masked(whole, value) : whole,
    )
    .replace(ELEMENT, (whole, tag: string, value: string) =>
      isSecretKey(tag) && !isHarmless(value) ? masked(whole, value) : whole,
    )
    .replace(ARGUMENT, (whole, _, key: string, value: string) =>
      isSecretKey(key) && !isHarmless(value) ? masked(whole, value) : whole,
    );
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** What the `:` or `=` at an index gives to a key that means a secret, if it does. `from` is where the last value ended. */
function secretAt(
  text: string,
  index: number,
  from: number,
  { kind, isInFlow }: { readonly kind: Kind; readonly isInFlow: boolean },
): Extent | undefined {
  const key = keyBefore(text, index, from, kind);
  if (!key || !isSeparator(text, index, key.name)) return undefined;
  const start = valueAfter(text, index);
  // A map's members have keys of their own.
  if (text.charAt(start) === '{') return undefined;
  const isFirst = kind === 'line' && !isInFlow;
  const end = endOfValue(text, start, { ...key, isInFlow, isWhole: isFirst && !isShellAssignment(text, index) });
  const value = text.slice(start, end).trim();
  const isBlock = /^[|>][+-\d]*$/.test(value);
  if (value === '' || isBlock) return undefined;
  return isSecretValue(value, key.name) ? { start, end } : undefined;
}

function isSecretValue(value: string, key: string): boolean {
  if (value.length > LONGEST_HARMLESS) return true;
  const bare = value.replace(SCHEME_BEFORE, '');
  if (isPassword(key) && IN_CODE.test(bare)) return true;
  if (isHarmless(bare)) return false;
  if (isWeakKey(key)) return bare !== value || UNLIKE_WORDS.test(bare);
  return isPassword(key) || HEADER.test(key) || !SENTENCE.test(bare);
}

interface Key {
  readonly name: string;
  /** The quote that the key stands behind, as in `"X-Api-Key: x"`; it ends the value, too. */
  readonly quote: string | undefined;
}

function keyBefore(text: string, index: number, from: number, kind: Kind): Key | undefined {
  const first = Math.max(from, index - LONGEST_KEY);
  let end = index;
  while (end > first && index - end < LONGEST_GAP && /[\s:]/.test(text.charAt(end - 1))) end -= 1;
  const closing = QUOTES.includes(text.charAt(end - 1)) ? text.charAt(end - 1) : undefined;
  if (closing) end -= 1;
  const start = startOfWord(text, end, first);
  const name = text.slice(start, end);
  if (name === '') return undefined;
  const before = text.charAt(start - 1);
  const quote = closing === undefined && before !== '' && QUOTES.includes(before) ? before : undefined;
  if (isSecretKey(name) || isWeakKey(name)) return { name, quote };
  const words = text.slice(startOfWord(text, Math.max(first, start - 1), first), end);
  if (isCompoundWord(name) && isSecretKey(words)) return { name: words, quote };
  const all = kind === 'line' && from === 0 && end <= LONGEST_KEY ? text.slice(0, end).trim() : '';
  return SEVERAL_WORDS.test(all) && isSecretKey(all) ? { name: all, quote } : undefined;
}

function startOfWord(text: string, end: number, first: number): number {
  let start = end;
  while (start > first && IN_KEY.test(text.charAt(start - 1))) start -= 1;
  return start;
}

function isSeparator(text: string, index: number, key: string): boolean {
  const next = text.charAt(index + 1);
  if (text.charAt(index) === '=') return next !== '=' && next !== '~' && !/[=!<>]/.test(text.charAt(index - 1));
  if (next === '' || /[\s"'`•]/.test(next) || /[：＝]/.test(text.charAt(index))) return true;
  // `secret:name` is a name; nobody calls a thing `password:name`.
  // In Markdown, `**Password:** x`.
  return isPassword(key) && next !== '/' && next !== ':' && next !== '=';
}

function valueAfter(text: string, index: number): number {
  let start = text.startsWith('=>', index) ? index + 2 : index + 1;
  // Behind the name of a thing, Markdown may end what it shows in bold.
  while (text.charAt(start) === '*') start += 1;
  while (/[ \t]/.test(text.charAt(start))) start += 1;
  PROPERTIES.lastIndex = start;
  return start + (PROPERTIES.exec(text)?.[0].length ?? 0);
}

function isShellAssignment(text: string, index: number): boolean {
  return text.charAt(index) === '=' && /\S/.test(text.charAt(index - 1)) && /\S/.test(text.charAt(index + 1));
}

function endOfValue(
  text: string,
  start: number,
  { name, quote, isInFlow, isWhole }: Key & { readonly isInFlow: boolean; readonly isWhole: boolean },
): number {
  if (text.startsWith(MASK, start)) return firstOf(text, start, END_OF_WORD);
  const opening = text.charAt(start);
  if (opening !== '' && QUOTES.includes(opening)) return firstOf(text, closingQuote(text, start, opening), END_OF_WORD);
  const begin = afterVariable(text, start);
  const stop = quote === undefined ? /[\r\n]/g : new RegExp(`[\\r\\n${quote}]`, 'g');
  if (isWhole || quote !== undefined) return firstOf(text, begin, stop);
  if (opening === '[') return firstOf(text, start, /[\]\r\n]/g);
  if (isInFlow) return firstOf(text, begin, /[,}\]\r\n]/g);
  if (HEADER.test(name)) return firstOf(text, begin, /[\r\n"'`]/g);
  SCHEME.lastIndex = begin;
  return firstOf(text, begin + (SCHEME.exec(text)?.[0].length ?? 0), END_OF_WORD);
}

/** Behind the braces of `${NAME:-default}`, or where the value starts. */
function afterVariable(text: string, start: number): number {
  VARIABLE.lastIndex = start;
  return start + (VARIABLE.exec(text)?.[0].length ?? 0);
}

function closingQuote(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\' && quote === '"') at += 1;
    else if (text.charAt(at) === quote) return at + 1;
  }
  return text.length;
}

function firstOf(text: string, start: number, stop: RegExp): number {
  stop.lastIndex = start;
  return stop.exec(text)?.index ?? text.length;
}
