import type { GateFinding } from '../../../core/finding.ts';
import type { Repo, TextLine } from '../../../core/repo.ts';
import { ripgrep } from '../bash/search-patterns.ts';
import { reporterFor } from '../define.ts';

/** Something that no line of a script or binding may hold. Scripts do not spare comments, so neither does a ban. */
export interface Ban {
  readonly rule: string;
  /** Tested line by line. What its groups capture is quoted in the message, so let them capture fixed words, never values. */
  readonly pattern: RegExp;
  /** Has to follow somewhere behind the first match of `pattern`: the same as one pattern with `.*` between them, but fast on endless lines. */
  readonly followedBy?: RegExp;
  /** Ends the sentence "This line contains `reboot`, …". */
  readonly means: string;
  /** Spares a line when it, or the path of its file, holds this. */
  readonly excuse?: RegExp;
}

export const CURL_WRITES: Ban = {
  rule: 'sends-only-reading-requests',
  pattern: ripgrep(/\b(curl)\b/),
  followedBy: ripgrep(/\s(-X\s*(?:POST|PUT|PATCH|DELETE))\b/),
  means: 'a request that changes something',
};

/** The bans as rules of a gate. */
export function rulesOf(bans: readonly Ban[]): Readonly<Record<string, string>> {
  return Object.fromEntries(bans.map(({ rule, means }) => [rule, `This line contains \`{words}\`, ${means}.`]));
}

/**
 * Every line that breaks the first broken ban, file by file, and none when all bans hold.
 * The scripts look for one thing after the other and stop at the first they find; one that lists no lines has one finding: take the first.
 */
export function breaches(repo: Repo, paths: readonly string[], bans: readonly Ban[]): readonly GateFinding[] {
  for (const ban of bans) {
    const found = paths.flatMap((path) => breachesOf(ban, path, repo.lines(path)));
    if (found.length > 0) return found;
  }
  return [];
}

/** The lines of one file that break a ban. */
export function breachesOf(ban: Ban, path: string, lines: readonly TextLine[]): readonly GateFinding[] {
  const report = reporterFor(rulesOf([ban]));
  return lines.flatMap((line) => {
    const words = wordsFound(ban, line.text);
    if (!words || ban.excuse?.test(`${path}:${line.text}`)) return [];
    return report(ban.rule, path, line, { words: words.join(' … ').replace(/\s+/g, ' ') });
  });
}

/** What the groups captured, or the whole match where there are none; undefined when the ban holds. */
function wordsFound(
  { pattern, followedBy }: Pick<Ban, 'pattern' | 'followedBy'>,
  text: string,
): readonly string[] | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [whole, ...groups] = match;
  const captured = groups.filter((group) => group !== undefined);
  const words = captured.length > 0 ? captured : [whole];
  if (!followedBy) return words;
  const later = wordsFound({ pattern: followedBy }, text.slice(match.index + whole.length));
  return later && [...words, ...later];
}
