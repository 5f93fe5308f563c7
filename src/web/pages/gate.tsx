/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { Hono } from 'hono';
import type { Child } from 'hono/jsx';
import { own } from '../../core/own.ts';
import { type GateReport, gateTitle, isProvisional } from '../../core/report.ts';
import type { AuditSummary, StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import { type CommitPages, commitUrl } from '../../formats/links.ts';
import { PROVISIONAL_GATE } from '../../formats/provisional.ts';
import { contradictionSentence, scriptSentence } from '../../formats/sentences.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { findAudit, noSuchAudit } from '../middleware/lookup.ts';
import { commitPages } from '../views/commit-pages.ts';
import { Culprit } from '../views/culprit.tsx';
import { Findings } from '../views/findings.tsx';
import { IssueLink, Since } from '../views/gate-facts.tsx';
import { httpProblem } from '../views/http-problem.tsx';
import { LastAudits } from '../views/last-audits.tsx';
import { renderPage } from '../views/layout.tsx';
import { Crumbs } from '../views/navigation.tsx';
import { Printed } from '../views/printed.tsx';
import { ScriptSays } from '../views/script-says.tsx';
import { gateState, STATES } from '../views/states.tsx';
import { Prose, Sha } from '../views/text.tsx';

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
  if (!found) return httpProblem(context, 404, 'No such gate', `The audit of ${target.repo} has no gate of that name.`);
  const pages = commitPages(target, audit.report, ports.githubWebUrl);
  return renderPage(context, gateTitle(found), <GateView gate={found} audit={audit} audits={audits} pages={pages} />);
});

interface Props {
  readonly gate: GateReport;
  readonly audit: StoredAudit;
  readonly audits: readonly AuditSummary[];
  readonly pages: CommitPages;
}

function GateView({ gate: one, audit, audits, pages }: Props) {
  const state = gateState(one, audit);
  const isLatest = audits[0]?.id === audit.id;
  const history = own(audit.histories, one.number);
  const changed = scriptSentence(one);
  const contradiction = contradictionSentence(one);
  return (
    <>
      <Crumbs repo={pages.repo} at={isLatest ? undefined : audit.id} />
      <div class={`headline s-${state}`}>
        <span class="big-mark" aria-hidden="true">
          {STATES[state].glyph}
        </span>
        <div>
          <p class="eyebrow">
            {one.number === one.name ? '' : `${one.number} · `}
            {one.category || 'no category'} · severity {one.severity || 'unknown'}
          </p>
          <h1>{one.name}</h1>
          <p>
            <Prose text={headline(STATES[state].word, one)} />
          </p>
        </div>
      </div>
      {contradiction === undefined ? null : <p class="notice">{contradiction}</p>}
      {changed === undefined ? null : <p class="notice">{changed}</p>}
      {isProvisional(one) ? (
        <p class="notice">
          <Prose text={PROVISIONAL_GATE} />
        </p>
      ) : null}
      <section class="card" aria-labelledby="about">
        <h2 id="about">Why and what to do</h2>
        <dl class="facts">
          {factsOf(one, audit, pages).map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      </section>
      <Findings gate={one} history={history} pages={pages} />
      {one.script ? <ScriptSays script={one.script} pages={pages} /> : null}
      <LastAudits strip={history?.strip ?? ''} audit={audit} audits={audits} pages={pages} gate={one} />
    </>
  );
}

/** `Known failure, 13 findings`, `Blind: why`. */
function headline(word: string, { findings, reason }: GateReport): string {
  const count = findings.length > 0 ? `, ${plural(findings.length, 'finding')}` : '';
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}${count}${reason === undefined ? '' : `: ${reason}`}`;
}

function factsOf(one: GateReport, audit: StoredAudit, pages: CommitPages): readonly (readonly [string, Child])[] {
  const { why, fixHint, verdict, lanes, unverified = [], reported, brokenBy } = one;
  const facts: [string, Child][] = [];
  if (why) facts.push(['Why', <Prose text={why} />]);
  if (fixHint !== undefined) facts.push(['Fix', <Prose text={fixHint} />]);
  if (verdict === 'fail') facts.push(['Since', <Since audit={audit} gate={one} pages={pages} />]);
  if (brokenBy) facts.push(['Broken by', <Culprit brokenBy={brokenBy} pages={pages} />]);
  facts.push(['Lanes', lanes.join(', ') || 'none']);
  facts.push(['Issue', <IssueLink audit={audit} gate={one} pages={pages} />]);
  if (unverified.length > 0) facts.push(['Not verified', <Prose text={unverified.join('; ')} />]);
  if (one.runs !== undefined) facts.push(['Run', <code>{one.runs}</code>]);
  if (reported) facts.push(['Reported', <Reported reported={reported} pages={pages} />]);
  return facts;
}

/** What a runner elsewhere said of the gate. */
function Reported({ reported, pages }: { reported: NonNullable<GateReport['reported']>; pages: CommitPages }) {
  const { verdict, sha, at, runner, output = [] } = reported;
  return (
    <>
      {STATES[verdict].word} according to {runner}, at <Sha sha={sha} href={commitUrl(pages, sha)} />, {at}
      <Printed summary={`The end of its output, ${plural(output.length, 'line')}`} lines={output} />
    </>
  );
}
