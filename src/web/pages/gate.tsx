/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { Hono } from 'hono';
import { findingKey } from '../../core/finding.ts';
import { readStrip } from '../../core/outcome.ts';
import type { GateReport } from '../../core/report.ts';
import type { AuditSummary, GateStanding, StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import { type CommitPages, commitUrl } from '../../formats/links.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { findAudit, noSuchAudit } from '../middleware/lookup.ts';
import { commitPages } from '../views/commit-pages.ts';
import { PlaceLink, Quote } from '../views/finding.tsx';
import { IssueLink, Since } from '../views/gate-facts.tsx';
import { renderPage } from '../views/layout.tsx';
import { Crumbs } from '../views/navigation.tsx';
import { problem } from '../views/problem.tsx';
import { gateState, STATES, StateTag } from '../views/states.tsx';
import { isoMinute, Prose, Sha } from '../views/text.tsx';

const HISTORY = 30;

/** `GET /:owner/:repo/gates/:gate`: one gate, by number or name: why, what, where, since when, what to do. */
export const gate = new Hono<WebEnv>().get('/:owner/:repo/gates/:gate', admit('page'), async (context) => {
  const { ports, target } = context.var;
  const wanted = context.req.param('gate');
  const at = context.req.query('at');
  const [audit, { audits }] = await Promise.all([
    findAudit(ports.store, target.repo, at),
    ports.store.history(target.repo, { limit: HISTORY }),
  ]);
  if (!audit) return noSuchAudit(context);
  const found = audit.report.gates.find(({ number, name }) => number === wanted || name === wanted);
  if (!found) return problem(context, 404, 'No such gate', `The audit of ${target.repo} has no gate of that name.`);
  const pages = commitPages(target, audit.report, ports.githubWebUrl);
  return renderPage(
    context,
    `${found.number} ${found.name}`,
    <GateView gate={found} audit={audit} audits={audits} pages={pages} />,
  );
});

interface Props {
  readonly gate: GateReport;
  readonly audit: StoredAudit;
  readonly audits: readonly AuditSummary[];
  readonly pages: CommitPages;
}

function GateView({ gate: one, audit, audits, pages }: Props) {
  const { number, name, category, severity, lanes, reason, unverified = [], scriptChanged, fixHint, why } = one;
  const state = gateState(one, audit);
  const isLatest = audits[0]?.id === audit.id;
  return (
    <>
      <Crumbs repo={pages.repo} at={isLatest ? undefined : audit.id} />
      <div class={`headline s-${state}`}>
        <span class="big-mark" aria-hidden="true">
          {STATES[state].glyph}
        </span>
        <div>
          <p class="eyebrow">
            {number} · {category || 'no category'} · severity {severity || 'unknown'}
          </p>
          <h1>{name}</h1>
          <p>
            {STATES[state].word}
            {one.findings.length > 0 ? `, ${plural(one.findings.length, 'finding')}` : ''}
            {reason === undefined ? '' : `: ${reason}`}
          </p>
        </div>
      </div>
      {scriptChanged ? (
        <p class="notice">
          The gate's script in the repo is not a version that this verdict was verified against. Compare with your own
          run.
        </p>
      ) : null}
      <section class="card" aria-labelledby="about">
        <h2 id="about">Why and what to do</h2>
        <dl class="facts">
          {why === undefined ? null : (
            <>
              <dt>Why</dt>
              <dd>
                <Prose text={why} />
              </dd>
            </>
          )}
          {fixHint === undefined ? null : (
            <>
              <dt>Fix</dt>
              <dd>
                <Prose text={fixHint} />
              </dd>
            </>
          )}
          {one.verdict === 'fail' ? (
            <>
              <dt>Since</dt>
              <dd>
                <Since audit={audit} gate={one} pages={pages} />
              </dd>
            </>
          ) : null}
          <dt>Lanes</dt>
          <dd>{lanes.join(', ') || 'none'}</dd>
          <dt>Issue</dt>
          <dd>
            <IssueLink audit={audit} gate={one} pages={pages} />
          </dd>
          {unverified.length > 0 ? (
            <>
              <dt>Not verified</dt>
              <dd>
                <Prose text={unverified.join('; ')} />
              </dd>
            </>
          ) : null}
        </dl>
      </section>
      <Findings gate={one} standing={audit.standings[number]} pages={pages} />
      <History strip={audit.standings[number]?.strip ?? ''} audit={audit} audits={audits} pages={pages} gate={one} />
    </>
  );
}

function Findings({
  gate: one,
  standing,
  pages,
}: Pick<Props, 'gate' | 'pages'> & { standing?: GateStanding | undefined }) {
  if (one.findings.length === 0) return null;
  const isNew = (key: string) => standing?.fresh.includes(key) ?? false;
  const rows = one.findings.map((finding) => ({ finding, key: findingKey(finding) }));
  const sorted = [...rows.filter(({ key }) => isNew(key)), ...rows.filter(({ key }) => !isNew(key))];
  return (
    <section class="card" aria-labelledby="findings">
      <h2 id="findings">{plural(rows.length, 'finding')}</h2>
      <ul class="findings">
        {sorted.map(({ finding, key }) => (
          <li>
            <p class="message">
              <StateTag state={isNew(key) ? 'new' : 'fail'} /> <Prose text={finding.message} />
            </p>
            <PlaceLink finding={finding} pages={pages} />
            <Quote finding={finding} />
            <FirstSeen sighting={standing?.seen[key]} pages={pages} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function FirstSeen({ sighting, pages }: { sighting: GateStanding['lastPass'] | undefined; pages: CommitPages }) {
  if (!sighting) return null;
  return (
    <p class="dim">
      First seen {isoMinute(sighting.at)} at <Sha sha={sighting.sha} href={commitUrl(pages, sighting.sha)} />
    </p>
  );
}

/** The strip's characters belong to the audits up to the one shown, newest last. */
function History({ strip, audit, audits, pages, gate: one }: Props & { strip: string }) {
  const start = audits.findIndex(({ id }) => id === audit.id);
  const states = [...readStrip(strip)].reverse();
  const rows = (start < 0 ? [] : audits.slice(start)).flatMap((row, index) => {
    const state = states[index];
    return state === undefined ? [] : [{ ...row, state: state ?? ('none' as const) }];
  });
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">History</h2>
      <ol class="history" reversed>
        {rows.map(({ id, sha, now, state }) => (
          <li>
            <StateTag state={state} />{' '}
            <a href={`/${pages.repo}/gates/${encodeURIComponent(one.number)}?at=${id}`}>{isoMinute(Date.parse(now))}</a>{' '}
            {sha === null ? '' : <Sha sha={sha} href={commitUrl(pages, sha)} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
