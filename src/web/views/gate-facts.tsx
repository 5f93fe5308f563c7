/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { GateReport } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';
import { commitUrl, compareUrl, issueUrl, type Places } from '../../formats/links.ts';
import { Sha } from './text.tsx';

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
