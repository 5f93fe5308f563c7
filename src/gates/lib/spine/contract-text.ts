import { type Problem, problem } from '../../../core/finding.ts';
import type { Repo, TextLine } from '../../../core/repo.ts';
import { basicRegExp } from '../bash/basic-regexp.ts';
import { linesOf, stretches } from '../files/lines.ts';

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

/** A finding for each top-level key that no line starts with. */
export function* hasTopLevelKeys(repo: Repo, path: string, ...keys: readonly string[]): Generator<Problem> {
  for (const key of keys) {
    const isThere = linesOf(repo, path).some((line) => line.text.startsWith(`${key}:`));
    if (!isThere) yield problem('has-top-level-key', key, repo.at(path), `No line starts with \`${key}:\`.`);
  }
}

/** A finding for each section that is not declared, and for each field that a declared one's block does not mention. */
export function* declaresSections(repo: Repo, path: string, sections: Sections): Generator<Problem> {
  const { kind, names, fields = [], reach = 0 } = sections;
  const lines = linesOf(repo, path);
  for (const name of names) {
    if (isDeclared(lines, name)) continue;
    const message = `No line is \`${name}:\` indented by two blanks, so the ${kind} \`${name}\` is not declared.`;
    yield problem(`${kind}-is-declared`, `${kind}:${name}`, repo.at(path), message);
  }
  for (const name of names) {
    const block = blockOf(lines, name, reach);
    for (const field of fields) {
      if (block.length === 0 || mentioning(block, field)) continue;
      const message = `The ${kind} \`${name}\` says no \`${field}:\` within ${reach} lines and before the next key.`;
      yield problem(`${kind}-has-field`, `${kind}:${name}#${field}`, block[0], message);
    }
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

function headerOf(name: string): RegExp {
  return basicRegExp(`^  ${name}:`);
}
