import { blame, type LastGood } from '../audit/blame/blame.ts';
import { Adjourned, scriptOf } from '../audit/blame/court.ts';
import type { BrokenBy } from '../core/broken-by.ts';
import { digest } from '../core/digest.ts';
import { HOUR } from '../core/durations.ts';
import { type FindingKey, findingKey } from '../core/finding.ts';
import { own } from '../core/own.ts';
import type { GateReport, Report } from '../core/report.ts';
import { redactText } from '../core/text/redact.ts';
import { newlyFailing } from '../inbox/plan/newly-failing.ts';
import { inboxState } from './inbox-state.ts';
import { keptVerdicts } from './kept-verdicts.ts';
import type { CoordinatorPorts, OpenTarget } from './ports.ts';
import { reportedFacts } from './results.ts';
import type { LastAudit, Rows } from './rows.ts';
import type { CulpritRow } from './search-rows.ts';
import { openSiblings } from './siblings.ts';
import { endSearch, openSitting, type SittingPorts } from './sitting.ts';
import { LEFT_OUT } from './work.ts';

/** What is done for one gate. */
const MOST = { states: 24, commits: 500 };
/** A life may end while it looks, and GitHub may not answer: then the next audit tries again, once. */
const MOST_TRIES = 2;

export interface CulpritPorts
  extends Pick<CoordinatorPorts, 'gates' | 'defaultRegistry' | 'engine' | 'log'>,
    SittingPorts {}

/** What broke the gates is still sought; the next alarm goes on with it, and the audit is told when it is known. */
export class CulpritsLeft extends Error {
  override readonly name = 'CulpritsLeft';
  /** The audit's clock. */
  readonly begun: number;

  constructor(begun: number) {
    super('what broke the gates is still sought');
    this.begun = begun;
  }
}

/**
 * The report with what broke the gates that fail: what is known from earlier audits of the same failure, and what is found out now about those that newly fail.
 * Whatever goes wrong here, the report stays what it is, and `notes` say what could not be found out. Throws only `CulpritsLeft`.
 */
export async function withCulprits(
  target: OpenTarget,
  last: LastAudit,
  questions: readonly Question[],
  ports: CulpritPorts,
): Promise<{ readonly report: Report; readonly notes: readonly string[] }> {
  const { rows } = ports;
  const { report } = last;
  keepTrue(report, rows);
  const open = new Map<string, string>();
  try {
    await findOut(target, last, questions, ports, open);
  } catch (error) {
    if (error instanceof Adjourned) {
      for (const { name } of report.gates.filter(({ number }) => open.has(number)))
        note(rows, name, ({ tries, brokenBy }) => ({ brokenBy, tries: Math.max(0, tries - 1) }));
      throw new CulpritsLeft(Date.parse(report.now));
    }
    const reason = redactText(error instanceof Error ? error.message : String(error));
    for (const number of open.keys()) open.set(number, reason);
    ports.log('could not find out what broke a gate', { repo: report.repo, error: reason });
  }
  endSearch(rows);
  const known = rows.get('culprits') ?? {};
  const gates = report.gates.map((gate) => {
    const brokenBy = gate.verdict === 'fail' ? own(known, gate.name)?.brokenBy : null;
    return brokenBy ? { ...gate, brokenBy } : gate;
  });
  const notes = [...open].map(([number, reason]) => `What broke ${number} is not known: ${reason}`);
  return { report: { ...report, gates }, notes };
}

/**
 * What is to be found out about the gates that newly fail. Since when is remembered of each: only the audit before tells, which the present one replaces,
 * and this life may end before the culprit is found, or its time may.
 */
export function openQuestions(last: LastAudit, before: LastAudit | undefined, rows: Rows): readonly Question[] {
  const questions = questionsOf(last, before, rows);
  const known = rows.get('culprits') ?? {};
  const noted = questions.map(({ gate: { name }, lastGood }) => {
    const row: CulpritRow = { brokenBy: null, tries: 0, ...own(known, name), lastGood };
    return [name, row] as const;
  });
  if (noted.length > 0) rows.put('culprits', { ...known, ...Object.fromEntries(noted) });
  return questions;
}

/** What broke a gate is forgotten once it passes, or is gone. */
function keepTrue({ gates }: Report, rows: Rows): void {
  const known = rows.get('culprits');
  if (!known) return;
  const failing = new Set(gates.flatMap(({ name, verdict }) => (verdict === 'pass' ? [] : [name])));
  const kept = Object.entries(known).filter(([name]) => failing.has(name));
  if (kept.length < Object.keys(known).length) rows.put('culprits', Object.fromEntries(kept));
}

/** A gate that newly fails, and when it did not. */
export interface Question {
  readonly gate: GateReport;
  readonly fresh: readonly FindingKey[];
  readonly lastGood: LastGood & { readonly at: number };
}

