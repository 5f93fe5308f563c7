/** @jsxRuntime automatic @jsxImportSource hono/jsx */

import type { IssuePhase } from '../../core/inbox.ts';
import { own } from '../../core/own.ts';
import type { GateReport } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';
import { type CommitPages, commitUrl, compareUrl, issueUrl } from '../../formats/links.ts';
import { WITHOUT_A_COMMIT } from '../../formats/sentences.ts';
import { Sha } from './text.tsx';

/** What became of an issue, for people. */
const PHASES: Readonly<Record<IssuePhase, string>> = {
  open: 'open',
  resolved: 'closed: the gate recovered',
  acknowledged: 'closed by a person, accepted',
  waived: 'closed: waived',
  adopted: 'taken over by a person',
  gone: 'deleted or transferred',
  grouped: 'shared with other gates',
};

/** Since when a gate fails. */
export function Since({ audit, gate, pages }: { audit: StoredAudit; gate: GateReport; pages: CommitPages }) {
  const { firstFail = null, lastPass = null } = own(audit.histories, gate.number) ?? {};
  if (!firstFail) return <>unknown: no earlier audit checked it</>;
  const first = <Sha sha={firstFail.sha} href={commitUrl(pages, firstFail.sha)} />;
  if (!lastPass) return <>{first} or earlier: no audit saw it pass</>;
  if (lastPass.sha === firstFail.sha)
    return (
      <>
        {first}, without a new commit.{gate.brokenBy ? '' : ` ${WITHOUT_A_COMMIT}`}
      </>
    );
  return (
    <>
      {first}, last passing at <Sha sha={lastPass.sha} href={commitUrl(pages, lastPass.sha)} /> (
      <a href={compareUrl(pages, lastPass.sha, firstFail.sha)}>what changed between them</a>)
    </>
  );
}

export function IssueLink({ audit, gate, pages }: { audit: StoredAudit; gate: GateReport; pages: CommitPages }) {
  const issue = own(audit.histories, gate.number)?.issue;
  if (!issue) return <>none{audit.delivery.mode === 'dry-run' ? ' (dry run: Lanekeeper writes nothing)' : ''}</>;
  return (
    <>
      <a href={issueUrl(pages, issue.number)}>#{issue.number}</a> ({PHASES[issue.phase]})
    </>
  );
}
