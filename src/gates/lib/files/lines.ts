import type { Repo, TextLine } from '../../../core/repo.ts';
import type { TextTest } from '../../../core/text/linear-pattern.ts';

/** A file's lines; none where there is no file. */
export function linesOf(repo: Repo, path: string): readonly TextLine[] {
  return repo.isFile(path) ? repo.lines(path) : [];
}

/** Whether some line of the file matches; an absent file has no lines. */
export function hasLine(repo: Repo, path: string, pattern: TextTest): boolean {
  return linesOf(repo, path).some((line) => pattern.test(line.text));
}

/** Lines from each one that matches `from` up to the next later one that matches `to`, both included, or up to the end. */
export function stretches(lines: readonly TextLine[], from: TextTest, to: TextTest): readonly TextLine[] {
  let inside = false;
  return lines.filter(({ text }) => {
    const opens = !inside && from.test(text);
    const taken = inside || opens;
    inside = opens || (inside && !to.test(text));
    return taken;
  });
}

/** What stands between a quote and the next: the text after `opening` (its last occurrence, quote included), or the whole line where it does not occur, cut at the next quote. */
export function quotedAfter(line: TextLine, opening: string): string {
  return textAfter(line, `${opening} *"`).split('"', 1)[0] ?? '';
}

/** What follows the last occurrence of `pattern`, or the whole line where it does not occur. */
export function textAfter(line: TextLine, pattern: string): string {
  return line.text.replace(new RegExp(`^.*${pattern}`, 's'), '');
}
