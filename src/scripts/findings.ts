import { stableText } from '../core/text/stable.ts';
import { withoutColours } from '../core/text/terminal.ts';

/** One failing line that a script printed. */
export interface PrintedFinding {
  readonly rule: 'reported';
  readonly subject: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
}

/** So many are kept of one script; a search that goes wild prints thousands. */
const MOST = 500;
const LONGEST = 1000;

const MARK =
  /^\s*(?:\[?(?:[A-Z]{1,3}\d+\s+)?(?:FAIL(?:ED|URE)?|ERROR|VIOLATION|DRIFT|MISSING)\]?\b[:\s-]*|[✗✘❌]\s*|(?:error|failed|fail)\s*:\s*)/;
const HARMLESS =
  /^\s*(?:\[?(?:[A-Z]{1,3}\d+\s+)?(?:PASS(?:ED)?|OK|WARN(?:ING)?|INFO|SKIP(?:PED)?|NOTE)\]?\b|[✓✔✅ℹ⚠])/i;
/** The closing line counts what the lines before it said. */
const COUNTS =
  /\b\d+\s+(?:[\w-]+\s+){0,3}(?:check|issue|violation|error|finding|problem|failure|subcheck|mismatch|gap)s?\b|\b(?:violation|check|issue|error|problem)s?(?:\(s\))?\s+(?:detected|found|failed)\b|\(s\)/i;
const DETAIL = /^(?:\s{2,}\S|\s*[-*•]\s+\S)/;
const PLACE = /(?<![\w/.@-])((?:[\w@.+-]+\/)*[\w@+-][\w@.+-]*\.[A-Za-z]\w{0,9})(?::(\d+))?/g;

/**
 * What a script that failed said is wrong: the lines it marked as failing, without the one that only counts them. Where it marks nothing but that one,
 * the details it printed; where it printed nothing of the kind, its last line. `isFile` tells which words are files of the repo, and `root` is where
 * the script saw it. Subjects are free of line numbers, counts and times.
 */
export function printedFindings(
  output: string,
  { isFile, root = '' }: { readonly isFile: (path: string) => boolean; readonly root?: string },
): readonly PrintedFinding[] {
  const printed = withoutColours(output)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const telling = printed.filter((line) => !HARMLESS.test(line));
  const findings = new Map<string, PrintedFinding>();
  for (const line of failingLines(telling)) {
    const message = line.replace(MARK, '').trim().slice(0, LONGEST) || line.trim();
    const here = root === '' ? message : message.replaceAll(`${root}/`, '');
    const subject = stableText(here).slice(0, LONGEST);
    if (!findings.has(subject))
      findings.set(subject, { rule: 'reported', subject, ...placeIn(here, isFile), message: here });
    if (findings.size === MOST) break;
  }
  return [...findings.values()];
}

/** Whether a script marked a line of its output as failing. */
export function marksFailure(output: string): boolean {
  return withoutColours(output)
    .split(/\r?\n/)
    .some((line) => MARK.test(line) && !COUNTS.test(line));
}

function failingLines(lines: readonly string[]): readonly string[] {
  const marked = lines.filter((line) => MARK.test(line));
  const said = marked.filter((line) => !COUNTS.test(line));
  if (said.length > 0) return said;
  const details = lines.filter((line) => DETAIL.test(line) && !MARK.test(line));
  if (details.length > 0) return details;
  return marked.length > 0 ? marked : lines.slice(-1);
}

function placeIn(message: string, isFile: (path: string) => boolean): { path: string | null; line: number | null } {
  for (const [, path = '', line] of message.matchAll(PLACE)) {
    if (isFile(path)) return { path, line: line === undefined ? null : Number(line) };
  }
  return { path: null, line: null };
}
