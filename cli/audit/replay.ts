import { createFileCache } from '../../src/audit/read/file-cache.ts';
import { CouldNotAudit } from '../../src/audit/registry/could-not-audit.ts';
import { GOVERNANCE_FILES } from '../../src/audit/registry/governance.ts';
import { type Audit, type AuditRequest, runAudit } from '../../src/audit/run.ts';
import type { Verdict } from '../../src/core/gate.ts';
import { type GateReport, gateTitle } from '../../src/core/report.ts';
import { visible } from '../../src/core/text/neutral.ts';
import { plural } from '../../src/core/text/plural.ts';
import { cloneArchive } from '../../src/snapshot/clone/archive.ts';
import { commitsOf, type DatedCommit } from '../../src/snapshot/clone/commit-graph.ts';
import { isShallow } from '../../src/snapshot/clone/git.ts';

/** Characters of files that are kept parsed. */
const MOST_TEXT = 6_000_000;
/** A line about the progress after so many commits. */
const EVERY = 500;

export interface ReplayOptions {
  readonly directory: string;
  /** As git understands it: `main~50..main`, or `main` for all that leads there. */
  readonly range: string;
  /** The clock of every audit; that of each commit when absent. */
  readonly now: number | undefined;
  readonly request: Omit<AuditRequest, 'target' | 'now'>;
}

/** One commit of a replay: its audit, or why it could not be audited. */
export interface Replayed {
  readonly commit: DatedCommit;
  readonly audit: Audit | { readonly error: string };
  readonly isGoverned: boolean;
}

/**
 * Audits every commit of a range, parents before children. What an audit of the first parent found out is used again while it holds.
 * Throws `SnapshotError` where the clone cannot be read.
 */
export async function* replay({ directory, range, now, request }: ReplayOptions): AsyncGenerator<Replayed> {
  const commits = await commitsOf(directory, range);
  const archive = cloneArchive(directory);
  const files = createFileCache(MOST_TEXT);
  const verdicts = new Map<string, Audit['verdicts']>();
  const heirs = new Map<string, number>();
  for (const { parents } of commits) for (const sha of parents.slice(0, 1)) heirs.set(sha, (heirs.get(sha) ?? 0) + 1);
  try {
    for (const commit of commits) {
      const [parent = ''] = commit.parents;
      const target = await archive.open(commit.sha);
      const earlier = { version: 'replay', verdicts: verdicts.get(parent) ?? new Map() };
      const isGoverned = target.entries.has(GOVERNANCE_FILES.registry);
      try {
        const audit = await runAudit({ ...request, target, now: now ?? commit.madeAt, earlier, files });
        verdicts.set(commit.sha, audit.verdicts);
        yield { commit, audit, isGoverned };
      } catch (error) {
        if (!(error instanceof CouldNotAudit)) throw error;
        verdicts.set(commit.sha, earlier.verdicts);
        yield { commit, audit: { error: error.message }, isGoverned };
      }
      heirs.set(parent, (heirs.get(parent) ?? 0) - 1);
      if ((heirs.get(parent) ?? 0) <= 0) verdicts.delete(parent);
    }
  } finally {
    archive.close();
  }
}

type Clear = Extract<Verdict, 'pass' | 'fail'>;

/** Prints where verdicts change, against the first parent of each commit, and what could not be audited. Gives the exit status. */
export async function tellReplay(
  options: ReplayOptions,
  print: (text: string) => void,
  tell: (text: string) => void,
): Promise<number> {
  const standings = new Map<string, ReadonlyMap<string, Clear>>();
  const counts = { commits: 0, ungoverned: 0, failed: 0, turns: 0, judged: 0, reused: 0 };
  const began = Date.now();
  // Git shows the oldest commits of a shallow clone without parents.
  let hasRoot = false;
  let trouble: { readonly error: string; readonly since: string; commits: number } | undefined;
  const tellTrouble = () => {
    if (trouble)
      print(
        `${short(trouble.since)} could not audit ${plural(trouble.commits, 'commit')} from here: ${visible(trouble.error)}\n`,
      );
    trouble = undefined;
  };
  for await (const { commit, audit, isGoverned } of replay(options)) {
    counts.commits += 1;
    hasRoot ||= commit.parents.length === 0;
    const before = standings.get(commit.parents[0] ?? '') ?? new Map<string, Clear>();
    if ('error' in audit) {
      counts.failed += 1;
      standings.set(commit.sha, before);
      if (trouble?.error !== audit.error) tellTrouble();
      trouble = { error: audit.error, since: trouble?.since ?? commit.sha, commits: (trouble?.commits ?? 0) + 1 };
      continue;
    }
    tellTrouble();
    if (!isGoverned) counts.ungoverned += 1;
    counts.judged += audit.judged;
    counts.reused += audit.reused;
    const after = new Map(before);
    for (const gate of audit.report.gates) {
      const { name, verdict } = gate;
      if (verdict !== 'pass' && verdict !== 'fail') continue;
      const was = before.get(name);
      after.set(name, verdict);
      if (was === undefined || was === verdict) continue;
      counts.turns += 1;
      print(turnLine(gate, was, commit));
    }
    standings.set(commit.sha, after);
    if (counts.commits % EVERY === 0) tell(`${counts.commits} commits, ${seconds(began)} s\n`);
  }
  tellTrouble();
  const { commits, ungoverned, failed, turns, judged, reused } = counts;
  if (hasRoot && (await isShallow(options.directory)))
    print('the clone is shallow: older commits are not in it, and were not audited (git fetch --unshallow)\n');
  if (ungoverned > 0)
    print(`${plural(ungoverned, 'commit')} without governance files: there, only gates of ours were judged\n`);
  if (failed > 0) print(`${plural(failed, 'commit')} could not be audited\n`);
  print(
    `${plural(commits, 'commit')} in ${seconds(began)} s, ${plural(turns, 'turn')}; ${judged} verdicts judged, ${reused} still held\n`,
  );
  return commits === failed ? 2 : 0;
}

function turnLine(
  { number, name, verdict }: GateReport,
  was: Clear,
  { sha, title, author, madeAt, parents }: DatedCommit,
): string {
  const merge = parents.length > 1 ? ' (merge)' : '';
  const day = new Date(madeAt).toISOString().slice(0, 16).replace('T', ' ');
  return `${short(sha)} ${day}  ${visible(gateTitle({ number, name }))} ${was}→${verdict}${merge}  ${visible(title)} (${visible(author)})\n`;
}

function short(sha: string): string {
  return sha.slice(0, 10);
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
