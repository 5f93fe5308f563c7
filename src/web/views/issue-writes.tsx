/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { AuditSummary, StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import type { CommitPages } from '../../formats/links.ts';
import { StateTag } from './states.tsx';
import { isoMinute, Prose, Sha } from './text.tsx';

interface Props {
  readonly audit: StoredAudit;
  readonly audits: readonly AuditSummary[];
  readonly pages: CommitPages;
}

/** What was written to GitHub, by this audit and by those before it. */
export function IssueWrites({ audit, audits, pages }: Props) {
  const { delivery, requests, inbox, work } = audit;
  const trouble = [...delivery.errors, ...(inbox?.errors ?? [])];
  return (
    <section class="card" aria-labelledby="delivery">
      <h2 id="delivery">Written to GitHub</h2>
      {delivery.mode === 'dry-run' ? <p>Dry run: this is what would have been written.</p> : null}
      {trouble.length > 0 ? (
        <ul class="rows trouble">
          {trouble.map((error) => (
            <li>
              <strong>Error:</strong> <Prose text={error} />
            </li>
          ))}
        </ul>
      ) : null}
      <ul class="rows">
        {[...delivery.actions, ...delivery.notes].map((action) => (
          <li>{action}</li>
        ))}
        {delivery.actions.length + delivery.notes.length === 0 ? <li>Nothing: there was nothing new to say.</li> : null}
      </ul>
      <p class="dim">
        GitHub requests:{' '}
        {Object.entries(requests)
          .map(([purpose, count]) => `${count} ${purpose}`)
          .join(', ') || 'none'}
        {work ? `. Gates: ${work.judged} judged, ${work.reused} reused` : ''}
      </p>
      <details>
        <summary>The last {plural(audits.length, 'audit')}</summary>
        <section class="scroll" aria-label="What the last audits wrote" tabindex={0}>
          <table class="runs">
            <caption class="vh">What the last audits wrote, newest first</caption>
            <thead>
              <tr>
                {['Audit', 'Commit', 'Trigger', 'Outcome', 'Opened', 'Updated', 'Closed', 'Held back', 'Failed'].map(
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
                    <a href={`/${pages.repo}?at=${id}`}>{isoMinute(Date.parse(now))}</a>
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
