/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { readStrip } from '../../core/outcome.ts';
import type { GateReport } from '../../core/report.ts';
import type { AuditSummary, StoredAudit } from '../../core/store.ts';
import { type CommitPages, commitUrl } from '../../formats/links.ts';
import { gatePath } from './navigation.tsx';
import { StateTag } from './states.tsx';
import { isoMinute, Sha } from './text.tsx';

interface Props {
  /** What the audits up to the one shown said of the gate, newest last. */
  readonly strip: string;
  readonly audit: StoredAudit;
  /** Newest first. */
  readonly audits: readonly AuditSummary[];
  readonly pages: CommitPages;
  readonly gate: GateReport;
}

/** How a gate came out in the audits up to the one shown, newest first. */
export function LastAudits({ strip, audit, audits, pages, gate }: Props) {
  const start = audits.findIndex(({ id }) => id === audit.id);
  const marks = [...readStrip(strip)].reverse();
  const rows = (start < 0 ? [] : audits.slice(start)).flatMap((row, index) => {
    const mark = marks[index];
    return mark === undefined ? [] : [{ ...row, state: mark ?? ('none' as const) }];
  });
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">History</h2>
      <ol class="history" reversed>
        {rows.map(({ id, sha, now, state }) => (
          <li>
            <StateTag state={state} />
            <a href={gatePath(pages.repo, gate.number, id)}>{isoMinute(Date.parse(now))}</a>
            {sha === null ? '' : <Sha sha={sha} href={commitUrl(pages, sha)} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
