import { Unavailable } from '../../../core/signals.ts';

/** For `deviates` of gates that take names from files for patterns, as their scripts do. */
export const INVOLVED_PATTERNS =
  'A name that serves as a search pattern and holds a regular-expression command after a backslash, a named character class or more than two `*` is not judged: the gate is blind.';

const TOKENS = /\\.|\[\^?\]?[^\]]*\]|./gsu;
const REFUSED = /(?!)/;

/** Escapes and classes that search engines spell differently; nobody names anything so. */
const EXOTIC = /\\[\w(){}|+?<>'`]|\[[^\]]*\[[.:=]/;

/** Two open ends in one pattern are plenty; with more, matching a long line could take forever. */
const MAX_REPETITIONS = 2;

/**
 * Reads text as the scripts' searches do when they take a name for a pattern: `.`, `*`, `[…]`, a leading `^` and a trailing `$` are special, the rest is literal.
 * A pattern that the search would refuse finds nothing. Several lines are alternatives.
 */
export function basicRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern.split('\n').map(translate).join('|'), 'su');
  } catch (error) {
    if (error instanceof SyntaxError) return REFUSED;
    throw error;
  }
}

/** The same for a pattern that has to match a whole line. */
export function wholeLine(pattern: string): RegExp {
  return new RegExp(`^(?:${basicRegExp(pattern).source})$`, 'su');
}

function translate(pattern: string): string {
  const tokens = pattern.match(TOKENS) ?? [];
  if (EXOTIC.test(pattern) || tokens.filter((token) => token === '*').length > MAX_REPETITIONS) {
    throw new Unavailable(`\`${pattern}\` serves as a search pattern and is too involved to be judged here`);
  }
  let source = '';
  for (const [index, token] of tokens.entries()) {
    const follows = index > 0 && !(index === 1 && tokens[0] === '^');
    if (token === '*') source += follows ? (source.endsWith('*') && !source.endsWith('\\*') ? '' : '*') : '\\*';
    else if (token === '.' || (token === '^' && index === 0) || (token === '$' && index === tokens.length - 1))
      source += token;
    else if (token.length > 1 && token.startsWith('[')) source += bracket(token);
    else if (token === '[' || token === '\\') throw new SyntaxError(`unfinished ${token}`);
    else source += token.replace(/^\\/, '').replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }
  return source;
}

/** Inside brackets a backslash is literal, and so is a `]` that comes first. */
function bracket(token: string): string {
  const negated = token.startsWith('[^');
  const inner = token.slice(negated ? 2 : 1, -1).replace(/[\\[\]^]/g, '\\$&');
  if (inner === '') throw new SyntaxError('an empty class');
  return `[${negated ? '^' : ''}${inner}]`;
}
