/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { AuditSummary } from '../../core/store.ts';
import { STATES } from './states.tsx';
import { isoMinute } from './text.tsx';

/** Two audits to choose, in a form that needs no script. */
export function CompareForm({
  repo,
  audits,
  from,
  to,
}: {
  repo: string;
  audits: readonly AuditSummary[];
  from?: string;
  to?: string;
}) {
  const choice = (name: string, label: string, chosen: string | undefined) => (
    <label>
      {label}{' '}
      <select name={name}>
        {audits.map(({ id, sha, now, outcome }) => (
          <option value={id} selected={id === chosen}>
            {isoMinute(Date.parse(now))} · {sha?.slice(0, 7) ?? 'no commit'} · {STATES[outcome].word}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form class="compare" method="get" action={`/${repo}/compare`}>
      {choice('from', 'From', from ?? audits[1]?.id)}
      {choice('to', 'to', to ?? audits[0]?.id)}
      <button type="submit">Compare</button>
    </form>
  );
}
