import { Unavailable } from '../../../core/signals.ts';
import { linearTest, PatternError, type TextTest } from '../../../core/text/linear-pattern.ts';

/** For `deviates` of gates that take names from files for patterns, as their scripts do. */
export const INVOLVED_PATTERNS =
  'A name that serves as a search pattern and holds a regular-expression command after a backslash or a named character class is not judged: the gate is blind.';

const TOKENS = /\\.|\[\^?\]?[^\]]*\]|./gsu;
const REFUSED: TextTest = { test: () => false };

/** Escapes and classes that search engines spell differently; nobody names anything so. */
const EXOTIC = /\\[\w(){}|+?<>'`]|\[[^\]]*\[[.:=]/;
/** Without any of these a pattern finds just itself, and searching is faster. */
const SPECIAL = /[\\.*[\]^$\n]/;

interface Options {
  readonly ignoreCase?: boolean;
}

/**
 * Reads text as the scripts' searches do when they take a name for a pattern: `.`, `*`, `[…]`, a leading `^` and a trailing `$` are special, the rest is literal.
 * A pattern that the search would refuse finds nothing. Several lines are alternatives. Throws `Unavailable` on a pattern that is not judged here.
 */
export function basicRegExp(pattern: string, { ignoreCase = false }: Options = {}): TextTest {
  if (!ignoreCase && !SPECIAL.test(pattern)) return { test: (text) => text.includes(pattern) };
  return compile(pattern, (source) => source, ignoreCase);
}

/** The same for a pattern that has to match a whole line. */
export function wholeLine(pattern: string): TextTest {
  if (!SPECIAL.test(pattern)) return { test: (text) => text === pattern };
  return compile(pattern, (source) => `^(?:${source})$`, false);
}

function compile(pattern: string, around: (source: string) => string, ignoreCase: boolean): TextTest {
  try {
    return linearTest(around(pattern.split('\n').map(translate).join('|')), { ignoreCase, dotAll: true });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    if (!error.isTooInvolved) return REFUSED;
    throw tooInvolved(pattern);
  }
}

function translate(pattern: string): string {
  if (EXOTIC.test(pattern)) throw tooInvolved(pattern);
  const tokens = pattern.match(TOKENS) ?? [];
  let source = '';
  for (const [index, token] of tokens.entries()) {
    const follows = index > 0 && !(index === 1 && tokens[0] === '^');
    if (token === '*') source += follows ? (source.endsWith('*') && !source.endsWith('\\*') ? '' : '*') : '\\*';
    else if (token === '.' || (token === '^' && index === 0) || (token === '$' && index === tokens.length - 1))
      source += token;
    else if (token.length > 1 && token.startsWith('[')) source += bracket(token);
    else if (token === '[' || token === '\\') throw new PatternError(`unfinished ${token}`);
    else source += token.replace(/^\\/, '').replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }
  return source;
}

/** Inside brackets a backslash is literal, and so is a `]` that comes first. */
function bracket(token: string): string {
  const negated = token.startsWith('[^');
  const characters = token.slice(negated ? 2 : 1, -1);
  if (characters === '') throw new PatternError('an empty class');
  return `[${negated ? '^' : ''}${characters.replace(/[\\[\]^]/g, '\\$&')}]`;
}

function tooInvolved(pattern: string): Unavailable {
  return new Unavailable(
    `\`${pattern.slice(0, 200)}\` serves as a search pattern and is too involved to be judged here`,
  );
}
