import { type Archive, type Blame, blame, type LastGood } from '../../src/audit/blame/blame.ts';
import { scriptOf } from '../../src/audit/blame/court.ts';
import type { Audit, AuditRequest } from '../../src/audit/run.ts';
import type { FindingKey } from '../../src/core/finding.ts';
import type { GateReport, Report } from '../../src/core/report.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { plural } from '../../src/core/text/plural.ts';
import { cloneCommitGraph, commitDate, firstCommit, headAt } from '../../src/snapshot/clone/commit-graph.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';

/** States of one gate that are judged, and commits that are looked through. */
const LIMITS = { commits: 50_000, states: 200 };
/** Gates that are looked into where nobody named some. */
const MOST_GATES = 10;

export interface BlameOptions {
  readonly directory: string;
  readonly at: string | undefined;
  readonly request: Omit<AuditRequest, 'target'>;
  /** Clones of siblings, by name. */
  readonly siblings: ReadonlyMap<string, string>;
  /** The commit that the change is compared with and its new findings; without them the whole history is searched for a pass. */
  readonly base?: { readonly sha: string; readonly fresh: Readonly<Record<string, readonly FindingKey[]>> } | undefined;
}

/** The report with what made its gates fail, and a line for each of them that says how that was found out. */
export interface Blamed {
  readonly report: Report;
  readonly lines: readonly string[];
}

/** Finds out what made gates fail. Throws `SnapshotError`. */
export async function blameFailures({ report }: Audit, options: BlameOptions): Promise<Blamed> {
  const { base, directory, at } = options;
  const wanted = report.gates.filter(({ number, verdict }) => verdict === 'fail' && (!base || base.fresh[number]));
  if (wanted.length === 0) return { report, lines: [] };
  const target = await directorySnapshot(directory, at ?? 'HEAD');
  const found = new Map<GateReport, GateReport>();
  const lines: string[] = [];
  for (const gate of wanted.slice(0, MOST_GATES)) {
    const result = await blameGate(gate, target, options);
    const { brokenBy, judged } = result;
    lines.push(`${gate.number}: ${plural(judged, 'state')} judged${brokenBy ? '' : `; ${result.why}`}`);
    if (brokenBy) found.set(gate, { ...gate, brokenBy });
  }
  if (wanted.length > MOST_GATES)
    lines.push(`${plural(wanted.length - MOST_GATES, 'more gate')} not looked into; --gate names one`);
  return { report: { ...report, gates: report.gates.map((gate) => found.get(gate) ?? gate) }, lines };
}

async function blameGate(
  gate: GateReport,
  target: Snapshot,
  { directory, request, siblings: clones, base }: BlameOptions,
): Promise<Blame & { readonly why: string }> {
  const { name, number } = gate;
  const { siblings, now, ...circumstances } = request;
  const { sha } = target;
  if (sha === null) return { brokenBy: null, judged: 0, why: 'the work tree has changes that are not committed' };
  const findings = base?.fresh[number] ?? null;
  const search = (lastGood: LastGood) =>
    blame({
      gate: name,
      findings,
      script: scriptOf(gate, target),
      circumstances,
      target: { ...target, sha },
      siblings,
      now,
      lastGood,
      archive: archiveOf(directory),
      siblingArchives: Object.fromEntries([...clones].map(([sibling, clone]) => [sibling, archiveOf(clone)])),
      limits: LIMITS,
    });
  if (base) return { ...(await search({ sha: base.sha, at: now, siblings: {} })), why: NEVER_GOOD };
  // The same commit at its own time, and beside the siblings of then: if it passes there, no commit of this repository did it.
  const at = Math.min(await commitDate(directory, sha), now);
  const then = await search({ sha, at, siblings: await headsAt(at, siblings, clones) });
  if (then.brokenBy?.kind === 'clock' || then.brokenBy?.kind === 'sibling') return { ...then, why: '' };
  const whole = await search({ sha: await firstCommit(directory, sha), at: null, siblings: {} });
  return { ...whole, judged: then.judged + whole.judged, why: NEVER_GOOD };
}

function archiveOf(clone: string): Archive {
  return { graph: cloneCommitGraph(clone), open: (at) => directorySnapshot(clone, at) };
}

/** Where siblings stood at an instant, by name: those of which the commit is known that they are judged at. */
async function headsAt(
  at: number,
  siblings: AuditRequest['siblings'],
  clones: BlameOptions['siblings'],
): Promise<LastGood['siblings']> {
  const heads: Record<string, string> = {};
  for (const [name, clone] of clones) {
    const present = siblings[name]?.sha;
    const head = present ? await headAt(clone, present, at) : undefined;
    if (head !== undefined) heads[name] = head;
  }
  return heads;
}

const NEVER_GOOD = 'no commit was found at which it passes';
