import { Unavailable } from '../../../core/signals.ts';

/** For `deviates` of gates that take a pattern from a binding. */
export const REPEATED_GROUPS =
  'A pattern that repeats a group, as `(-[0-9]+)*` does, is not judged: the gate is blind.';

const REFUSED = /(?!)/;
const TOKENS = /\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|\(\?|./gsu;
const BLANKS: Readonly<Record<string, string>> = { '\\<': '\\b', '\\>': '\\b' };
const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** A repeated group that repeats again: matching a long text with it could take forever. */
const NESTED = /\)[*+{]/;

/**
 * A pattern from a binding as the shell's `=~` reads it (POSIX extended). One that the shell would refuse matches nothing.
 * Unlike in JavaScript, `\d` is the letter d, and a backslash in brackets stands for itself.
 */
export function extendedRegExp(pattern: string): RegExp {
  if (NESTED.test(pattern)) throw new Unavailable(`the pattern \`${pattern}\` is too involved to be judged here`);
  try {
    return new RegExp((pattern.match(TOKENS) ?? []).map(translate).join(''), 's');
  } catch (error) {
    if (error instanceof SyntaxError) return REFUSED;
    throw error;
  }
}

function translate(token: string): string {
  if (token === '(?') throw new SyntaxError('nothing to repeat');
  if (token.length > 1 && token.startsWith('[')) return bracket(token);
  if (!token.startsWith('\\')) return token;
  if (/\\[<>]/.test(token)) return BLANKS[token] ?? token;
  return /\\[A-Za-z]/.test(token) && !/\\[bBwWsS]/.test(token) ? token.slice(1) : token;
}

function bracket(token: string): string {
  const [, negation = '', inner = ''] = /^\[(\^?)(.*)\]$/su.exec(token) ?? [];
  const literal = inner.replace(/\[:(\w+):\]|[\\[\]^]/g, (found, name: string | undefined) =>
    name === undefined ? `\\${found}` : (CLASSES[name] ?? refuse(name)),
  );
  return `[${negation}${literal}]`;
}

function refuse(name: string): never {
  throw new SyntaxError(`no class ${name}`);
}
