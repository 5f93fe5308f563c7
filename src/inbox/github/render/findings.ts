import type { Finding } from '../../../core/finding.ts';
import { code, prose } from '../../../core/text/neutral.ts';
import { findingUrl, placeText } from '../../../formats/links.ts';
import type { RenderContext } from './context.ts';

/** A table of findings, with a link to each place. */
export function findingTable(heading: string, findings: readonly Finding[], context: RenderContext): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(
    (finding) => `| ${prose(finding.message)}${quoteOf(finding)} | ${placeLink(finding, context)} |`,
  );
  return [`| ${heading} | Where |`, '|---|---|', ...rows];
}

/** The line that a finding points at. Those who read the target need not be allowed to read its siblings, so no line of a sibling is shown. */
function quoteOf({ repo, excerpt }: Finding): string {
  return repo === 'target' && excerpt ? `<br>${code(excerpt, 160)}` : '';
}

/** Where a finding is, as a link if there is a page of it. */
export function placeLink(finding: Finding, context: RenderContext): string {
  if (finding.path === null) return finding.repo === 'target' ? 'the repository' : code(finding.repo);
  const place = code(placeText(finding));
  const url = findingUrl(finding, context);
  return url === null ? place : `[${place}](${url})`;
}
