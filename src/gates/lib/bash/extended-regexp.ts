import { Unavailable } from '../../../core/signals.ts';
import { linearTest, PatternError, type TextTest } from '../../../core/text/linear-pattern.ts';

/** For `deviates` of gates that take a pattern from a binding. */
export const INVOLVED_EXPRESSIONS =
  'A pattern with a back reference, or one that repeats something more than a thousand times, is not judged: the gate is blind.';

const REFUSED: TextTest = { test: () => false };
const TOKENS = /\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|\(\?|./gsu;
/** What the shell takes for blank. */
const SPACE = '\\s\\v\\p{Z}\\x{feff}';
const ESCAPES: Readonly<Record<string, string>> = {
  '\\<': '\\b',
  '\\>': '\\b',
  '\\s': `[${SPACE}]`,
  '\\S': `[^${SPACE}]`,
};
const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  space: SPACE,
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};
/**
 * A pattern from a binding as the shell's `=~` reads it (POSIX extended). One that the shell would refuse matches nothing.
 * Unlike in JavaScript, `\d` is the letter d, and a backslash in brackets stands for itself. Throws `Unavailable` on a pattern that is not judged here.
 */
export function extendedRegExp(pattern: string): TextTest {
  try {
    return linearTest((pattern.match(TOKENS) ?? []).map(translate).join(''), { dotAll: true });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    if (!error.isTooInvolved) return REFUSED;
    throw new Unavailable(`the pattern \`${pattern.slice(0, 200)}\` is too involved to be judged here`);
  }
}

function translate(token: string): string {
  if (token === '(?') throw new PatternError('nothing to repeat');
  if (token.length > 1 && token.startsWith('[')) return bracket(token);
  if (!token.startsWith('\\')) return token;
  const known = ESCAPES[token];
  if (known !== undefined) return known;
  return /\\[A-Za-z]/.test(token) && !/\\[bBwW]/.test(token) ? token.slice(1) : token;
}

function bracket(token: string): string {
  const [, negation = '', inner = ''] = /^\[(\^?)(.*)\]$/su.exec(token) ?? [];
  const literal = inner.replace(/\[:(\w+):\]|[\\[\]^]/g, (found, name: string | undefined) =>
    name === undefined ? `\\${found}` : classOf(name),
  );
  return `[${negation}${literal}]`;
}

function classOf(name: string): string {
  const characters = new Map(Object.entries(CLASSES)).get(name);
  if (characters === undefined) throw new PatternError(`no class ${name}`);
  return characters;
}
