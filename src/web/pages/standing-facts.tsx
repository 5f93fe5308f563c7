/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import type { AuditSummary, StoredAudit } from '../../core/store.ts';
import { issueUrl, type Places } from '../../formats/links.ts';
import { gatePath, isoMinute, Prose, plural, Sha, StateTag } from './parts.tsx';

const DAY = 86_400_000;

interface Props {
  readonly audit: StoredAudit;
  readonly places: Places;
  readonly now: number;
}

/** Open issues, what is known and quiet, and what nobody could judge. */
export function StandingFacts({ audit, places, now }: Props) {
  const { inbox, report } = audit;
  const unverified = report.gates.flatMap((gate) => (gate.unverified ?? []).map((part) => ({ gate, part })));
  const gate = ({ number, name }: { number: string; name: string }) => (
    <a href={gatePath(places.repo, number)}>
      {number} {name}
    </a>
  );
  return (
    <div class="columns">
      <Facts
        title="Open issues"
        none="No issue is open."
        rows={(inbox?.open ?? []).map((row) => (
          <>
            <a href={issueUrl(places, row.issue)}>#{row.issue}</a> {gate(row)}{' '}
            <span class="dim">{row.severity || 'no severity'}</span>
          </>
        ))}
      />
      <Facts
        title="Baseline: known and quiet"
        none="Nothing is known to fail."
        rows={(inbox?.baseline ?? []).map((row) => (
          <>
            {gate(row)} <span class="dim">{plural(row.findings, 'finding')}</span>
          </>
        ))}
      />
      <Facts
        title="Waivers"
        none="Nothing is waived."
        rows={(inbox?.waivers ?? []).map((waiver) => (
          <>
            <strong>{waiver.gate}</strong> {waiver.subject === null ? '' : <code>{waiver.subject}</code>}:{' '}
            {daysLeft(waiver.expires, now)} ({waiver.expires}), {waiver.owner}: {waiver.reason}
          </>
        ))}
      />
      <Facts
        title="Blind and not verified"
        none="Everything could be judged."
        rows={[
          ...(inbox?.blind ?? []).map((row) => (
            <>
              {gate(row)} is blind: <Prose text={row.reason} />
            </>
          )),
          ...unverified.map(({ gate: of, part }) => (
            <>
              {gate(of)}, not verified: <Prose text={part} />
            </>
          )),
        ]}
      />
    </div>
  );
}

function daysLeft(expires: string, now: number): string {
  const days = Math.ceil((Date.parse(expires) + DAY - now) / DAY);
  return days > 0 ? `${plural(days, 'day')} left` : 'expired';
}

function Facts({ title, none, rows }: { title: string; none: string; rows: readonly Child[] }) {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {rows.length === 0 ? (
        <p class="dim">{none}</p>
      ) : (
        <ul class="rows">
          {rows.map((row) => (
            <li>{row}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What was written at GitHub, lately and by this audit. */
export function DeliveryRecord({ audit, audits, places }: Omit<Props, 'now'> & { audits: readonly AuditSummary[] }) {
  const { delivery, requests, inbox } = audit;
  const trouble = [...delivery.errors, ...(inbox?.errors ?? [])];
  return (
    <section class="card" aria-labelledby="delivery">
      <h2 id="delivery">Delivery</h2>
      {delivery.mode === 'dry-run' ? <p>A dry run: nothing is written to GitHub.</p> : null}
      {trouble.length > 0 ? (
        <ul class="rows trouble">
          {trouble.map((error) => (
            <li>
              <strong>Trouble:</strong> <Prose text={error} />
            </li>
          ))}
        </ul>
      ) : null}
      <ul class="rows">
        {[...delivery.actions, ...delivery.notes].map((action) => (
          <li>{action}</li>
        ))}
        {delivery.actions.length + delivery.notes.length === 0 ? <li>There was nothing to write.</li> : null}
      </ul>
      <p class="dim">
        GitHub requests:{' '}
        {Object.entries(requests)
          .map(([purpose, count]) => `${count} ${purpose}`)
          .join(', ') || 'none'}
      </p>
      <details>
        <summary>The last {plural(audits.length, 'run')}</summary>
        <section class="scroll" aria-label="Delivery of the last runs" tabindex={0}>
          <table class="runs">
            <caption class="vh">Delivery of the last runs, newest first</caption>
            <thead>
              <tr>
                {['Audit', 'Commit', 'By', 'Outcome', 'Opened', 'Updated', 'Closed', 'Held back', 'Failed'].map(
                  (title) => (
                    <th scope="col">{title}</th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {audits.map(({ id, sha, now, trigger, outcome, delivery: [, ...counts] }) => (
                <tr>
                  <th scope="row">
                    <a href={`/${places.repo}?at=${id}`}>{isoMinute(Date.parse(now))}</a>
                  </th>
                  <td>{sha === null ? '' : <Sha sha={sha} />}</td>
                  <td>{trigger}</td>
                  <td>
                    <StateTag state={outcome} />
                  </td>
                  {counts.map((count) => (
                    <td class="number">{count}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}
