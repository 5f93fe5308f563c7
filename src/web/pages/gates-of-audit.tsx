/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { type Finding, findingKey } from '../../core/finding.ts';
import type { GateReport } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';
import { commitUrl, compareUrl, findingUrl, issueUrl, type Places, placeText } from '../../formats/links.ts';
import { gatePath, Prose, plural, Sha, type State, StateTag, Strip } from './parts.tsx';

const SHOWN = 3;

/** How a gate of an audit stands: whether its failure is news is for the audit to say. */
export function gateState({ number, verdict }: GateReport, { newlyFailing }: StoredAudit): State {
  return verdict === 'fail' && newlyFailing.includes(number) ? 'new' : verdict;
}

interface Props {
  readonly audit: StoredAudit;
  readonly places: Places;
  /** The id of the audit where it is not the latest one. */
  readonly at: string | undefined;
}

/** What newly fails, where, since when and what to do. */
export function NewlyFailing({ audit, places, at }: Props) {
  const gates = audit.report.gates.filter((gate) => gateState(gate, audit) === 'new');
  if (gates.length === 0) return null;
  return (
    <section class="stack" aria-label="Newly failing">
      {gates.map((gate) => (
        <NewGate gate={gate} audit={audit} places={places} at={at} />
      ))}
    </section>
  );
}

function NewGate({ gate, audit, places, at }: Props & { gate: GateReport }) {
  const fresh = audit.standings[gate.number]?.fresh ?? [];
  const news = gate.findings.filter((finding) => fresh.includes(findingKey(finding)));
  const shown = (news.length > 0 ? news : gate.findings).slice(0, SHOWN);
  const left = gate.findings.length - shown.length;
  return (
    <article class="card news" aria-labelledby={`news-${gate.number}`}>
      <div class="card-head">
        <h2 id={`news-${gate.number}`}>
          <a href={gatePath(places.repo, gate.number, at)}>
            {gate.number} {gate.name}
          </a>
        </h2>
        <StateTag state="new" />
      </div>
      <ul class="findings">
        {shown.map((finding) => (
          <FindingItem finding={finding} places={places} />
        ))}
      </ul>
      {left > 0 ? (
        <p>
          <a href={gatePath(places.repo, gate.number, at)}>{plural(left, 'more finding')}</a>
        </p>
      ) : null}
      <dl class="facts">
        <dt>Since</dt>
        <dd>
          <Since audit={audit} gate={gate} places={places} />
        </dd>
        {gate.fixHint === undefined ? null : (
          <>
            <dt>Do</dt>
            <dd>
              <Prose text={gate.fixHint} />
            </dd>
          </>
        )}
        <dt>Issue</dt>
        <dd>
          <IssueLink audit={audit} gate={gate} places={places} />
        </dd>
        <dt>Lanes</dt>
        <dd>
          {gate.lanes.join(', ')} · severity {gate.severity || 'unknown'}
        </dd>
      </dl>
    </article>
  );
}

/** Between which commits a gate turned. */
export function Since({ audit, gate, places }: { audit: StoredAudit; gate: GateReport; places: Places }) {
  const { firstFail = null, lastPass = null } = audit.standings[gate.number] ?? {};
  if (!firstFail) return <>unknown: no earlier audit looked</>;
  const first = <Sha sha={firstFail.sha} href={commitUrl(places, firstFail.sha)} />;
  if (!lastPass) return <>{first}, the first audit; no earlier one saw it pass</>;
  if (lastPass.sha === firstFail.sha) return <>{first}; the clock turned it, no commit did</>;
  return (
    <>
      {first}, last passing at <Sha sha={lastPass.sha} href={commitUrl(places, lastPass.sha)} /> (
      <a href={compareUrl(places, lastPass.sha, firstFail.sha)}>what changed between them</a>)
    </>
  );
}

export function IssueLink({ audit, gate, places }: { audit: StoredAudit; gate: GateReport; places: Places }) {
  const issue = audit.standings[gate.number]?.issue;
  if (!issue) return <>none{audit.delivery.mode === 'dry-run' ? ' (dry run: nothing is written)' : ''}</>;
  return (
    <>
      <a href={issueUrl(places, issue.number)}>#{issue.number}</a> ({issue.phase})
    </>
  );
}

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

const ORDER: readonly State[] = ['new', 'fail', 'crashed', 'blind', 'pass', 'skip'];

/** Every gate of an audit: what does not pass in sight, the rest folded. */
export function GateTables({ audit, places, at }: Props) {
  const states = audit.report.gates.map((gate) => ({ gate, state: gateState(gate, audit) }));
  const those = (wanted: readonly State[]) =>
    states
      .filter(({ state }) => wanted.includes(state))
      .sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  const [bad, good, skipped] = [those(['new', 'fail', 'crashed', 'blind']), those(['pass']), those(['skip'])];
  const props = { audit, places, at };
  return (
    <section class="card" aria-labelledby="gates">
      <h2 id="gates">Gates</h2>
      {bad.length > 0 ? <GateTable {...props} rows={bad} caption="Gates that do not pass" /> : <p>None fails.</p>}
      {good.length > 0 ? (
        <details>
          <summary>{plural(good.length, 'passing gate')}</summary>
          <GateTable {...props} rows={good} caption="Passing gates" />
        </details>
      ) : null}
      {skipped.length > 0 ? (
        <details>
          <summary>{plural(skipped.length, 'skipped gate')}</summary>
          <GateTable {...props} rows={skipped} caption="Skipped gates" />
        </details>
      ) : null}
    </section>
  );
}

function GateTable({
  audit,
  places,
  at,
  rows,
  caption,
}: Props & { rows: readonly { gate: GateReport; state: State }[]; caption: string }) {
  return (
    <table class="gates">
      <caption class="vh">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Gate</th>
          <th scope="col">State</th>
          <th scope="col">What</th>
          <th scope="col" class="wide">
            Last audits
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ gate, state }) => (
          <tr>
            <th scope="row">
              <a href={gatePath(places.repo, gate.number, at)}>
                <strong>{gate.number}</strong> {gate.name}
              </a>
            </th>
            <td>
              <StateTag state={state} />
            </td>
            <td>
              <Prose text={told(gate, audit)} />
            </td>
            <td class="wide">
              <Strip strip={(audit.standings[gate.number]?.strip ?? '').slice(-10)} what={`audits of ${gate.number}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function told(gate: GateReport, audit: StoredAudit): string {
  const { findings, reason, unverified = [], scriptChanged } = gate;
  const fresh = audit.standings[gate.number]?.fresh.length ?? 0;
  const parts = [
    findings.length > 0 ? plural(findings.length, 'finding') + (fresh > 0 ? `, ${fresh} new` : '') : '',
    reason ?? '',
    unverified.length > 0 ? `${plural(unverified.length, 'part')} not verified` : '',
    scriptChanged ? 'script changed' : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
