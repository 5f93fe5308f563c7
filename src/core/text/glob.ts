const SPECIAL = /[\\^$.+()|{}\]]/;
const CLASS = /\[([!^]?)(\][^\]]*|[^\]]+)\]/y;

/**
 * Translates a shell pattern for whole repo paths: `*`, `?` and a class like `[a-z]` or `[!0-9]` stop at `/` and never match a leading dot, `**` crosses folders.
 * A pattern without wildcards matches that very path.
 */
export function globToRegExp(pattern: string): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    const startsName = i === 0 || pattern[i - 1] === '/';
    if (pattern.startsWith('**', i)) {
      const crosses = pattern[i + 2] === '/';
      source += crosses ? '(?:[^/]+/)*' : '.*';
      i += crosses ? 2 : 1;
    } else if (char === '*') source += startsName ? '(?!\\.)[^/]*' : '[^/]*';
    else if (char === '?') source += startsName ? '[^/.]' : '[^/]';
    else if (char === '[') {
      CLASS.lastIndex = i;
      const [whole = '', negation, members = ''] = CLASS.exec(pattern) ?? [];
      const escaped = members.replace(/[\\[\]^]/g, '\\$&');
      source += whole ? `(?!${startsName ? '[./]' : '/'})[${negation ? '^' : ''}${escaped}]` : '\\[';
      i += Math.max(0, whole.length - 1);
    } else source += SPECIAL.test(char) ? `\\${char}` : char;
  }
  return new RegExp(`^${source}$`, 'su');
}
