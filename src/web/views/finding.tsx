/** @jsxRuntime automatic @jsxImportSource hono/jsx */

import type { Finding } from '../../core/finding.ts';
import { visible } from '../../core/text/neutral.ts';
import { type CommitPages, findingUrl, placeText } from '../../formats/links.ts';
import { Prose } from './text.tsx';

/** A finding with its place and the line it points at. */
export function FindingItem({ finding, pages }: { finding: Finding; pages: CommitPages }) {
  return (
    <li>
      <p class="message">
        <Prose text={finding.message} />
      </p>
      <PlaceLink finding={finding} pages={pages} />
      <Quote finding={finding} />
    </li>
  );
}

export function PlaceLink({ finding, pages }: { finding: Finding; pages: CommitPages }) {
  const url = findingUrl(finding, pages);
  const text = <code>{visible(placeText(finding))}</code>;
  return url === null ? (
    text
  ) : (
    <a class="place" href={url}>
      {text}
    </a>
  );
}

export function Quote({ finding: { line, excerpt } }: { finding: Finding }) {
  if (excerpt === undefined) return null;
  return (
    <pre class="quote">
      <span class="line-number" aria-hidden="true">
        {line}
      </span>
      <code>{excerpt.trim() === '' ? '(an empty line)' : visible(excerpt)}</code>
    </pre>
  );
}
