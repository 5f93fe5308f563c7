import { type Archive, blame, type LastGood } from '../audit/blame/blame.ts';
import { EnoughJudged } from '../audit/blame/turn.ts';
import type { BrokenBy } from '../core/broken-by.ts';
import type { CommitGraph } from '../core/commit-graph.ts';
import { HOUR, SECOND } from '../core/durations.ts';
import { type FindingKey, findingKey } from '../core/finding.ts';
import { own } from '../core/own.ts';
import type { GateReport, Report } from '../core/report.ts';
import { redactText } from '../core/text/redact.ts';
import { newlyFailing } from '../inbox/plan/newly-failing.ts';
import { inboxState } from './inbox-state.ts';
import type { CoordinatorPorts, OpenTarget } from './ports.ts';
import { reportedFacts } from './results.ts';
import type { CulpritRow, LastAudit, Rows } from './rows.ts';
import { type Branch, openSiblings } from './siblings.ts';
import { LEFT_OUT } from './work.ts';

/** Gates that one audit asks about, states that it judges for all of them, and for how long it does: the issues wait meanwhile. */
const MOST = { gates: 5, states: 40, statesOfOne: 16, commits: 500, time: 45 * SECOND };
/** A life may end while it looks, and GitHub may not answer: then the next audit tries again, once. */
const MOST_TRIES = 2;

export interface CulpritPorts extends Pick<CoordinatorPorts, 'gates' | 'defaultRegistry' | 'now' | 'persist' | 'log'> {
  readonly rows: Rows;
}

/**
 * The report with what broke the gates that fail: what is known from earlier audits of the same failure, and what is found out now about those that newly fail.
 * Whatever goes wrong here, the report stays what it is: it throws nothing, and `notes` say what could not be found out.
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
    await findOut(target, last, questions.slice(0, MOST.gates), ports, open);
  } catch (error) {
    const reason = redactText(error instanceof Error ? error.message : String(error));
    for (const number of open.keys()) open.set(number, reason);
    ports.log('could not find out what broke a gate', { repo: report.repo, error: reason });
  }
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
  const { rows, now, persist } = ports;
  const { sha } = last.report;
  const graph = target.graph?.();
  if (!graph || sha === null) return;
  if (questions.length === 0) return;
  for (const { gate } of questions) {
    open.set(gate.number, 'there was no time left to find it out; the next audit looks again.');
    note(rows, gate.name, ({ tries }) => ({ brokenBy: null, tries: tries + 1 }));
  }
  // Counted before the work, since a life that is ended by a limit cannot count afterwards.
  await persist();
  const deadline = now() + MOST.time;
  const archiveOf = (branch: Branch, commits: CommitGraph): Archive => ({
    graph: commits,
    async open(commit) {
      if (now() > deadline) throw new EnoughJudged('it took too long');
      return branch.open(commit);
    },
  });
  const { siblings, lostSiblings } = await openSiblings(target.siblings, last.siblings);
  const opened = { ...(await target.open(sha)), sha };
  let left = MOST.states;
  for (const { gate, fresh, lastGood } of questions) {
    if (left <= 0 || now() > deadline) return;
    const { brokenBy, judged } = await blame({
      gate: gate.name,
      findings: fresh,
      circumstances: {
        gates: ports.gates,
        declare: target.declare,
        defaultRegistry: ports.defaultRegistry,
        governance: target.governance ?? 'repo',
        reported: reportedFacts(rows, target.resultsMaxAge ?? 36 * HOUR),
        lostSiblings,
      },
      target: opened,
      siblings,
      now: Date.parse(last.report.now),
      lastGood,
      archive: archiveOf(target, graph),
      siblingArchives: Object.fromEntries(
        Object.entries(target.siblings).flatMap(([name, branch]) =>
          branch.graph ? [[name, archiveOf(branch, branch.graph())]] : [],
        ),
      ),
      limits: { commits: MOST.commits, states: Math.min(left, MOST.statesOfOne) },
    });
    left -= judged;
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
