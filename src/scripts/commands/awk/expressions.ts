import { createMatcher, type Matcher } from '../../regex/matcher.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  y: '\\b',
  '/': '/',
  '"': '"',
  '&': '&',
};

/** Regular expressions by their sources; in awk the escapes of strings hold in them too. */
export function expressionCache(): (source: string) => Matcher {
  const known = new Map<string, Matcher>();
  return (source) => {
    const found = known.get(source);
    if (found) return found;
    const plain = source.replace(/\\([\s\S])/g, (whole, char: string) => ESCAPES[char] ?? whole);
    const made = createMatcher([plain], 'extended', { longest: true });
    known.set(source, made);
    return made;
  };
}
