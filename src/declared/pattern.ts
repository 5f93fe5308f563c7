import { compileLinear, PatternError } from '../core/text/linear-pattern.ts';

export { PatternError };

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

/** Compiles a pattern. In a `multiline` one, `^` and `$` stand at the ends of lines. Throws `PatternError`. */
export function compilePattern(source: string, { multiline = false } = {}): Pattern {
  const compiled = compileLinear(source, { multiline });
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
