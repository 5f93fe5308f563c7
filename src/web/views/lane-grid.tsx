/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { own } from '../../core/own.ts';
import type { AuditSummary, LaneTotals } from '../../core/store.ts';
import { BUILT_IN } from '../../formats/sentences.ts';
import { laneState } from './lane-chip.tsx';
import { STATES, type State } from './states.tsx';
import { isoMinute } from './text.tsx';

/** Columns that a phone has room for, and a very small one. */
const NARROW = 7;
const TINY = 4;

interface Props {
  readonly repo: string;
  /** Newest first. */
  readonly audits: readonly AuditSummary[];
  /** The audit that the page is about. */
  readonly current: string;
  /** Ids of the lanes that are built in. */
  readonly builtIn: readonly string[];
}

/** Lanes × recent audits, the newest at the right. */
export function LaneGrid({ repo, audits, current, builtIn }: Props) {
  const columns = [...audits].reverse();
  const lanes = [...new Set(audits.flatMap((audit) => Object.keys(audit.lanes)))];
  const shown = audits.find(({ id }) => id === current) ?? audits[0];
  const room = (index: number) => {
    const left = columns.length - index;
    if (left > NARROW) return 'wide ';
    return left > TINY ? 'mid ' : '';
  };
  return (
    <section class="card" aria-labelledby="lanes">
      <h2 id="lanes">Lanes</h2>
      <table class="grid">
        <caption class="vh">Lanes by audit, oldest first; the totals are those of the audit shown</caption>
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">Passing</th>
            {columns.map((audit, index) => (
              <th scope="col" class={`${room(index)}${audit.id === current ? 'current' : ''}`}>
                <a href={`/${repo}?at=${audit.id}`} aria-current={audit.id === current ? 'true' : undefined}>
                  <span class="vh">
                    Audit of {audit.sha?.slice(0, 7) ?? 'no commit'} at {isoMinute(Date.parse(audit.now))}:{' '}
                    {STATES[audit.outcome].word}
                  </span>
                  <span class="day" aria-hidden="true">
                    {audit.now.slice(8, 10)}
                    <br />
                    {MONTHS[Number(audit.now.slice(5, 7)) - 1]}
                  </span>
                </a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr>
              <th scope="row">{builtIn.includes(lane) ? `${lane} ${BUILT_IN}` : lane}</th>
              <td class="total">{totalText(shown && own(shown.lanes, lane))}</td>
              {columns.map((audit, index) => (
                <Cell
                  totals={own(audit.lanes, lane)}
                  room={room(index)}
                  isCurrent={audit.id === current}
                  isError={audit.outcome === 'error'}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function totalText(totals: LaneTotals | undefined): string {
  if (!totals) return '';
  const [pass, total, , , , provisional = 0] = totals;
  return `${pass}/${total}${provisional > 0 ? ` · ${provisional} provisional` : ''}`;
}

function absent(isError: boolean): State {
  return isError ? 'error' : 'none';
}

function Cell({
  totals,
  room,
  isCurrent,
  isError,
}: {
  totals: LaneTotals | undefined;
  room: string;
  isCurrent: boolean;
  isError: boolean;
}) {
  const state = totals ? laneState(totals) : absent(isError);
  const told = totals ? `${totalText(totals)}, ${STATES[state].word}` : STATES[state].word;
  return (
    <td class={`${room}${isCurrent ? 'current' : ''}`} title={told}>
      <span class={`cell s-${state}`} aria-hidden="true">
        {STATES[state].glyph}
      </span>
      <span class="vh">{told}</span>
    </td>
  );
}
