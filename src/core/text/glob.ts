import { linearTest, PatternError, type TextTest } from './linear-pattern.ts';

const WILDCARDS = /[*?[]/;
const SPECIAL = /[\\^$.+*?()|{}[\]]/;
/** A class that no character is in. */
const NOTHING = '[^\\x00-\\x{10ffff}]';
const CLASS = /\[([!^]?)(\][^\]]*|[^\]]+)\]/y;
/** Stands before each hidden name of a path, so that no wildcard at the start of a name can take its dot. */
const HIDDEN = '\0';

/**
 * Tests whole repo paths with a shell pattern: `*`, `?` and a class like `[a-z]` or `[!0-9]` stop at `/` and never match a leading dot, `**` crosses folders.
 * A pattern without wildcards matches that very path; one that cannot be understood matches nothing. Patterns come from repos, too: none takes long.
 */
export function globTest(pattern: string): TextTest {
  if (!hasWildcards(pattern)) return { test: (path) => path === pattern };
  // Most paths differ at one end, which costs nothing to see. `**/` may stand for nothing.
  const prefix = pattern.slice(0, pattern.search(WILDCARDS));
  const suffix = /[^*?[\]]*$/.exec(pattern)?.[0].replace(/^\//, '') ?? '';
  let compiled: ((path: string) => boolean) | undefined;
  return {
    test(path) {
      if (!path.startsWith(prefix) || !path.endsWith(suffix)) return false;
      compiled ??= usual(pattern) ?? compile(pattern);
      return compiled(path);
    },
  };
}

/** A folder without wildcards, perhaps `**` below it, and a name with one star at most. */
const USUAL = /^((?:[^*/]+\/)*)(\*\*\/)?([^*/]*)(?:(\*)([^*/]*))?$/;

/** How nearly every pattern is written, such as `docs/**\/*.md`, compared without a regular expression, which takes fifty times as long. */
function usual(pattern: string): ((path: string) => boolean) | undefined {
  if (/[?[]|\/$/.test(pattern)) return undefined;
  const [whole, folder = '', crosses, start = '', star, end = ''] = USUAL.exec(pattern) ?? [];
  if (whole === undefined) return undefined;
  const fits = (name: string) => {
    if (star === undefined) return name === start;
    const isSeen = start !== '' || !name.startsWith('.');
    return isSeen && name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
  };
  return (path) => {
    const slash = path.lastIndexOf('/');
    const isThere = crosses ? path.startsWith(folder) : slash === folder.length - 1;
    return isThere && slash >= folder.length - 1 && fits(path.slice(slash + 1));
  };
}

/** Whether a pattern may match more than the one path that it spells. */
export function hasWildcards(pattern: string): boolean {
  return WILDCARDS.test(pattern);
}

function compile(pattern: string): (path: string) => boolean {
  try {
    const linear = linearTest(`^${translate(pattern)}$`, { dotAll: true });
    return (path) => linear.test(path.replace(/(^|\/)\./g, `$1${HIDDEN}.`));
  } catch (error) {
    if (error instanceof PatternError) return () => false;
    throw error;
  }
}

function translate(pattern: string): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    if (pattern.startsWith('**', i)) {
      const crosses = pattern[i + 2] === '/';
      source += crosses ? '(?:[^/]+/)*' : '.*';
      i += crosses ? 2 : 1;
    } else if (char === '*') source += '[^/\\x00]*';
    else if (char === '?') source += '[^/\\x00]';
    else if (char === '[') {
      CLASS.lastIndex = i;
      const [whole = '', negation, members = ''] = CLASS.exec(pattern) ?? [];
      source += whole ? classOf(members, negation !== '') : '\\[';
      i += Math.max(0, whole.length - 1);
    } else if (char === '.' && (i === 0 || pattern[i - 1] === '/')) source += '\\x00\\.';
    else source += SPECIAL.test(char) ? `\\${char}` : char;
  }
  return source;
}

/** A class that never holds `/`, which even a range such as `[+-9]` would. */
function classOf(members: string, isNegated: boolean): string {
  const escaped = members.replace(/[\\[\]^]/g, '\\$&');
  if (isNegated) return `[^${escaped}/\\x00]`;
  const withoutSlash = escaped.replace(/(.)-(.)/gsu, (range, from: string, to: string) =>
    from <= '/' && '/' <= to ? `${from}-.0-${to}` : range,
  );
  const left = withoutSlash.replaceAll('/', '');
  return left === '' ? NOTHING : `[${left}]`;
}
