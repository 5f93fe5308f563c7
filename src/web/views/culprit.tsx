/** @jsxRuntime automatic @jsxImportSource hono/jsx */

import type { BrokenBy, ChangedLine, NamedCommit } from '../../core/broken-by.ts';
import { visible } from '../../core/text/neutral.ts';
import { brokenByText, changedLineText, oneOf, PLAIN_WORDING } from '../../formats/broken-by.ts';
import { type CommitPages, commitUrl, compareUrl } from '../../formats/links.ts';
import { Sha } from './text.tsx';

/** What broke a gate, with the lines that changed where its findings stand. */
export function Culprit({ brokenBy, pages }: { brokenBy: BrokenBy; pages: CommitPages }) {
  if (brokenBy.kind === 'range')
    return (
      <>
        {oneOf(brokenBy)}: <a href={compareUrl(pages, brokenBy.from, brokenBy.to)}>{range(brokenBy)}</a> (
        {visible(brokenBy.reason)})
      </>
    );
  if (brokenBy.kind !== 'commit') return <>{brokenByText(brokenBy, PLAIN_WORDING).replace(/^by /, '')}</>;
  const { commit, mergedBy, lines } = brokenBy;
  return (
    <>
      <Named commit={commit} pages={pages} />
      {mergedBy ? (
        <>
          , merged by <Named commit={mergedBy} pages={pages} />
        </>
      ) : null}
      <Diff lines={lines} />
    </>
  );
}

function range({ from, to }: Extract<BrokenBy, { kind: 'range' }>): string {
  return `${from.slice(0, 7)}..${to.slice(0, 7)}`;
}

function Named({ commit: { sha, title, author, date }, pages }: { commit: NamedCommit; pages: CommitPages }) {
  return (
    <>
      <Sha sha={sha} href={commitUrl(pages, sha)} /> “{visible(title)}” ({visible(author)},{' '}
      <time datetime={date}>{date.slice(0, 10)}</time>)
    </>
  );
}

function Diff({ lines }: { lines: readonly ChangedLine[] }) {
  if (lines.length === 0) return null;
  return (
    <pre class="quote">
      <code>{lines.map((line) => visible(changedLineText(line))).join('\n')}</code>
    </pre>
  );
}
