const SPECIAL = /[\\^$.+()|{}]/;

/**
 * Translates a shell pattern for whole repo paths: `*` and `?` stop at `/` and never match a leading dot, `[…]` is a character class, `**` crosses folders.
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
      const end = pattern.indexOf(']', i + 1);
      source += end < 0 ? '\\[' : pattern.slice(i, end + 1).replace(/^\[!/, '[^');
      i = end < 0 ? i : end;
    } else source += SPECIAL.test(char) ? `\\${char}` : char;
  }
  return new RegExp(`^${source}$`, 'su');
}
