import { type Problem, problem } from '../../core/finding.ts';
import type { Repo, TextLine } from '../../core/repo.ts';
import { ripgrep } from './search-patterns.ts';

/** Something that no line of a script or binding may hold. Scripts do not spare comments, so neither does a ban. */
export interface Ban {
  readonly rule: string;
  /** Tested line by line. What its groups capture is quoted in the message, so let them capture fixed words, never values. */
  readonly pattern: RegExp;
  /** Goes on from what was found: "`reboot` … can stop a machine". */
  readonly means: string;
  /** Spares a line when it, or the path of its file, holds this. */
  readonly excuse?: RegExp;
}

export const CURL_WRITES: Ban = {
  rule: 'sends-only-reading-requests',
  pattern: ripgrep(/\b(curl)\b.*\s(-X\s*(?:POST|PUT|PATCH|DELETE))\b/),
  means: 'sends a request that changes something',
};

/**
 * Every line that breaks the first broken ban, file by file, and none when all bans hold.
 * The scripts look for one thing after the other and stop at the first they find; one that lists no lines has one finding: take the first.
 */
export function breaches(repo: Repo, paths: readonly string[], bans: readonly Ban[]): readonly Problem[] {
  for (const ban of bans) {
    const found = paths.flatMap((path) => breachesOf(ban, path, repo.lines(path)));
    if (found.length > 0) return found;
  }
  return [];
}

/** The lines of one file that break a ban. */
export function breachesOf(ban: Ban, path: string, lines: readonly TextLine[]): readonly Problem[] {
  return lines.flatMap((line) => {
    const match = ban.pattern.exec(line.text);
    if (!match || ban.excuse?.test(`${path}:${line.text}`)) return [];
    return problem(ban.rule, path, line, `\`${quoted(match)}\` ${ban.means}.`);
  });
}

function quoted([whole, ...groups]: RegExpExecArray): string {
  const words = groups.filter((group) => group !== undefined && group !== '');
  return (words.length > 0 ? words.join(' … ') : whole).replace(/\s+/g, ' ');
}