/** `open` holds the gates whose culprit is still sought, by number, each with the reason. */
async function findOut(
  target: OpenTarget,
  last: LastAudit,
  questions: readonly Question[],
  ports: CulpritPorts,
  open: Map<string, string>,
): Promise<void> {
  const { rows, persist, engine } = ports;
  const { sha, now } = last.report;
  const graph = target.graph?.();
  if (!graph || sha === null) return;
  if (questions.length === 0) return;
  const sitting = openSitting(
    digest(JSON.stringify([sha, now, engine, last.siblings])),
    questions.map(({ gate }) => gate.name),
    ports,
  );
  const asked = questions.filter(({ gate }) => sitting.gates.has(gate.name));
  for (const { gate } of asked) {
    open.set(gate.number, 'there was no time left to find it out; the next audit looks again.');
    note(rows, gate.name, ({ tries }) => ({ brokenBy: null, tries: tries + 1 }));
  }
  // Counted before the work, since a life that is ended by a limit cannot count afterwards.
  await persist();
  const { siblings, lostSiblings } = await openSiblings(target.siblings, last.siblings);
  const opened = { ...(await target.open(sha)), sha };
  const scripts = target.scripts && { ...target.scripts, onVerdict: async () => sitting.ran() };
  const siblingArchives = Object.entries(target.siblings).flatMap(([name, { open, graph: graphOf }]) =>
    graphOf ? [[name, { open, graph: sitting.remembering(graphOf(), name) }] as const] : [],
  );
  const archive = { graph: sitting.remembering(graph, 'target'), open: target.open };
  for (const { gate, fresh, lastGood } of asked) {
    if (sitting.left <= 0) return;
    const { brokenBy, judged } = await blame({
      gate: gate.name,
      findings: fresh,
      script: scriptOf(gate, opened),
      circumstances: {
        gates: ports.gates,
        declare: target.declare,
        defaultRegistry: ports.defaultRegistry,
        governance: target.governance ?? 'repo',
        reported: reportedFacts(rows, target.resultsMaxAge ?? 36 * HOUR),
        lostSiblings,
        scripts,
        earlier: { version: engine, verdicts: keptVerdicts(rows) },
        record: sitting.record,
      },
      target: opened,
      siblings,
      now: Date.parse(now),
      lastGood,
      archive,
      siblingArchives: Object.fromEntries(siblingArchives),
      limits: { commits: MOST.commits, states: Math.min(sitting.left, MOST.states) },
    });
    sitting.spend(judged);
    if (brokenBy) open.delete(gate.number);
    else open.set(gate.number, 'its failure was not found again in earlier commits, or looking took too long.');
    note(rows, gate.name, ({ tries }) => ({ brokenBy, tries: brokenBy ? tries : MOST_TRIES }));
  }
}

function note(
  rows: Rows,
  gate: string,
  change: (row: CulpritRow) => { brokenBy: BrokenBy | null; tries: number },
): void {
  const known = rows.get('culprits') ?? {};
  const row = own(known, gate) ?? { brokenBy: null, tries: 0 };
  rows.put('culprits', { ...known, [gate]: { ...row, ...change(row) } });
}

/** Gates that newly fail, that nobody has asked about in vain, and of which it is known when they did not. */
function questionsOf({ report, waivers }: LastAudit, before: LastAudit | undefined, rows: Rows): readonly Question[] {
  const state = inboxState(rows);
  const known = rows.get('culprits') ?? {};
  const news = newlyFailing(report, state, waivers.active);
  return report.gates.flatMap((gate) => {
    const fresh = news.get(gate.number);
    const row = own(known, gate.name);
    if (!fresh || row?.brokenBy || (row?.tries ?? 0) >= MOST_TRIES || wasLeftOut(before, gate)) return [];
    const lastPass = own(state.gates, gate.name)?.lastPass;
    const seenGood = goodIn(before, gate.name, fresh) ?? row?.lastGood;
    const lastGood = seenGood ?? (lastPass ? { ...lastPass, siblings: {} } : undefined);
    return lastGood ? [{ gate, fresh, lastGood }] : [];
  });
}

/** Judging the gate at the commit before would end this life, as it ended others. */
function wasLeftOut(before: LastAudit | undefined, { name }: GateReport): boolean {
  return before?.report.gates.some((gate) => gate.name === name && gate.reason === LEFT_OUT) ?? false;
}

/** The audit before, where the gate had none of the findings that are new. */
function goodIn(
  before: LastAudit | undefined,
  name: string,
  fresh: readonly FindingKey[],
): (LastGood & { readonly at: number }) | undefined {
  const gate = before?.report.gates.find((each) => each.name === name);
  if (!before?.report.sha || !gate || (gate.verdict !== 'pass' && gate.verdict !== 'fail')) return undefined;
  if (gate.findings.some((finding) => fresh.includes(findingKey(finding)))) return undefined;
  const siblings = Object.entries(before.siblings).flatMap(([name, head]) => ('sha' in head ? [[name, head.sha]] : []));
  return { sha: before.report.sha, at: Date.parse(before.report.now), siblings: Object.fromEntries(siblings) };
}
