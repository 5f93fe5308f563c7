import { RE2JS, RE2JSException } from 're2js';

/** A regular expression that the audited repo wrote. It takes time in proportion to the text: RE2's syntax, without look-around and back references. */
export interface Pattern {
  test(text: string): boolean;
  /** Every match that is not empty, in order. */
  matches(text: string): Iterable<PatternMatch>;
}

export interface PatternMatch {
  readonly text: string;
  readonly offset: number;
  /** Named groups that took part. */
  readonly groups: ReadonlyMap<string, { readonly text: string; readonly offset: number }>;
}

/** The pattern cannot be used; the message says why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Compiles a pattern. In a `multiline` one, `^` and `$` stand at the ends of lines. Throws `PatternError`. */
export function compilePattern(source: string, { multiline = false } = {}): Pattern {
  const compiled = compile(source, multiline);
  const names = Object.keys(compiled.namedGroups());
  return {
    test: (text) => compiled.matcher(text).find(),
    *matches(text) {
      const matcher = compiled.matcher(text);
      while (matcher.find()) {
        const found = matcher.group() ?? '';
        if (found === '') continue;
        const groups = names.flatMap((name) => {
          const group = matcher.group(name);
          return group === null ? [] : [[name, { text: group, offset: matcher.start(name) }] as const];
        });
        yield { text: found, offset: matcher.start(), groups: new Map(groups) };
      }
    },
  };
}

function compile(source: string, multiline: boolean): RE2JS {
  if (/\(\?<?[=!]/.test(source))
    throw new PatternError('look-around (`(?=`, `(?!`, `(?<=`, `(?<!`) is not supported: patterns take linear time');
  try {
    return RE2JS.compile(source, multiline ? RE2JS.MULTILINE : 0);
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(error.message);
    throw error;
  }
}
