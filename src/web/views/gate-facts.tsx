/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { GateReport } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';
import { type CommitPages, commitUrl, compareUrl, issueUrl } from '../../formats/links.ts';
import { Sha } from './text.tsx';

/** Between which commits a gate turned. */
export function Since({ audit, gate, pages }: { audit: StoredAudit; gate: GateReport; pages: CommitPages }) {
  const { firstFail = null, lastPass = null } = audit.standings[gate.number] ?? {};
  if (!firstFail) return <>unknown: no earlier audit looked</>;
  const first = <Sha sha={firstFail.sha} href={commitUrl(pages, firstFail.sha)} />;
  if (!lastPass) return <>{first}, the first audit; no earlier one saw it pass</>;
  if (lastPass.sha === firstFail.sha) return <>{first}; the clock turned it, no commit did</>;
  return (
    <>
      {first}, last passing at <Sha sha={lastPass.sha} href={commitUrl(pages, lastPass.sha)} /> (
      <a href={compareUrl(pages, lastPass.sha, firstFail.sha)}>what changed between them</a>)
    </>
  );
}

export function IssueLink({ audit, gate, pages }: { audit: StoredAudit; gate: GateReport; pages: CommitPages }) {
  const issue = audit.standings[gate.number]?.issue;
  if (!issue) return <>none{audit.delivery.mode === 'dry-run' ? ' (dry run: nothing is written)' : ''}</>;
  return (
    <>
      <a href={issueUrl(pages, issue.number)}>#{issue.number}</a> ({issue.phase})
    </>
  );
}
