/** Characters that show nothing, or turn what follows around, reach no output: they make one name look like another. */
import { expect, test } from 'vitest';
import { commitStatusOf } from '../../src/formats/commit-status.ts';
import { reportAsMarkdown } from '../../src/formats/markdown.ts';
import { reportAsSarif } from '../../src/formats/sarif.ts';
import { reportAsTable } from '../../src/formats/table.ts';
import { audits, REPO, stage } from './fixture.ts';

/** Bidirectional marks, zero-width characters, fillers, tags, selectors, controls that a terminal obeys, halves of pairs. */
const UNSEEN = [
  ...['\u202e', '\u2066', '\u2069', '\u200f', '\u061c', '\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f'],
  ...['\u180e', '\u3164', '\u115f', '\uffa0', '\u2800', '\ufe0f', '\u{e0041}', '\u{e007f}', '\u{e0100}', '\u2028'],
  ...['\u001b[31m', '\u0007', '\u0000', '\u009b', '\ud800', '\udc00', '\ue000', '\u{f0000}'],
];
const LOOKS_FOR = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const TEXT = `x${UNSEEN.join('y')}z`;

/** Line breaks are ours, and so are the seams that break mentions. */
function unseenIn(output: string): string | undefined {
  const [found] = LOOKS_FOR.exec(output.replace(/[\n\t]|\u200b(?=\S)/g, '')) ?? [];
  return found && `U+${found.codePointAt(0)?.toString(16)}`;
}

const AUDIT = audits(TEXT).at(-1);
const PAGES = { webUrl: 'https://github.com', repo: REPO, sha: 'a'.repeat(40) };

test('terminal, Markdown, SARIF, commit status', () => {
  if (!AUDIT) throw new Error('no audit');
  const { report } = AUDIT;
  const outputs = {
    table: reportAsTable(report, {}),
    markdown: reportAsMarkdown({ report, pages: PAGES }),
    sarif: JSON.stringify(JSON.parse(reportAsSarif({ report, pages: PAGES }))),
    status: JSON.stringify(commitStatusOf(AUDIT)),
  };
  for (const [name, output] of Object.entries(outputs)) {
    expect(output.length).toBeGreaterThan(10);
    expect([name, unseenIn(output)]).toEqual([name, undefined]);
  }
});

test('pages and badges', async () => {
  const { get } = await stage({ text: TEXT, public: 'all' });
  const gate = encodeURIComponent((AUDIT?.report.gates[0]?.number ?? '').toWellFormed());
  const lane = encodeURIComponent((AUDIT?.report.lanes[0]?.id ?? '').toWellFormed());
  const paths = ['/', `/${REPO}`, `/${REPO}/gates/${gate}`, `/${REPO}/gates/D86`, `/${REPO}/compare?from=aaaaaaa`];
  for (const path of [...paths, `/badge/${REPO}.svg`, `/badge/${REPO}/${lane}.svg`]) {
    const answer = await get(path, { accept: 'text/html', authorization: 'Bearer a dashboard token for tests' });
    const text = await answer.text();
    // Addresses have them percent-encoded.
    expect([path, unseenIn(text)]).toEqual([path, undefined]);
  }
});
