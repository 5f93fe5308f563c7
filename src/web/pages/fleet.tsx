/** @jsxRuntime automatic @jsxImportSource hono/jsx */

import { Hono } from 'hono';
import { isStale } from '../../core/staleness.ts';
import type { TargetSummary } from '../../core/store.ts';
import { enumerate } from '../../core/text/enumerate.ts';
import { plural } from '../../core/text/plural.ts';
import type { WebEnv } from '../env.ts';
import { requireToken } from '../middleware/auth.ts';
import { LaneChip } from '../views/lane-chip.tsx';
import { renderPage } from '../views/layout.tsx';
import { STATES, type State, StateTag, Strip } from '../views/states.tsx';
import { Ago, Sha } from '../views/text.tsx';

/** `GET /`: every target, the worst first, from one list call. */
export const fleet = new Hono<WebEnv>().get('/', requireToken, async (context) => {
  const { store, targets, now } = context.var.ports;
  const known = new Map((await store.targets()).map((summary) => [summary.repo, summary]));
  const rows = targets
    .map(({ repo }): Row => rowOf(repo, known.get(repo), now()))
    .sort((one, other) => RANK[one.state] - RANK[other.state]);
  const { title, detail } = headline(rows);
  const worst = rows[0]?.state ?? 'pass';
  return renderPage(
    context,
    title,
    <>
      <div class={`headline s-${worst}`}>
        <span class="big-mark" aria-hidden="true">
          {STATES[worst].glyph}
        </span>
        <div>
          <h1>{title}</h1>
          <p>{detail}</p>
        </div>
      </div>
      {rows.map((row) => (
        <TargetCard row={row} now={now()} />
      ))}
    </>,
  );
});

interface Row {
  readonly repo: string;
  readonly state: State;
  readonly isOutOfDate: boolean;
  readonly summary: TargetSummary | undefined;
}

const RANK: Readonly<Record<State, number>> = {
  new: 0,
  error: 1,
  incomplete: 2,
  crashed: 3,
  blind: 4,
  none: 5,
  fail: 6,
  pass: 7,
  provisional: 8,
  skip: 9,
};

function rowOf(repo: string, summary: TargetSummary | undefined, now: number): Row {
  if (!summary) return { repo, state: 'none', isOutOfDate: false, summary };
  const isOutOfDate = isStale(summary.lastCompleteAt, now);
  const isTrouble = summary.errors > 0 || isOutOfDate;
  return { repo, state: summary.outcome !== 'new' && isTrouble ? 'error' : summary.outcome, isOutOfDate, summary };
}

function headline(rows: readonly Row[]): { title: string; detail: string } {
  const news = rows.filter(({ state }) => state === 'new');
  const trouble = rows.filter(({ state }) => state === 'error' || state === 'incomplete');
  const names = (some: readonly Row[]) => some.map(({ repo }) => repo).join(', ');
  if (news.length > 0)
    return {
      title: `${newFailures(news)} in ${news.length === 1 ? names(news) : plural(news.length, 'repository', 'repositories')}`,
      detail: [
        ...news.map(({ repo, summary }) => toldNews(repo, summary?.newlyFailing ?? [], news.length > 1)),
        trouble.length > 0 ? `Audit errors in ${names(trouble)}.` : 'Nothing else is new.',
      ].join(' '),
    };
  if (trouble.length > 0) return { title: `Audit errors in ${names(trouble)}`, detail: 'Results may be out of date.' };
  if (rows.every(({ summary }) => !summary))
    return { title: 'No audit yet', detail: 'The first one runs tonight, or after the next push.' };
  return {
    title: 'Nothing is newly failing',
    detail: `${plural(rows.length, 'repository', 'repositories')} audited.`,
  };
}

/** The summary names the first few gates only, so that there may be more than it lists. */
function newFailures(news: readonly Row[]): string {
  const isOne = news.length === 1 && news[0]?.summary?.newlyFailing.length === 1;
  return isOne ? 'New failure' : 'New failures';
}

function toldNews(repo: string, failing: TargetSummary['newlyFailing'], isOneOfMany: boolean): string {
  const gates = failing.map(([gate]) => gate);
  const commits = [...new Set(failing.map(([, since]) => since))];
  const listed = enumerate(gates, 'and') || 'Some gates';
  const since = commits.length === 1 && commits[0] ? ` since ${commits[0]}` : '';
  return `${isOneOfMany ? `${repo}: ` : ''}${listed} newly ${gates.length === 1 ? 'fails' : 'fail'}${since}.`;
}

function TargetCard({ row: { repo, state, isOutOfDate, summary }, now }: { row: Row; now: number }) {
  return (
    <section class="card" aria-labelledby={`target-${repo}`}>
      <div class="card-head">
        <h2 id={`target-${repo}`}>
          <a href={`/${repo}`}>{repo}</a>
        </h2>
        <StateTag state={state} />
      </div>
      {summary ? (
        <TargetBody summary={summary} isOutOfDate={isOutOfDate} now={now} />
      ) : (
        <p class="dim">Not audited yet.</p>
      )}
    </section>
  );
}

function TargetBody({ summary, isOutOfDate, now }: { summary: TargetSummary; isOutOfDate: boolean; now: number }) {
  const { repo, sha, lanes, strip, lastCompleteAt, errors, newlyFailing } = summary;
  return (
    <>
      {newlyFailing.length > 0 ? (
        <ul class="newly-failing">
          {newlyFailing.map(([gate, since]) => (
            <li>
              <a href={`/${repo}/gates/${encodeURIComponent(gate.toWellFormed())}`}>
                <strong>{gate}</strong> newly fails
              </a>{' '}
              since {since === '' ? 'an unknown commit' : <Sha sha={since} href={`/${repo}?at=${since}`} />}
            </li>
          ))}
        </ul>
      ) : null}
      <ul class="lanes" aria-label={`Lanes of ${repo}`}>
        {Object.entries(lanes).map(([lane, totals]) => (
          <LaneChip lane={lane} totals={totals} />
        ))}
      </ul>
      <div class="recent">
        <span class="dim">Last audits</span> <Strip strip={strip} what="audits" />
      </div>
      <p class="dim">
        {sha === null ? null : (
          <>
            At <Sha sha={sha} href={`/${repo}?at=${sha}`} />.{' '}
          </>
        )}
        Last complete audit: {lastCompleteAt === null ? 'never' : <Ago at={lastCompleteAt} now={now} />}
        {isOutOfDate ? <strong class="warn"> (out of date)</strong> : null}.{' '}
        {errors > 0 ? <strong class="warn">Lanekeeper reported {plural(errors, 'error')}.</strong> : null}
      </p>
    </>
  );
}
