/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { type Finding, findingKey } from '../../core/finding.ts';
import { own } from '../../core/own.ts';
import type { GateReport } from '../../core/report.ts';
import type { GateHistory } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import { type CommitPages, commitUrl } from '../../formats/links.ts';
import { PlaceLink, Quote } from './finding.tsx';
import { StateTag } from './states.tsx';
import { isoMinute, Prose, Sha } from './text.tsx';

/** More stand folded below: people read the first ones, or search for one. */
const UNFOLDED = 50;

interface Props {
  readonly gate: GateReport;
  readonly history: GateHistory | undefined;
  readonly pages: CommitPages;
}

/** Every finding of a gate, new ones first, with the audit that saw it first. */
export function Findings({ gate: { findings }, history, pages }: Props) {
  if (findings.length === 0) return null;
  const fresh = new Set(history?.fresh);
  const isNew = (finding: Finding) => fresh.has(findingKey(finding));
  const sorted = [...findings.filter(isNew), ...findings.filter((finding) => !isNew(finding))];
  const list = (some: readonly Finding[]) => (
    <ul class="findings">
      {some.map((finding) => (
        <FindingRow finding={finding} history={history} pages={pages} isNew={isNew(finding)} />
      ))}
    </ul>
  );
  const folded = sorted.slice(UNFOLDED);
  return (
    <section class="card" aria-labelledby="findings">
      <h2 id="findings">{plural(findings.length, 'finding')}</h2>
      {list(sorted.slice(0, UNFOLDED))}
      {folded.length > 0 ? (
        <details>
          <summary>{plural(folded.length, 'more finding')}</summary>
          {list(folded)}
        </details>
      ) : null}
    </section>
  );
}

function FindingRow({ finding, history, pages, isNew }: Omit<Props, 'gate'> & { finding: Finding; isNew: boolean }) {
  const sighting = history && own(history.seen, findingKey(finding));
  return (
    <li>
      <p class="message">
        {isNew ? <StateTag state="new" /> : null} <Prose text={finding.message} />
      </p>
      <p class="where">
        <PlaceLink finding={finding} pages={pages} />
        {sighting ? (
          <span class="dim">
            first seen {isoMinute(sighting.at)} at <Sha sha={sighting.sha} href={commitUrl(pages, sighting.sha)} />
          </span>
        ) : null}
      </p>
      <Quote finding={finding} />
    </li>
  );
}
