import type { GateContext } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import type { RepoPath } from './host-paths.ts';

export type Block = readonly TextLine[];

/** What stands between lines that equal the markers, without blank lines at the end; several blocks make one. */
export function blockBetween(lines: readonly TextLine[], start: string, end: string): Block {
  let isInside = false;
  const block = lines.filter(({ text }) => {
    const isMarker = text === start || text === end;
    if (isMarker) isInside = text === start;
    return isInside && !isMarker;
  });
  return block.slice(0, block.findLastIndex(({ text }) => text !== '') + 1);
}

/** Whether no line holds the text. The script's search takes a dash for an option and finds nothing. */
export function lacks(block: Block, wanted: string): boolean {
  if (wanted === '') return false;
  return wanted.startsWith('-') || !block.some(({ text }) => text.includes(wanted));
}

/** The first line that is not that of the other block, or the last one where only the length differs; undefined where both are equal. */
export function firstDifference(block: Block, other: Block): TextLine | undefined {
  const odd = block.findIndex(({ text }, index) => text !== other[index]?.text);
  return odd < 0 && block.length === other.length ? undefined : block.at(odd);
}

/** Fetches files of this repo and of the workbench in one go. */
export function prefetchAll(context: GateContext, files: readonly RepoPath[]): void {
  for (const seen of [context.repo, context.sibling('workbench')]) {
    seen?.prefetch(files.flatMap((file) => (file.repo === seen ? file.path : [])));
  }
}
