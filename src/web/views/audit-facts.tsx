/** @jsxRuntime automatic @jsxImportSource hono/jsx */

import type { Child } from 'hono/jsx';
import { DAY } from '../../core/durations.ts';
import type { StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import { type CommitPages, issueUrl } from '../../formats/links.ts';
import { gatePath } from './navigation.tsx';
import { Prose } from './text.tsx';

interface Props {
  readonly audit: StoredAudit;
  readonly pages: CommitPages;
  readonly now: number;
}

/** Open issues, what is known and quiet, and what nobody could judge. */
export function AuditFacts({ audit, pages, now }: Props) {
  const { inbox, report } = audit;
  const unverified = report.gates.flatMap((gate) => (gate.unverified ?? []).map((part) => ({ gate, part })));
  const gate = ({ number, name }: { number: string; name: string }) => (
    <a href={gatePath(pages.repo, number)}>
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
            <a href={issueUrl(pages, row.issue)}>#{row.issue}</a> {gate(row)}{' '}
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
