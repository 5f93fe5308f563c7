import type { Match, Matcher } from '../../regex/matcher.ts';
import { linesOf } from '../inputs.ts';

/** How matching lines are found and shown; what `grep` and `rg` have in common. */
export interface LineOptions {
  readonly invert: boolean;
  readonly onlyMatching: boolean;
  readonly count: boolean;
  readonly countMatches: boolean;
  readonly quiet: boolean;
  readonly lineNumbers: boolean;
  readonly column: boolean;
  readonly before: number;
  readonly after: number;
  readonly most: number;
  /** What is printed instead of each match. */
  readonly replacement: string | null;
  /** What stands for a name and a zero byte after it, or `:`. */
  readonly nameEnd: string;
  /** Empty matches count as well. */
  readonly keepsEmpty: boolean;
}

export interface Searched {
  /** Lines that were selected (or matches, where those are counted). */
  readonly selected: number;
  readonly output: string;
}

/** Searches one text. `name` stands before each line unless it is null. */
export function searchText(text: string, name: string | null, matcher: Matcher, options: LineOptions): Searched {
  const lines = linesOf(text);
  const selected: number[] = [];
  let matches = 0;
  for (const [index, line] of lines.entries()) {
    if (selected.length >= options.most) break;
    if (matcher.isIn(line) === options.invert) continue;
    selected.push(index);
    if (options.countMatches) matches += allMatches(line, matcher, options.keepsEmpty).length;
    if (options.quiet) return { selected: 1, output: '' };
  }
  const count = options.countMatches ? matches : selected.length;
  if (options.count || options.countMatches) return { selected: count, output: '' };
  return { selected: selected.length, output: show(lines, selected, name, matcher, options) };
}

/** All matches in a line; of empty ones, where they are kept, not those right behind another. */
function allMatches(line: string, matcher: Matcher, keepsEmpty: boolean): readonly Match[] {
  const found: Match[] = [];
  for (let at = 0; at <= line.length; ) {
    const match = matcher.find(line, at);
    if (!match) break;
    if (match.end > match.start || (keepsEmpty && match.start !== found.at(-1)?.end)) found.push(match);
    at = match.end > match.start ? match.end : match.end + 1;
  }
  return found;
}

function show(
  lines: readonly string[],
  selected: readonly number[],
  name: string | null,
  matcher: Matcher,
  options: LineOptions,
): string {
  const parts: string[] = [];
  const prefix = (index: number, mark: string, column: number) => {
    const file = name === null ? '' : name + (options.nameEnd === '\0' ? '\0' : mark);
    const number = options.lineNumbers ? `${index + 1}${mark}` : '';
    return file + number + (options.column ? `${column}${mark}` : '');
  };
  let shownTo = -1;
  const hasContext = options.before > 0 || options.after > 0;
  const isSelected = new Set(selected);
  for (const index of selected) {
    const line = lines[index] ?? '';
    if (options.onlyMatching) {
      if (options.invert) continue;
      for (const match of allMatches(line, matcher, options.keepsEmpty)) {
        parts.push(`${prefix(index, ':', match.start + 1)}${replacedMatch(line, match, options.replacement)}\n`);
      }
      continue;
    }
    const from = Math.max(shownTo + 1, index - options.before);
    if (hasContext && shownTo >= 0 && from > shownTo + 1) parts.push('--\n');
    for (let at = from; at < index; at++) parts.push(`${prefix(at, '-', 1)}${lines[at]}\n`);
    if (index > shownTo) {
      const column = options.column ? (matcher.find(line)?.start ?? 0) + 1 : 1;
      parts.push(
        `${prefix(index, ':', column)}${options.replacement === null ? line : replacedLine(line, matcher, options.replacement)}\n`,
      );
    }
    shownTo = Math.max(shownTo, index);
    for (let at = index + 1; at <= index + options.after && at < lines.length && !isSelected.has(at); at++) {
      if (at <= shownTo) continue;
      parts.push(`${prefix(at, '-', 1)}${lines[at]}\n`);
      shownTo = at;
    }
  }
  return parts.join('');
}

function replacedMatch(line: string, match: Match, replacement: string | null): string {
  if (replacement === null) return line.slice(match.start, match.end);
  return replacement.replace(/\$\{?(\d+)\}?|\$\$/g, (whole, group: string | undefined) =>
    whole === '$$' ? '$' : (match.groups[Number(group)] ?? ''),
  );
}

function replacedLine(line: string, matcher: Matcher, replacement: string): string {
  let text = '';
  let at = 0;
  for (const match of allMatches(line, matcher, true)) {
    text += line.slice(at, match.start) + replacedMatch(line, match, replacement);
    at = match.end;
  }
  return text + line.slice(at);
}
