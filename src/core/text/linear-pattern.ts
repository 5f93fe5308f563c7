import { RE2JS, RE2JSException } from 're2js';
import { Unavailable } from '../signals.ts';

/** Anything that a text can be tested with: a pattern of ours, or one that the audited repo wrote. */
export interface TextTest {
  test(text: string): boolean;
}

export interface LinearOptions {
  readonly ignoreCase?: boolean;
  /** `^` and `$` stand at the ends of lines. */
  readonly multiline?: boolean;
  /** `.` is any character, line breaks included. */
  readonly dotAll?: boolean;
}

/** The pattern cannot be used; the message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  /** Whether it is well-formed but asks for what takes more than linear time or memory, such as look-around or huge repeats. */
  readonly isTooInvolved: boolean;

  constructor(message: string, { isTooInvolved = false } = {}) {
    super(message);
    this.isTooInvolved = isTooInvolved;
  }
}

/** Nobody writes a longer pattern by hand; compiling takes memory in proportion to it. */
const LONGEST_PATTERN = 1_000;
/** A line is seldom longer than a screen. At a million characters the slowest patterns take a second. */
const LONGEST_TEXT = 1_000_000;

/**
 * Compiles a regular expression that the audited repo wrote, in RE2's syntax. It never backtracks, so that its time grows with the text alone:
 * the one way in which a text from a repo may become a pattern. Throws `PatternError`.
 */
export function compileLinear(source: string, options: LinearOptions = {}): RE2JS {
  if (source.length > LONGEST_PATTERN) {
    throw new PatternError(`a pattern of ${source.length} characters is too long`, { isTooInvolved: true });
  }
  if (/\(\?<?[=!]/.test(source)) {
    const message = 'look-around (`(?=`, `(?!`, `(?<=`, `(?<!`) is not supported: patterns take linear time';
    throw new PatternError(message, { isTooInvolved: true });
  }
  const flags =
    (options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (options.multiline ? RE2JS.MULTILINE : 0) |
    (options.dotAll ? RE2JS.DOTALL : 0);
  try {
    return RE2JS.compile(source, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const isTooInvolved = /repeat count|nests too deeply|too large|escape sequence: `\\[1-9]/.test(error.message);
    throw new PatternError(error.message, { isTooInvolved });
  }
}

/** The same as a test of texts, which throws `Unavailable` on one that is too long to be searched. Throws `PatternError`. */
export function linearTest(source: string, options: LinearOptions = {}): TextTest {
  const compiled = compileLinear(source, options);
  return {
    test(text) {
      if (text.length > LONGEST_TEXT)
        throw new Unavailable(`a text of ${text.length} characters is too long to be searched`);
      return compiled.matcher(text).find();
    },
  };
}
