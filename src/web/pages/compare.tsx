/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { Hono } from 'hono';
import { compareReports, type GateChange, type LaneChange } from '../../audit/compare.ts';
import { gateTitle } from '../../core/report.ts';
import type { AuditSummary, StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import { type CommitPages, compareUrl } from '../../formats/links.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { findAudit, noSuchAudit } from '../middleware/lookup.ts';
import { commitPages } from '../views/commit-pages.ts';
import { CompareForm } from '../views/compare-form.tsx';
import { FindingItem } from '../views/finding.tsx';
import { renderPage } from '../views/layout.tsx';
import { Crumbs, gatePath } from '../views/navigation.tsx';
import { StateTag } from '../views/states.tsx';
import { isoMinute, Sha } from '../views/text.tsx';

/** `GET /:owner/:repo/compare?from=…&to=…`: what changed between two audits. */
export const compare = new Hono<WebEnv>().get('/:owner/:repo/compare', admit('page'), async (context) => {
  const { ports, target } = context.var;
  const { from = '', to = 'latest' } = context.req.query();
  const [older, newer, { audits }] = await Promise.all([
    findAudit(ports.store, target.repo, from),
    findAudit(ports.store, target.repo, to),
    ports.store.history(target.repo, { limit: 100 }),
  ]);
  if (!older || !newer) return noSuchAudit(context);
  return renderPage(
    context,
    `What changed in ${target.repo}`,
    <CompareView
      older={older}
      newer={newer}
      audits={audits}
      before={commitPages(target, older.report, ports.githubWebUrl)}
      pages={commitPages(target, newer.report, ports.githubWebUrl)}
    />,
  );
});

interface Props {
  readonly older: StoredAudit;
  readonly newer: StoredAudit;
  readonly audits: readonly AuditSummary[];
  readonly pages: CommitPages;
  /** The same for the older audit. */
  readonly before: CommitPages;
}

function CompareView({ older, newer, audits, pages, before }: Props) {
  const { changes, lanes } = compareReports(older.report, newer.report);
  const [from, to] = [older.report.sha, newer.report.sha];
  return (
    <>
      <Crumbs repo={pages.repo} at={undefined} />
      <h1>{changes.length === 0 ? 'Nothing changed' : `${plural(changes.length, 'gate')} changed`}</h1>
      <p>
        From the audit of {isoMinute(Date.parse(older.report.now))}
        {from === null ? (
          ''
        ) : (
          <>
            {' '}
            (<Sha sha={from} />)
          </>
        )}{' '}
        to that of {isoMinute(Date.parse(newer.report.now))}
        {to === null ? (
          ''
        ) : (
          <>
            {' '}
            (<Sha sha={to} />)
          </>
        )}
        {from !== null && to !== null && from !== to ? (
          <>
            : <a href={compareUrl(pages, from, to)}>the commits between them</a>
          </>
        ) : null}
        {from === to ? ': the same commit, so a time limit passed or a sibling repository changed' : ''}.
      </p>
      <CompareForm repo={pages.repo} audits={audits} from={older.id} to={newer.id} />
      {lanes.length > 0 ? <LaneChanges lanes={lanes} /> : null}
      {changes.map((change) => (
        <ChangeCard change={change} pages={pages} before={before} at={newer.id} />
      ))}
    </>
  );
}

function LaneChanges({ lanes }: { lanes: readonly LaneChange[] }) {
  const told = (totals: LaneChange['from']) => (totals ? `${totals[0]}/${totals[1]}` : 'none');
  return (
    <section class="card" aria-labelledby="lane-changes">
      <h2 id="lane-changes">Lanes</h2>
      <table>
        <caption class="vh">Passing gates of lanes whose totals changed</caption>
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map(({ id, from, to }) => (
            <tr>
              <th scope="row">{id}</th>
              <td>{told(from)}</td>
              <td>{told(to)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ChangeCard({
  change,
  pages,
  before,
  at,
}: {
  change: GateChange;
  pages: CommitPages;
  before: CommitPages;
  at: string;
}) {
  const { number, name, from, to, appeared, gone } = change;
  return (
    <section class="card" aria-labelledby={`change-${number}`}>
      <h2 id={`change-${number}`}>
        <a href={gatePath(pages.repo, number, at)}>{gateTitle({ number, name })}</a>
      </h2>
      <p>
        <VerdictTag verdict={from} /> <span aria-hidden="true">→</span>
        <span class="vh">, now</span> <VerdictTag verdict={to} />
      </p>
      {appeared.length > 0 ? (
        <>
          <h3>{plural(appeared.length, 'finding')} appeared</h3>
          <ul class="findings">
            {appeared.map((finding) => (
              <FindingItem finding={finding} pages={pages} />
            ))}
          </ul>
        </>
      ) : null}
      {gone.length > 0 ? (
        <>
          <h3>{plural(gone.length, 'finding')} gone</h3>
          <ul class="findings">
            {gone.map((finding) => (
              <FindingItem finding={finding} pages={before} />
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function VerdictTag({ verdict }: { verdict: GateChange['from'] }) {
  if (verdict === null) return <span class="tag s-none">not in that audit</span>;
  return verdict === 'fail' ? <span class="tag s-fail">! failing</span> : <StateTag state={verdict} />;
}
