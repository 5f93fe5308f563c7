/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import { problemLine } from '../../core/declaration.ts';
import { DAY } from '../../core/durations.ts';
import { gateTitle } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import { type CommitPages, issueUrl } from '../../formats/links.ts';
import { contradictionSentence } from '../../formats/sentences.ts';
import { gatePath } from './navigation.tsx';
import { Prose } from './text.tsx';

interface Props {
  readonly audit: StoredAudit;
  readonly pages: CommitPages;
  readonly now: number;
}

/** A list of things that hold beside the verdicts. */
interface Panel {
  readonly title: string;
  /** What is said where the list is empty; null where that is usual, and the list then left out. */
  readonly none: string | null;
  readonly rows: (given: Props) => readonly Child[];
}

const PANELS: readonly Panel[] = [
  {
    title: 'Mistakes in declared gates',
    none: null,
    rows: ({ audit }) => (audit.report.problems ?? []).map((problem) => <Prose text={problemLine(problem)} />),
  },
  {
    title: 'Entries without a usable name',
    none: null,
    rows: ({ audit }) => (audit.report.unusable ?? []).map((sentence) => <Prose text={sentence} />),
  },
  {
    title: 'Runners that say otherwise',
    none: null,
    rows: ({ audit, pages }) =>
      audit.report.gates.flatMap((gate) => {
        const sentence = contradictionSentence(gate);
        if (sentence === undefined) return [];
        return [
          <>
            <GateLink gate={gate} pages={pages} />: {sentence}
          </>,
        ];
      }),
  },
  {
    title: 'Open issues',
    none: 'No issue is open.',
    rows: ({ audit, pages }) =>
      (audit.inbox?.open ?? []).map((row) => (
        <>
          <a href={issueUrl(pages, row.issue)}>#{row.issue}</a> <GateLink gate={row} pages={pages} />{' '}
          <span class="dim">{row.severity || 'no severity'}</span>
        </>
      )),
  },
  {
    title: 'Known failures (baseline)',
    none: 'No failure is in the baseline.',
    rows: ({ audit, pages }) =>
      (audit.inbox?.baseline ?? []).map((row) => (
        <>
          <GateLink gate={row} pages={pages} /> <span class="dim">{plural(row.findings, 'finding')}</span>
        </>
      )),
  },
  {
    title: 'Waivers',
    none: 'No waiver is in force.',
    rows: ({ audit, now }) =>
      (audit.inbox?.waivers ?? []).map((waiver) => (
        <>
          <strong>{waiver.gate}</strong> {waiver.subject === null ? '' : <code>{waiver.subject}</code>}:{' '}
          {daysLeft(waiver.expires, now)} ({waiver.expires}), {waiver.owner}: {waiver.reason}
        </>
      )),
  },
  {
    title: 'Could not be checked',
    none: 'Everything was checked.',
    rows: ({ audit, pages }) => [
      ...(audit.inbox?.blind ?? []).map((row) => (
        <>
          <GateLink gate={row} pages={pages} /> is blind: <Prose text={row.reason} />
        </>
      )),
      ...audit.report.gates.flatMap((gate) =>
        (gate.unverified ?? []).map((part) => (
          <>
            <GateLink gate={gate} pages={pages} />, not verified: <Prose text={part} />
          </>
        )),
      ),
    ],
  },
];

/** Open issues, known failures, waivers, and what could not be checked. */
export function AuditFacts(given: Props) {
  return (
    <div class="columns">
      {PANELS.map(({ title, none, rows }) => (
        <PanelCard title={title} none={none} rows={rows(given)} />
      ))}
    </div>
  );
}

function GateLink({ gate, pages }: { gate: { number: string; name: string }; pages: CommitPages }) {
  return <a href={gatePath(pages.repo, gate.number)}>{gateTitle(gate)}</a>;
}

function daysLeft(expires: string, now: number): string {
  const days = Math.ceil((Date.parse(expires) + DAY - now) / DAY);
  return days > 0 ? `${plural(days, 'day')} left` : 'expired';
}

function PanelCard({ title, none, rows }: { title: string; none: string | null; rows: readonly Child[] }) {
  if (none === null && rows.length === 0) return null;
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
