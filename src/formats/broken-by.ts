import type { BrokenBy, ChangedLine, NamedCommit } from '../core/broken-by.ts';
import { code, neutral, visible } from '../core/text/neutral.ts';

/** How a place shows a commit, and text from the audited repo as nothing but text. */
export interface Wording {
  readonly commit: (sha: string) => string;
  readonly text: (text: string) => string;
}

export const PLAIN_WORDING: Wording = { commit: (sha) => visible(sha.slice(0, 10)), text: visible };
export const MARKDOWN_WORDING: Wording = { commit: (sha) => code(sha.slice(0, 10)), text: (text) => neutral(text) };

/** What made a gate fail, as the rest of a sentence that begins with "Broken". */
export function brokenByText(brokenBy: BrokenBy, wording: Wording): string {
  const { commit, text } = wording;
  switch (brokenBy.kind) {
    case 'commit': {
      const merge = brokenBy.mergedBy ? `, merged by ${commitText(brokenBy.mergedBy, wording)}` : '';
      return `by ${commitText(brokenBy.commit, wording)}${merge}`;
    }
    case 'range': {
      const { from, to, reason } = brokenBy;
      return `by ${oneOf(brokenBy)} between ${commit(from)} and ${commit(to)}; which one is not known: ${text(reason)}`;
    }
    case 'clock':
      return `by the clock: a time limit passed at ${minute(brokenBy.at)}`;
    case 'sibling': {
      const title = brokenBy.commit ? `: ${commitText(brokenBy.commit, wording)}` : '';
      return `by the sibling ${text(brokenBy.name)} at ${commit(brokenBy.sha)}${title}`;
    }
    case 'outside':
      return 'neither by a commit nor by the clock, but by what was reported, or by a newer Lanekeeper';
  }
}

/** How many commits come into question, as people say it. */
export function oneOf({ commits }: { readonly commits?: number }): string {
  return commits === undefined ? 'an unknown commit' : `one of ${commits} commits`;
}

/** A changed line as a line of a diff, and where it is. */
export function changedLineText({ path, line, change, text }: ChangedLine): string {
  return `${change === 'added' ? '+' : '-'} ${path}:${line}  ${text}`;
}

function commitText({ sha, title, author, date }: NamedCommit, { commit, text }: Wording): string {
  return `${commit(sha)} "${text(title)}" (${text(author)}, ${date.slice(0, 10)})`;
}

function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
