import { matchesTokens } from '../../../core/text/wildcard.ts';

/**
 * Whether a file's name matches a shell pattern: `*`, `?` and classes such as `[0-9]` or `[!x]`.
 * Patterns come from the audited repo, so none may be refused or take long.
 */
export function matchesFilePattern(name: string, pattern: string): boolean {
  return matchesTokens(name, pattern.match(/\[[!^]?[^\]]+\]|./gsu) ?? [], admits);
}

function admits(token: string, char: string): boolean {
  if (token === '?' || token === char) return true;
  const [, negation, members] = /^\[([!^]?)(.+)\]$/su.exec(token) ?? [];
  if (members === undefined) return false;
  const ranges = [...members.matchAll(/(.)-(.)|(.)/gsu)];
  const isMember = ranges.some(([, from, to, single]) =>
    from !== undefined && to !== undefined ? from <= char && char <= to : single === char,
  );
  return isMember !== (negation !== '');
}
