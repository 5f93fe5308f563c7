import { patternRegExp, patternSource } from '../../shell/patterns.ts';

export interface IgnoreRule {
  readonly regExp: RegExp;
  readonly isNegated: boolean;
  readonly onlyFolders: boolean;
}

/** The rules of a `.gitignore`; paths are matched relative to the file's folder. */
export function ignoreRules(text: string): readonly IgnoreRule[] {
  return text.split('\n').flatMap((line) => {
    const rule = ignoreRule(line.replace(/\r$/, ''));
    return rule ? [rule] : [];
  });
}

function ignoreRule(line: string): IgnoreRule | null {
  if (line.startsWith('#') || line.trim() === '') return null;
  const isNegated = line.startsWith('!');
  let pattern = (isNegated ? line.slice(1) : line).replace(/^\\(?=[#!])/, '').replace(/(?<!\\)\s+$/, '');
  const onlyFolders = pattern.endsWith('/');
  pattern = pattern.replace(/\/$/, '');
  const isAnchored = pattern.includes('/');
  return { regExp: globRegExp(pattern.replace(/^\//, ''), isAnchored), isNegated, onlyFolders };
}

/** A glob in which `*` stops at a slash and `**` does not. */
export function globRegExp(glob: string, isAnchored: boolean, ignoreCase = false): RegExp {
  const expanded = bracesOf(glob);
  const sources = expanded.map((each) =>
    each
      .split('/')
      .map((part) =>
        part === '**'
          ? '\0'
          : patternSource(part)
              .replaceAll('.*', '[^/]*')
              .replace(/(?<!\\)\.(?![*])/g, '[^/]'),
      )
      .join('/')
      .replace(/^\0\//, '(?:.*/)?')
      .replace(/\/\0\//g, '/(?:.*/)?')
      .replace(/\/\0$/, '/.*')
      .replace(/\0/g, '.*'),
  );
  const source = `^${isAnchored ? '' : '(?:.*/)?'}(?:${sources.join('|')})$`;
  return patternRegExp(source, ignoreCase ? 'sui' : 'su');
}

function bracesOf(glob: string): readonly string[] {
  const [whole, inner] = /\{([^{}]*)\}/.exec(glob) ?? [];
  if (whole === undefined || inner === undefined) return [glob];
  return inner.split(',').flatMap((option) => bracesOf(glob.replace(whole, () => option)));
}

/** Whether the last rule that matches ignores the path; null where none matches. */
export function isIgnored(rules: readonly IgnoreRule[], path: string, isFolder: boolean): boolean | null {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i];
    if (rule && (isFolder || !rule.onlyFolders) && rule.regExp.test(path)) return !rule.isNegated;
  }
  return null;
}
