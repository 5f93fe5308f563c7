import { defined } from '../core/defined.ts';
import type { Report } from '../core/report.ts';
import type { StatusBoard } from '../core/status.ts';
import type { AuditStore, StoredAudit, TargetSummary, Trigger } from '../core/store.ts';
import { redactText } from '../core/text/redact.ts';
import { summarizeAudit } from '../formats/summary.ts';
import { newlyFailing } from '../inbox/plan/newly-failing.ts';
import { summarize } from '../inbox/plan/summary.ts';
import type { InboxState } from '../inbox/state.ts';
import { announce } from './announce.ts';
import { historiesAfter } from './gate-history.ts';
import { endAudit } from './gate-work.ts';
import { latestHead } from './heads.ts';
import type { WriteResult } from './issue-writer.ts';
import type { LastAudit, Rows } from './rows.ts';

export interface PublishPorts {
  readonly repo: string;
  readonly rows: Rows;
  readonly store: AuditStore;
  readonly now: () => number;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** How an audit ended, for the web to read. */
export interface Published {
  /** Absent where the target could not even be opened. */
  readonly target: { requests(): Readonly<Record<string, number>>; readonly status?: StatusBoard } | undefined;
  readonly trigger: Trigger;
  readonly report: Report;
  readonly result: WriteResult;
  /** What a finished audit knows beside its report. */
  readonly last: Pick<LastAudit, 'waivers' | 'touched' | 'work'> | undefined;
  /** The inbox after its writes. */
  readonly state: InboxState;
}

/** Stores the audit for the web and gives it as it was stored; undefined when the store did not take it. */
export async function publish(
  { target, trigger, report, result, last, state }: Published,
  ports: PublishPorts,
): Promise<StoredAudit | undefined> {
  const { rows, store, repo, now, log } = ports;
  const news = newlyFailing(report, state, last?.waivers.active ?? []);
  const id = auditId(now(), report.sha);
  const inbox = last ? summarize(report, last.waivers, state) : null;
  const { retryAt: _, notBefore: __, ...counts } = result;
  const delivery = { ...counts, errors: counts.errors.map(redactText) };
  const before = rows.get('histories') ?? {};
  const histories = historiesAfter(before, { report, state, news });
  const known = defined({ touched: last?.touched, work: last?.work });
  const unannounced: StoredAudit = {
    id,
    report,
    trigger,
    newlyFailing: [...news.keys()],
    ...known,
    delivery,
    requests: {},
    inbox,
    histories,
  };
  const trouble = target?.status ? await announce(unannounced, target.status, rows) : null;
  const errors = [...delivery.errors, ...(trouble === null ? [] : [redactText(trouble)])];
  const requests = target?.requests() ?? {};
  const audit: StoredAudit = { ...unannounced, delivery: { ...delivery, errors }, requests };
  const summary = { ...summarizeAudit(repo, audit, rows.get('summary') ?? null), ...numbersOf(rows) };
  try {
    await store.save(repo, audit, summary);
  } catch (error) {
    log('could not store the audit', { repo, error: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
  rows.transaction(() => {
    rows.put('summary', summary);
    rows.put('histories', histories);
    if (last) endAudit(rows);
  });
  log('audited', { repo, sha: report.sha, outcome: summary.outcome, ...last?.work, requests, ...audit.delivery });
  return audit;
}

/** GitHub's numbers of the repositories, by which webhooks are known once those are renamed. */
function numbersOf(rows: Rows): Pick<TargetSummary, 'repositoryId' | 'siblingIds'> {
  const identity = rows.get('identity');
  if (!identity) return {};
  const siblings = Object.entries(identity.siblings ?? {}).map(([name, { id }]) => [name, id]);
  return {
    repositoryId: identity.id,
    ...(siblings.length > 0 ? { siblingIds: Object.fromEntries(siblings) } : {}),
  };
}

/** The report of an audit that could not even begin. */
export function failedReport(error: string, at: number, { repo, rows }: Pick<PublishPorts, 'repo' | 'rows'>): Report {
  return {
    schemaVersion: 1,
    repo,
    sha: latestHead(rows),
    now: new Date(at).toISOString(),
    complete: false,
    error,
    siblings: {},
    lanes: [],
    gates: [],
  };
}

/** Sorts newest first, bytewise. */
export function auditId(instant: number, sha: string | null): string {
  return `${String(9_999_999_999_999 - instant).padStart(13, '0')}-${(sha ?? 'none').slice(0, 10)}`;
}
