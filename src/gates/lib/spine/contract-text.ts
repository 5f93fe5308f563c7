import type { TextLine } from '../../../core/repo.ts';
import type { TextTest } from '../../../core/text/linear-pattern.ts';
import { basicRegExp } from '../bash/basic-regexp.ts';
import { stretches } from '../files/lines.ts';

// Contracts that the scripts read as lines of text: where a key stands counts, not what it means as YAML.

/** Named keys one level below the top that a file has to hold. */
export interface Sections {
  /** What they are: `boundary`, `knob`. */
  readonly kind: string;
  readonly names: readonly string[];
  /** What the block of each must mention. */
  readonly fields?: readonly string[];
  /** How many lines of a block are looked at, its header included. */
  readonly reach?: number;
}

/** The top-level keys that no line starts with. */
export function missingKeys(lines: readonly TextLine[], keys: readonly string[]): readonly string[] {
  return keys.filter((key) => !lines.some(({ text }) => text.startsWith(`${key}:`)));
}

/** The fields that the block of a declared section does not mention. */
export function* missingFields(lines: readonly TextLine[], { names, fields = [], reach = 0 }: Sections) {
  for (const name of names) {
    const block = blockOf(lines, name, reach);
    if (block.length === 0) continue;
    for (const field of fields) if (!mentioning(block, field)) yield { name, field, at: block[0] };
  }
}

/** Whether some line is that key, indented by two blanks; in the name, `.` stands for any character. */
export function isDeclared(lines: readonly TextLine[], name: string): boolean {
  const header = headerOf(name);
  return lines.some((line) => header.test(line.text));
}

/** What the scripts take for a section: from its header to the next lower-case key indented by two blanks, that key included, but at most `reach` lines. */
export function blockOf(lines: readonly TextLine[], name: string, reach: number): readonly TextLine[] {
  return stretches(lines, headerOf(name), /^ {2}[a-z]/).slice(0, reach);
}

/** The first line in which `field:` occurs, be it in a comment or at the end of a longer key. */
export function mentioning(lines: readonly TextLine[], field: string): TextLine | undefined {
  return lines.find((line) => line.text.includes(`${field}:`));
}

/** Each line with the nearest key of the first two levels at or above it, to say where something stands. */
export function* underKeys(lines: readonly TextLine[]): Generator<readonly [key: string, line: TextLine]> {
  let key = '';
  for (const line of lines) {
    key = /^(?: {2})?([a-z][^:]*):/i.exec(line.text)?.[1] ?? key;
    yield [key, line];
  }
}

function headerOf(name: string): TextTest {
  return basicRegExp(`^  ${name}:`);
}
