/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { type Context, Hono } from 'hono';
import type { AuditSummary, StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import { FORMATS } from '../../formats/formats.ts';
import { type CommitPages, commitUrl } from '../../formats/links.ts';
import { INCOMPLETE, WHY_NOTHING_JUDGED } from '../../formats/sentences.ts';
import { outcomeOf } from '../../formats/summary.ts';
import { totalsInWords } from '../../formats/totals.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { findAudit, noSuchAudit } from '../middleware/lookup.ts';
import { AuditFacts } from '../views/audit-facts.tsx';
import { commitPages } from '../views/commit-pages.ts';
import { CompareForm } from '../views/compare-form.tsx';
import { GateTables } from '../views/gate-tables.tsx';
import { IssueWrites } from '../views/issue-writes.tsx';
import { LaneGrid } from '../views/lane-grid.tsx';
import { renderPage } from '../views/layout.tsx';
import { NewlyFailing } from '../views/newly-failing.tsx';
import { isUnderWay, ProgressPanel, RetryNotice } from '../views/progress.tsx';
import { STATES, type State } from '../views/states.tsx';
import { Ago, isoMinute, Prose, Sha } from '../views/text.tsx';

const COLUMNS = 14;

/** `GET /:owner/:repo`: one target's latest audit, or with `?at=` any that is stored. */
export const repo = new Hono<WebEnv>().get('/:owner/:repo', admit('page'), async (context) => {
  const { ports, target, isTrusted } = context.var;
  const at = context.req.query('at');
  const [audit, { audits }, progress] = await Promise.all([
    findAudit(ports.store, target.repo, at),
    ports.store.history(target.repo, { limit: COLUMNS }),
    ports.coordinator(target.repo).progress(),
  ]);
  if (!audit && at !== undefined) return noSuchAudit(context);
  const newest = audits[0];
  const isBusy = isUnderWay(progress, newest?.id);
  if (isBusy) context.header('refresh', '2');
  const audited = audit?.id === newest?.id || at === undefined ? undefined : audit?.id;
  return renderPage(
    context,
    target.repo,
    <>
      <div class="bar">
        <nav aria-label="Where you are" class="crumbs">
          <a href="/">← All repositories</a>
        </nav>
        {isTrusted && !isBusy ? <AuditNow repo={target.repo} /> : null}
      </div>
      {isBusy ? <ProgressPanel progress={progress} /> : <RetryNotice progress={progress} />}
      {audit ? (
        <AuditView context={context} audit={audit} audits={audits} at={audited} />
      ) : (
        <Unaudited repo={target.repo} />
      )}
    </>,
  );
});

interface ViewProps {
  readonly context: Context<WebEnv>;
  readonly audit: StoredAudit;
  readonly audits: readonly AuditSummary[];
  /** The audit's id where it is not the latest. */
  readonly at: string | undefined;
}

function AuditView({ context, audit, audits, at }: ViewProps) {
  const { ports, target } = context.var;
  const pages = commitPages(target, audit.report, ports.githubWebUrl);
  const now = ports.now();
  const builtIn = audit.report.lanes.filter((lane) => lane.ours).map(({ id }) => id);
  return (
    <>
      {at === undefined ? null : (
        <p class="notice">
          This is the audit of {isoMinute(Date.parse(audit.report.now))}.{' '}
          <a href={`/${target.repo}`}>Go to the latest one.</a>
        </p>
      )}
      <Headline audit={audit} pages={pages} now={now} />
      <NewlyFailing audit={audit} pages={pages} at={at} />
      <LaneGrid repo={target.repo} audits={audits} current={audit.id} builtIn={builtIn} />
      <GateTables audit={audit} pages={pages} at={at} />
      <AuditFacts audit={audit} pages={pages} now={now} />
      <IssueWrites audit={audit} audits={audits} pages={pages} />
      <section class="card" aria-labelledby="more">
        <h2 id="more">Compare and export</h2>
        <CompareForm repo={target.repo} audits={audits} />
        <p>
          This audit as{' '}
          {Object.values(FORMATS).map(({ title, extension }, index) => (
            <>
              {index > 0 ? ', ' : ''}
              <a href={`/api/repos/${target.repo}/audits/${audit.id}/report.${extension}`}>{title}</a>
            </>
          ))}
          .
        </p>
      </section>
    </>
  );
}

function Headline({ audit, pages, now }: { audit: StoredAudit; pages: CommitPages; now: number }) {
  const { report, trigger } = audit;
  const { state, title, detail } = summary(audit);
  return (
    <div class={`headline s-${state}`}>
      <span class="big-mark" aria-hidden="true">
        {STATES[state].glyph}
      </span>
      <div>
        <p class="eyebrow">{report.repo}</p>
        <h1>{title}</h1>
        <p>
          <Prose text={detail} />
        </p>
        <p class="dim">
          {report.sha === null ? (
            'No commit'
          ) : (
            <>
              Commit <Sha sha={report.sha} href={commitUrl(pages, report.sha)} />
            </>
          )}
          , audited <Ago at={report.now} now={now} /> ({TRIGGERS[trigger]})
          {report.bypass === undefined ? '' : `. ${report.bypass}`}
        </p>
      </div>
    </div>
  );
}

const TRIGGERS: Readonly<Record<StoredAudit['trigger'], string>> = {
  cron: 'nightly',
  push: 'after a push',
  api: 'on request',
  retry: 'retry',
  issues: 'after a change to an issue',
  results: 'after results arrived',
  checks: "when CI's checks were due",
};

function summary({ report, newlyFailing }: StoredAudit): { state: State; title: string; detail: string } {
  const state = outcomeOf(report, newlyFailing);
  const totals = totalsInWords(report, newlyFailing);
  switch (state) {
    case 'error':
      if (report.error === undefined)
        return { state, title: 'Nothing was judged', detail: `${totals}. ${WHY_NOTHING_JUDGED}` };
      return { state, title: 'Could not audit', detail: report.error };
    case 'new': {
      const title = `${plural(newlyFailing.length, 'gate')} newly ${newlyFailing.length === 1 ? 'fails' : 'fail'}`;
      return { state, title, detail: totals };
    }
    case 'incomplete':
      return {
        state,
        title: 'No new failure found, but the audit is incomplete',
        detail: `${totals}. ${whyIncomplete(report)}`,
      };
    default:
      return { state, title: 'Nothing is newly failing', detail: totals };
  }
}

function whyIncomplete({ problems }: StoredAudit['report']): string {
  return problems ? 'Some gates that the repository declares could not be read.' : INCOMPLETE;
}

function Unaudited({ repo: name }: { repo: string }) {
  return (
    <div class="headline s-none">
      <span class="big-mark" aria-hidden="true">
        {STATES.none.glyph}
      </span>
      <div>
        <p class="eyebrow">{name}</p>
        <h1>No audit yet</h1>
        <p>The first one runs tonight, or after the next push.</p>
      </div>
    </div>
  );
}

function AuditNow({ repo: name }: { repo: string }) {
  return (
    <form method="post" action={`/${name}/audits`}>
      <button type="submit">Audit now</button>
    </form>
  );
}
