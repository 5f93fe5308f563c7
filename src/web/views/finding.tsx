/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Finding } from '../../core/finding.ts';
import { findingUrl, type Places, placeText } from '../../formats/links.ts';
import { Prose } from './text.tsx';

/** A finding with its place and the line it points at. */
export function FindingItem({ finding, places }: { finding: Finding; places: Places }) {
  return (
    <li>
      <p class="message">
        <Prose text={finding.message} />
      </p>
      <PlaceLink finding={finding} places={places} />
      <Quote finding={finding} />
    </li>
  );
}

export function PlaceLink({ finding, places }: { finding: Finding; places: Places }) {
  const url = findingUrl(finding, places);
  const text = <code>{placeText(finding)}</code>;
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
      <code>{excerpt.trim() === '' ? '(an empty line)' : excerpt}</code>
    </pre>
  );
}
