/** Shell patterns: `*`, `?`, `[…]`, and `@(…)` and its like where extended patterns are on. A backslash makes the next character literal. */

import { bracketSource } from './pattern-brackets.ts';
import { type Element, hasGroups, parsePattern } from './pattern-elements.ts';
import { PatternMachine } from './pattern-machine.ts';

export interface PatternOptions {
  readonly extended: boolean;
  readonly ignoreCase?: boolean;
}

/** The source of a RegExp (flags `su`) that matches what a pattern without groups matches. `lazy` prefers the shortest. */
export function patternSource(pattern: string, lazy = false): string {
  return sourceOf(parsePattern(pattern, false), lazy);
}

function sourceOf(elements: readonly Element[], lazy: boolean): string {
  const any = lazy ? '.*?' : '.*';
  return elements.map((element) => (element.kind === 'char' ? element.source : any)).join('');
}

const compiled = new Map<string, RegExp>();
/** Patterns made of values never repeat; without a bound they would stay for ever. */
const MOST_COMPILED = 2_000;

export function patternRegExp(source: string, flags = 'su'): RegExp {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) {
    known.lastIndex = 0;
    return known;
  }
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const made = new RegExp(source, flags);
  compiled.set(key, made);
  return made;
}

/** Whether the pattern matches the whole text. Throws `LimitReached`. */
export function matchesPattern(
  text: string,
  pattern: string,
  { extended, ignoreCase = false }: PatternOptions,
): boolean {
  if (!/[*?[\\]/.test(pattern) && !(extended && pattern.includes('('))) {
    return ignoreCase ? text.toLowerCase() === pattern.toLowerCase() : text === pattern;
  }
  const elements = parsed(pattern, extended);
  if (hasGroups(elements)) return new PatternMachine(text, ignoreCase).endsFrom(elements, 0).has(text.length);
  if (countStars(elements) > 2) return matchesStars(text, pattern, ignoreCase);
  return patternRegExp(`^${sourceOf(elements, false)}$`, ignoreCase ? 'sui' : 'su').test(text);
}

function countStars(elements: readonly Element[]): number {
  return elements.filter(({ kind }) => kind === 'star').length;
}

/** Below so many steps JavaScript's own engine is the faster one; it backtracks, so beyond them it might never end. */
const BACKTRACKING = 20_000_000;

/** Whether a RegExp does: groups it gets wrong, since it takes the first alternative and not the longest or shortest. */
function isSimple(text: string, elements: readonly Element[]): boolean {
  return !hasGroups(elements) && text.length ** (countStars(elements) + 1) < BACKTRACKING;
}

/** Many stars: only the last one passed is ever stretched, so that no pattern takes longer than the product of the lengths. */
function matchesStars(text: string, pattern: string, ignoreCase: boolean): boolean {
  const pieces = splitAtStars(pattern).map((piece) => patternSource(piece));
  const flags = ignoreCase ? 'sui' : 'su';
  const last = pieces.length - 1;
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if (index === last) {
      const rest = patternRegExp(`${piece}$`, flags);
      return rest.test(text.slice(at));
    }
    const sticky = patternRegExp(piece, index === 0 ? `${flags}y` : `${flags}g`);
    sticky.lastIndex = at;
    const found = sticky.exec(text);
    if (!found) return false;
    at = found.index + found[0].length;
  }
  return false;
}

function splitAtStars(pattern: string): readonly string[] {
  const pieces = [''];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    const bracket = char === '[' ? bracketSource(pattern, i) : null;
    if (bracket) {
      pieces[pieces.length - 1] += pattern.slice(i, bracket.end + 1);
      i = bracket.end;
    } else if (char === '*') pieces.push('');
    else pieces[pieces.length - 1] += char === '\\' ? char + (pattern[++i] ?? '') : char;
  }
  return pieces;
}

/** Text with a backslash before everything that a pattern would read. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]()|!@+-]/g, '\\$&');
}

/** A pattern's plain text: its backslashes removed. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, '$1');
}

/** What is left of `text` without the shortest or longest start or end that matches. Throws `LimitReached`. */
export function trimmed(
  text: string,
  pattern: string,
  from: 'start' | 'end',
  longest: boolean,
  extended: boolean,
): string {
  if (pattern === '') return text;
  const elements = parsed(pattern, extended);
  if (from === 'start') {
    if (isSimple(text, elements)) {
      const found = patternRegExp(`^(?:${sourceOf(elements, !longest)})`).exec(text);
      return found ? text.slice(found[0].length) : text;
    }
    const ends = new PatternMachine(text).endsFrom(elements, 0);
    return ends.size === 0 ? text : text.slice(extreme(ends, longest));
  }
  const starts = new PatternMachine(text).startsAt(elements, text.length);
  return starts.size === 0 ? text : text.slice(0, extreme(starts, !longest));
}

function extreme(places: ReadonlySet<number>, isLast: boolean): number {
  let found = isLast ? -1 : Number.POSITIVE_INFINITY;
  for (const place of places) found = isLast ? Math.max(found, place) : Math.min(found, place);
  return found;
}

/** `text` with what matches replaced: the leftmost and longest each time. Throws `LimitReached`. */
export function replaced(
  text: string,
  pattern: string,
  replacement: string,
  where: 'first' | 'all' | 'start' | 'end',
  extended: boolean,
): string {
  if (pattern === '' && where === 'start') return replacement + text;
  if (pattern === '' && where === 'end') return text + replacement;
  if (pattern === '') return text;
  const elements = parsed(pattern, extended);
  const machine = new PatternMachine(text);
  if (where === 'start') {
    const ends = machine.endsFrom(elements, 0);
    return ends.size === 0 ? text : replacement + text.slice(extreme(ends, true));
  }
  if (where === 'end') {
    const starts = machine.startsAt(elements, text.length);
    return starts.size === 0 ? text : text.slice(0, extreme(starts, false)) + replacement;
  }
  if (isSimple(text, elements)) {
    const regExp = patternRegExp(sourceOf(elements, false), where === 'all' ? 'sug' : 'su');
    return text.replace(regExp, (found) => (found === '' ? '' : replacement));
  }
  let result = '';
  let at = 0;
  for (const { start, end } of machine.matches(elements)) {
    result += text.slice(at, start) + replacement;
    at = end;
    if (where === 'first') break;
  }
  return result + text.slice(at);
}

const known = new Map<string, readonly Element[]>();

function parsed(pattern: string, extended: boolean): readonly Element[] {
  const key = `${extended ? '(' : ' '}${pattern}`;
  const found = known.get(key);
  if (found) return found;
  if (known.size >= MOST_COMPILED) known.clear();
  const made = parsePattern(pattern, extended);
  known.set(key, made);
  return made;
}
