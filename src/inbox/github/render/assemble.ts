/** GitHub takes 65,536 characters in an issue's body or a comment, and silently drops over-long edits. */
export const MAX_BYTES = 60_000;

/** A list or table of which the end may be left out. */
export interface Section {
  readonly lines: readonly string[];
  /** Shown folded, under this heading. */
  readonly folded?: string;
}

/** Room for what a section needs beside its lines: the heading, and the line that says how much is missing. */
const OVERHEAD = 400;

/** Joins the parts, leaving out lines from the end of the sections where the whole would be longer than `limit` bytes. */
export function assemble(
  before: readonly string[],
  sections: readonly Section[],
  after: readonly string[] = [],
  limit = MAX_BYTES,
): string {
  let left = limit;
  for (const part of [...before, ...after]) left -= sizeOf(part) + 2;
  const shown: string[] = [];
  for (const { lines, folded } of sections) {
    if (lines.length === 0) continue;
    left -= OVERHEAD;
    const fitting = takeWhileFitting(lines, left);
    for (const line of fitting) left -= sizeOf(line) + 1;
    const missing = lines.length - fitting.length;
    const text = [...fitting, ...(missing > 0 ? ['', `… and ${missing} more, too many to show here.`] : [])].join('\n');
    shown.push(folded === undefined ? text : `<details><summary>${folded}</summary>\n\n${text}\n\n</details>`);
  }
  return [...before, ...shown, ...after].filter((part) => part !== '').join('\n\n');
}

function takeWhileFitting(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = lines.findIndex((line) => {
    left -= sizeOf(line) + 1;
    return left < 0;
  });
  return end < 0 ? lines : lines.slice(0, end);
}

export function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
