/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { findingKey } from '../../core/finding.ts';
import { own } from '../../core/own.ts';
import { type GateReport, gateTitle } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import type { CommitPages } from '../../formats/links.ts';
import { Culprit } from './culprit.tsx';
import { FindingItem } from './finding.tsx';
import { IssueLink, Since } from './gate-facts.tsx';
import { gatePath } from './navigation.tsx';
import { gateState, StateTag } from './states.tsx';
import { Prose } from './text.tsx';

const SHOWN = 3;

interface Props {
  readonly audit: StoredAudit;
  readonly pages: CommitPages;
  /** The id of the audit where it is not the latest one. */
  readonly at: string | undefined;
}

/** What newly fails, where, since when and what to do. */
export function NewlyFailing({ audit, pages, at }: Props) {
  const gates = audit.report.gates.filter((gate) => gateState(gate, audit) === 'new');
  if (gates.length === 0) return null;
  return (
    <section class="stack" aria-label="Newly failing">
      {gates.map((gate) => (
        <NewGate gate={gate} audit={audit} pages={pages} at={at} />
      ))}
    </section>
  );
}

function NewGate({ gate, audit, pages, at }: Props & { gate: GateReport }) {
  const fresh = own(audit.histories, gate.number)?.fresh ?? [];
  const news = gate.findings.filter((finding) => fresh.includes(findingKey(finding)));
  const shown = (news.length > 0 ? news : gate.findings).slice(0, SHOWN);
  const left = gate.findings.length - shown.length;
  return (
    <article class="card news" aria-labelledby={`news-${gate.number}`}>
      <div class="card-head">
        <h2 id={`news-${gate.number}`}>
          <a href={gatePath(pages.repo, gate.number, at)}>{gateTitle(gate)}</a>
        </h2>
        <StateTag state="new" />
      </div>
      <ul class="findings">
        {shown.map((finding) => (
          <FindingItem finding={finding} pages={pages} />
        ))}
      </ul>
      {left > 0 ? (
        <p>
          <a href={gatePath(pages.repo, gate.number, at)}>{plural(left, 'more finding')}</a>
        </p>
      ) : null}
      <dl class="facts">
        <dt>Since</dt>
        <dd>
          <Since audit={audit} gate={gate} pages={pages} />
        </dd>
        {gate.brokenBy === undefined ? null : (
          <>
            <dt>Broken by</dt>
            <dd>
              <Culprit brokenBy={gate.brokenBy} pages={pages} />
            </dd>
          </>
        )}
        {gate.fixHint === undefined ? null : (
          <>
            <dt>Fix</dt>
            <dd>
              <Prose text={gate.fixHint} />
            </dd>
          </>
        )}
        <dt>Issue</dt>
        <dd>
          <IssueLink audit={audit} gate={gate} pages={pages} />
        </dd>
        <dt>Lanes</dt>
        <dd>
          {gate.lanes.join(', ')} · severity {gate.severity || 'unknown'}
        </dd>
      </dl>
    </article>
  );
}
