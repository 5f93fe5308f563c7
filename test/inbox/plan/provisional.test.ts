import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GateReport, Report, ScriptReport } from '../../../src/core/report.ts';
import { countVerdicts } from '../../../src/core/verdict-counts.ts';
import { commitStatusOf } from '../../../src/formats/commit-status.ts';
import { outcomeOf } from '../../../src/formats/summary.ts';
import { planGapInbox } from '../../../src/inbox/plan/gap-inbox.ts';
import { newlyFailing } from '../../../src/inbox/plan/newly-failing.ts';
import { planInbox } from '../../../src/inbox/plan/plan.ts';
import { EMPTY_INBOX, type InboxState } from '../../../src/inbox/state.ts';

const NOW = Date.parse('2026-02-18T04:17:00Z');
const TRACKER = { issues: new Map(), hidden: new Set<number>(), ownActs: new Map() };
const finding = (subject: string) => ({
  rule: 'reported',
  subject,
  repo: 'target',
  path: null,
  line: null,
  message: subject,
});

/** A gate by a script that nobody has certified, saying this. */
function provisional(number: string, verdict: ScriptReport['verdict'], subjects: readonly string[]): GateReport {
  const said = {
    path: `${number}.sh`,
    standing: 'provisional',
    verdict,
    reason: `${verdict} because`,
    output: subjects,
  } as const;
  const findings = verdict === 'fail' ? subjects.map(finding) : [];
  return { ...named(number), verdict: verdict === 'blind' ? 'blind' : 'provisional', script: { ...said, findings } };
}

function named(number: string) {
  return { number, name: `gate-${number}`, category: '', severity: 'high', lanes: ['docs'], findings: [] };
}

function reportOf(gates: readonly GateReport[]): Report {
  const { provisional: count, ...counts } = countVerdicts(gates.map(({ verdict }) => verdict));
  const ids = gates.map(({ number }) => number);
  const lane = { id: 'docs', total: gates.length, ...counts, ...(count > 0 ? { provisional: count } : {}), gates: ids };
  const sha = 'a'.repeat(40);
  const now = new Date(NOW).toISOString();
  return { schemaVersion: 1, repo: 'you/homelab', sha, now, complete: true, siblings: {}, lanes: [lane], gates };
}

/** All that anybody outside of the report and its pages gets to see. */
function reaches(gates: readonly GateReport[], state: InboxState) {
  const report = reportOf(gates);
  const registered = new Set(gates.map(({ name }) => name));
  const waivers = { active: [], problems: [], isReadable: true };
  const input = { report, registered, waivers, state, tracker: TRACKER, now: NOW };
  const told = (plan: ReturnType<typeof planInbox>) =>
    plan.transitions.map(({ about, steps, apply }) => [about, steps, apply(state, 7)]);
  const news = [...newlyFailing(report, state, [])];
  return {
    inbox: told(planInbox(input)),
    notes: planInbox(input).notes,
    gapInbox: planGapInbox(input).transitions.map(({ steps }) => steps),
    outcome: outcomeOf(report, []),
    status: commitStatusOf({ report, newlyFailing: [] } as never)?.state,
    news,
  };
}

const said = fc.tuple(
  fc.constantFrom<ScriptReport['verdict']>('pass', 'fail', 'blind', 'crashed'),
  fc.array(fc.constantFrom('one', 'two', 'three'), { maxLength: 2 }),
);

test('what provisional scripts say changes no issue, no news, no outcome and no commit status', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(said, said), { minLength: 1, maxLength: 6 }), fc.boolean(), (pairs, isDayOne) => {
      const counted: GateReport = { ...named('C1'), verdict: 'fail', findings: [finding('known')] };
      const with_ = (pick: 0 | 1) => [counted, ...pairs.map((pair, index) => provisional(`P${index}`, ...pair[pick]))];
      const state = isDayOne ? EMPTY_INBOX : { ...EMPTY_INBOX, startedAt: NOW - 1 };
      expect(reaches(with_(0), state)).toEqual(reaches(with_(1), state));
    }),
  );
});
