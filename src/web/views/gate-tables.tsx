/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { own } from '../../core/own.ts';
import { type GateReport, isProvisional } from '../../core/report.ts';
import type { StoredAudit } from '../../core/store.ts';
import { plural } from '../../core/text/plural.ts';
import type { CommitPages } from '../../formats/links.ts';
import { PROVISIONAL } from '../../formats/provisional.ts';
import { gatePath } from './navigation.tsx';
import { gateState, type State, StateTag, Strip } from './states.tsx';
import { Prose } from './text.tsx';

interface Props {
  readonly audit: StoredAudit;
  readonly pages: CommitPages;
  /** The id of the audit where it is not the latest one. */
  readonly at: string | undefined;
}

const ORDER: readonly State[] = ['new', 'fail', 'crashed', 'blind', 'provisional', 'pass', 'skip'];

/** Every gate of an audit: what does not pass in sight, the rest folded. */
export function GateTables({ audit, pages, at }: Props) {
  const states = audit.report.gates.map((gate) => ({ gate, state: gateState(gate, audit) }));
  const those = (wanted: readonly State[]) =>
    states
      .filter(({ state }) => wanted.includes(state))
      .sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  const counted = (rows: ReturnType<typeof those>) => rows.filter(({ gate }) => !isProvisional(gate));
  const [bad, good, skipped] = [counted(those(['new', 'fail', 'crashed', 'blind'])), those(['pass']), those(['skip'])];
  const provisional = states
    .filter(({ gate }) => isProvisional(gate))
    .sort((one, other) => WORST.indexOf(saidBy(one.gate)) - WORST.indexOf(saidBy(other.gate)));
  const props = { audit, pages, at };
  return (
    <section class="card" aria-labelledby="gates">
      <h2 id="gates">Gates</h2>
      {bad.length > 0 ? <GateTable {...props} rows={bad} caption="Gates that do not pass" /> : <p>No gate fails.</p>}
      {good.length > 0 ? (
        <details>
          <summary>{plural(good.length, 'passing gate')}</summary>
          <GateTable {...props} rows={good} caption="Passing gates" />
        </details>
      ) : null}
      {provisional.length > 0 ? (
        <details>
          <summary>{plural(provisional.length, 'provisional gate')}</summary>
          <p>
            <Prose text={PROVISIONAL} />
          </p>
          <GateTable {...props} rows={provisional} caption="Provisional gates" />
        </details>
      ) : null}
      {skipped.length > 0 ? (
        <details>
          <summary>{plural(skipped.length, 'skipped gate')}</summary>
          <GateTable {...props} rows={skipped} caption="Skipped gates" />
        </details>
      ) : null}
    </section>
  );
}

function GateTable({
  audit,
  pages,
  at,
  rows,
  caption,
}: Props & { rows: readonly { gate: GateReport; state: State }[]; caption: string }) {
  return (
    <table class="gates">
      <caption class="vh">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Gate</th>
          <th scope="col">State</th>
          <th scope="col">Details</th>
          <th scope="col" class="wide">
            Last audits
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ gate, state }) => (
          <tr>
            <th scope="row">
              <a href={gatePath(pages.repo, gate.number, at)}>
                <strong>{gate.number}</strong> {gate.number === gate.name ? '' : gate.name}
              </a>
            </th>
            <td>
              <StateTag state={state} />
            </td>
            <td>
              <Prose text={told(gate, audit)} />
            </td>
            <td class="wide">
              <Strip
                strip={(own(audit.histories, gate.number)?.strip ?? '').slice(-10)}
                what={`audits of ${gate.number}`}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a script says that nobody has certified: what would fail comes first. */
const WORST = ['fail', 'crashed', 'blind', 'pass', ''];

function saidBy({ script }: GateReport): string {
  return script?.verdict ?? '';
}

function wordOf({ verdict, findings }: NonNullable<GateReport['script']>): string {
  return findings.length > 0 ? `${verdict}, ${plural(findings.length, 'finding')}` : verdict;
}

function changedInWords({ script, verdict }: GateReport): string {
  if (script?.inPlaceOf !== undefined) return 'script has changed and is the verdict';
  if (script?.standing !== 'compared') return 'script has changed';
  if (script.verdict === verdict) return 'script has changed and agrees';
  const isUnknown = script.verdict === 'blind' || script.verdict === 'crashed';
  return isUnknown ? 'script has changed' : `script has changed and differs: ${script.verdict}`;
}

function told(gate: GateReport, audit: StoredAudit): string {
  const { findings, reason, unverified = [], scriptChanged, script } = gate;
  const fresh = own(audit.histories, gate.number)?.fresh.length ?? 0;
  const parts = [
    findings.length > 0 ? plural(findings.length, 'finding') + (fresh > 0 ? `, ${fresh} new` : '') : '',
    reason ?? '',
    unverified.length > 0 ? `${plural(unverified.length, 'part')} not verified` : '',
    script?.standing === 'provisional' ? `its script says: ${wordOf(script)}` : '',
    scriptChanged ? changedInWords(gate) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
