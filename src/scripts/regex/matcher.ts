import { RE2JS } from 're2js';
import { BadExpression, type Dialect, translate } from './translate.ts';

export interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

export interface Matcher {
  /** The first match in a line at or after `from`. */
  find(line: string, from?: number): Match | null;
  /** Whether there is a match anywhere in a line. Faster than `find` where the longest match would have to be found. */
  isIn(line: string): boolean;
}

export interface MatcherOptions {
  readonly ignoreCase?: boolean;
  /** Only where no letter, digit or underscore touches the match. */
  readonly words?: boolean;
  readonly wholeLine?: boolean;
  /** The longest of the leftmost matches, as POSIX has it; otherwise the first alternative wins. */
  readonly longest?: boolean;
}

/**
 * JavaScript's own engine backtracks: its time grows with the line's length to the power of the repetitions.
 * Below this many steps it is by far the faster one; above, RE2 takes over, whose time grows with the length only.
 */
const BACKTRACKING = 20_000_000;

/** Makes a matcher for any of `patterns`. Throws `BadExpression`; no input makes it slow. */
export function createMatcher(
  patterns: readonly string[],
  dialect: Dialect | 'fixed',
  options: MatcherOptions = {},
): Matcher {
  if (patterns.length === 0) return NOTHING;
  if (dialect === 'fixed') return fixedMatcher(patterns, options);
  const parts = patterns.map((pattern) => translate(pattern, dialect));
  const joined = parts.length === 1 ? (parts[0]?.source ?? '') : parts.map(({ source }) => `(?:${source})`).join('|');
  const hasAlternatives = parts.length > 1 || parts.some((part) => part.hasAlternatives);
  const repetitions = parts.some((part) => part.repetitions === null)
    ? null
    : Math.max(0, ...parts.map((part) => part.repetitions ?? 0));
  return regexMatcher(joined, {
    ...options,
    ignoreCase: options.ignoreCase === true || parts.some((part) => part.ignoreCase),
    longest: options.longest === true && hasAlternatives,
    nativeOnly: parts.some((part) => part.nativeOnly),
    linearOnly: parts.some((part) => part.linearOnly),
    repetitions,
  });
}

/** Of no patterns, none is ever found. */
const NOTHING: Matcher = { find: () => null, isIn: () => false };

function fixedMatcher(patterns: readonly string[], options: MatcherOptions): Matcher {
  const [only] = patterns;
  if (patterns.length === 1 && only !== undefined && !options.ignoreCase && !options.words && !options.wholeLine) {
    return {
      find: (line, from = 0) => {
        const start = line.indexOf(only, from);
        return start < 0 ? null : { start, end: start + only.length, groups: [only] };
      },
      isIn: (line) => line.includes(only),
    };
  }
  const escaped = [...patterns]
    .sort((one, other) => other.length - one.length)
    .map((pattern) => pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return regexMatcher(escaped.join('|'), {
    ...options,
    ignoreCase: options.ignoreCase === true,
    longest: false,
    nativeOnly: false,
    linearOnly: false,
    repetitions: 0,
  });
}

type Finder = Pick<Matcher, 'find'>;

interface Traits extends MatcherOptions {
  readonly nativeOnly: boolean;
  readonly linearOnly: boolean;
  readonly repetitions: number | null;
}

function regexMatcher(source: string, traits: Traits): Matcher {
  let native: Finder | undefined;
  let linear: Finder | undefined;
  if (!traits.linearOnly) native = nativeMatcher(source, traits);
  return {
    isIn(line) {
      if (native && isQuick(line, traits)) return native.find(line) !== null;
      return this.find(line) !== null;
    },
    find(line, from = 0) {
      if (native && !traits.longest && isQuick(line, traits)) return native.find(line, from);
      if (native && traits.nativeOnly) {
        if (line.length > 2_000) throw new BadExpression('a backtracking expression on a long line', true);
        return native.find(line, from);
      }
      linear ??= linearMatcher(source, traits);
      return linear.find(line, from);
    },
  };
}

function isQuick(line: string, { repetitions }: Traits): boolean {
  return repetitions !== null && line.length ** (repetitions + 1) < BACKTRACKING;
}

function nativeMatcher(source: string, { ignoreCase, words, wholeLine }: Traits): Finder {
  let whole = source;
  if (words) whole = `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;
  if (wholeLine) whole = `^(?:${source})$`;
  const regExp = nativeRegExp(whole, ignoreCase ? 'giu' : 'gu');
  return {
    find(line, from = 0) {
      regExp.lastIndex = from;
      const found = regExp.exec(line);
      return found && { start: found.index, end: found.index + found[0].length, groups: found };
    },
  };
}

function nativeRegExp(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new BadExpression(error instanceof Error ? error.message : String(error));
  }
}

function linearMatcher(source: string, { ignoreCase, words, wholeLine, longest }: Traits): Finder {
  let whole = source;
  if (words) whole = `(?:^|[^\\pL\\pN_])((?:${source}))(?:$|[^\\pL\\pN_])`;
  if (wholeLine) whole = `^(?:${source})$`;
  const flags = (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (longest ? RE2JS.LONGEST_MATCH : 0);
  const compiled = compileLinear(whole, flags);
  return {
    find(line, from = 0) {
      const matcher = compiled.matcher(line);
      if (!matcher.find(from)) return null;
      const group = words ? 1 : 0;
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined);
      return { start: matcher.start(group), end: matcher.end(group), groups: groups.slice(group) };
    },
  };
}

function compileLinear(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source.replace(/\\u(?:\{([0-9a-f]+)\}|([0-9a-f]{4}))/gi, '\\x{$1$2}'), flags);
  } catch (error) {
    throw new BadExpression(error instanceof Error ? error.message : String(error), true);
  }
}
