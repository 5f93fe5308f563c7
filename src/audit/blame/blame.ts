import type { BrokenBy, ChangedLine, NamedCommit } from '../../core/broken-by.ts';
import type { CommitGraph, GraphCommit } from '../../core/commit-graph.ts';
import { MINUTE, SECOND } from '../../core/durations.ts';
import { findingKey } from '../../core/finding.ts';
import { type Snapshot, SnapshotError } from '../../core/snapshot.ts';
import { oneLine } from '../../core/text/neutral.ts';
import { redactText } from '../../core/text/redact.ts';
import { changedLines, MOST_LINES } from './changed-lines.ts';
import { type Charge, type Circumstances, type Court, type Judged, openCourt, type Procedure } from './court.ts';
import { type Culprit, findCulprit, type Ground } from './culprit.ts';
import { relevantChanges } from './relevant.ts';
import { EnoughJudged } from './turn.ts';

const MOST_TITLE = 120;
const MOST_AUTHOR = 60;

/** A repository that can be opened at any commit. */
export interface Archive {
  readonly graph: CommitGraph;
  readonly open: (sha: string) => Promise<Snapshot>;
}

/** What was so when the gate was last seen without the findings. */
export interface LastGood {
  readonly sha: string;
  /** The audit's clock; null where nobody looked, and the commit is only where the search begins. */
  readonly at: number | null;
  /** Where the siblings stood, by name, as far as it is known. */
  readonly siblings: Readonly<Record<string, string>>;
}

export interface BlameRequest extends Charge {
  readonly circumstances: Circumstances;
  /** What fails: the audited commit, what stands beside it, and the audit's clock. */
  readonly target: Snapshot & { readonly sha: string };
  readonly siblings: Readonly<Record<string, Snapshot>>;
  readonly now: number;
  readonly lastGood: LastGood;
  readonly archive: Archive;
  /** Siblings of which earlier commits can be opened. */
  readonly siblingArchives?: Readonly<Record<string, Archive>>;
  readonly limits: { readonly commits: number; readonly states: number };
}

export interface Blame {
  /** Null where it cannot be reproduced, or no state was ever seen to pass. */
  readonly brokenBy: BrokenBy | null;
  /** How many states were judged. */
  readonly judged: number;
}

/**
 * Finds out what made a gate fail: a commit, the clock, or a sibling. It judges with today's clock and siblings, so that only the target's commits differ;
 * where its last good commit fails that way too, it is not the target's doing. Throws `SnapshotError` where nothing can be read now, and `Adjourned` where it goes on in another sitting.
 */
export async function blame(request: BlameRequest): Promise<Blame> {
  const left = { left: request.limits.states };
  let judged = 0;
  for (const procedure of ['alone', 'governed'] satisfies readonly Procedure[]) {
    const court = openCourt(request, procedure, request.circumstances, left);
    try {
      const brokenBy = await trial(request, court);
      judged += court.judged;
      if (brokenBy !== 'not reproduced') return { brokenBy, judged };
    } catch (error) {
      if (!(error instanceof EnoughJudged)) throw error;
      return { brokenBy: null, judged: judged + court.judged };
    }
  }
  return { brokenBy: null, judged };
}

async function trial(request: BlameRequest, court: Court): Promise<BrokenBy | null | 'not reproduced'> {
  const { target, siblings, now, lastGood, archive, limits } = request;
  const bad = await court.judge({ target, siblings, now });
  if (bad.mark !== 'bad') return 'not reproduced';
  const isSeenGood = lastGood.at !== null;
  const before = lastGood.sha === target.sha ? bad : await judgeLastGood(request, court);
  if (isSeenGood && before?.mark === 'bad') return besideTheTarget(request, court, before);
  if (isSeenGood && before?.mark !== 'good')
    return { kind: 'range', from: lastGood.sha, to: target.sha, reason: 'the last good commit cannot be judged again' };
  const ground: Ground = {
    repo: 'target',
    ...archive,
    sceneWith: (snapshot) => ({ target: snapshot, siblings, now }),
  };
  const good = before?.mark === 'good' ? before : null;
  const beginning = { sha: lastGood.sha, good };
  const culprit = await findCulprit(ground, court, beginning, { ...bad, sha: target.sha }, limits.commits);
  return culprit && inWords(culprit, request);
}

/** Null where the commit is no longer there, as after somebody rewrote the branch. */
async function judgeLastGood({ lastGood, archive, siblings, now }: BlameRequest, court: Court): Promise<Judged | null> {
  if (lastGood.at === null) return null;
  try {
    return await court.judge({ target: await archive.open(lastGood.sha), siblings, now });
  } catch (error) {
    if (error instanceof SnapshotError && error.failure === 'not-found') return null;
    throw error;
  }
}

async function inWords(culprit: Culprit, { findings }: BlameRequest): Promise<BrokenBy> {
  if (culprit.kind === 'range') return culprit;
  const { commit, mergedBy, before, after } = culprit;
  const charged = after.findings.filter((finding) => findings?.includes(findingKey(finding)) ?? true);
  return {
    kind: 'commit',
    commit: nameOf(commit),
    ...(mergedBy ? { mergedBy: nameOf(mergedBy) } : {}),
    lines: [...(await linesOf(charged, before, after))],
  };
}

/**
 * The lines that changed where the findings stand. What a script prints may name no place: where the commit changed but one file that the script read,
 * it is the change there, if it can be shown whole.
 */
async function linesOf(findings: Judged['findings'], before: Judged, after: Judged): Promise<readonly ChangedLine[]> {
  const [old, current] = [before.scene.target, after.scene.target];
  const [first] = findings;
  if (!first || findings.some(({ path }) => path !== null)) return changedLines(old, current, findings);
  const state = ({ scene, facts }: Judged) => ({ snapshot: scene.target, facts });
  const [path, another] = relevantChanges('target', state(before), state(after)) ?? [];
  if (path === undefined || another !== undefined) return [];
  const lines = await changedLines(old, current, [{ ...first, repo: 'target', path, line: null }]);
  return lines.length < MOST_LINES ? lines : [];
}

/** Title and author are text that anybody may have written: masked like any other, and no longer than people read. */
function nameOf({ sha, title, author, date }: GraphCommit): NamedCommit {
  return { sha, title: oneLine(redactText(title), MOST_TITLE), author: oneLine(redactText(author), MOST_AUTHOR), date };
}

/** The last good commit fails by now: something beside it changed, the clock or a sibling, or what nobody can call back. */
async function besideTheTarget(request: BlameRequest, court: Court, bad: Judged): Promise<BrokenBy> {
  const { lastGood, siblingArchives = {} } = request;
  const then = lastGood.at ?? request.now;
  const atThatTime = await court.judge({ ...bad.scene, now: then });
  if (atThatTime.mark === 'good')
    return { kind: 'clock', at: new Date(await flipBetween(atThatTime, bad, court)).toISOString() };
  for (const [name, archive] of Object.entries(siblingArchives)) {
    const sha = lastGood.siblings[name];
    const present = bad.scene.siblings[name];
    if (sha === undefined || !present?.sha || present.sha === sha) continue;
    const earlier = await archive.open(sha);
    const siblings = { ...bad.scene.siblings, [name]: earlier };
    const good = await court.judge({ ...bad.scene, siblings });
    if (good.mark === 'good')
      return bySibling(
        { name, sha, present: { ...present, sha: present.sha } },
        archive,
        { good, bad },
        court,
        request,
      );
  }
  return { kind: 'outside' };
}

/**
 * The instant at which the verdict turned. Answers of the clock change one after the other, and a gate says when. A script that asks for the time
 * may say something else every second: it is judged halfway until the instant is known to the minute.
 */
async function flipBetween(good: Judged, bad: Judged, court: Court): Promise<number> {
  let [before, after] = [good, bad.scene.now];
  try {
    for (;;) {
      const { flipsAt, scene } = before;
      if (flipsAt === null || flipsAt > after) return after;
      const isTold = flipsAt - scene.now > SECOND;
      if (!isTold && after - scene.now <= MINUTE) return after;
      const at = isTold ? flipsAt : Math.round((scene.now + after) / 2);
      const judged = await court.judge({ ...bad.scene, now: at });
      if (judged.mark !== 'bad') before = judged;
      else if (isTold) return at;
      else after = at;
    }
  } catch (error) {
    if (error instanceof EnoughJudged) return after;
    throw error;
  }
}

/** Commits of a sibling are looked at only so far: that it was the sibling is what matters. */
const MOST_SIBLING_COMMITS = 100;

async function bySibling(
  {
    name,
    sha,
    present,
  }: { readonly name: string; readonly sha: string; readonly present: Snapshot & { readonly sha: string } },
  { graph, open }: Archive,
  { good, bad }: { readonly good: Judged; readonly bad: Judged },
  court: Court,
  { target }: BlameRequest,
): Promise<BrokenBy> {
  const { scene } = bad;
  const mayName = present.isPrivate !== true || target.isPrivate === true;
  const found = { kind: 'sibling', name, sha: present.sha } as const;
  if (!mayName) return found;
  const sceneWith = (snapshot: Snapshot) => ({ ...scene, siblings: { ...scene.siblings, [name]: snapshot } });
  const ground = { repo: name, graph, open, sceneWith };
  const culprit = await findCulprit(ground, court, { sha, good }, { ...bad, sha: present.sha }, MOST_SIBLING_COMMITS);
  return culprit?.kind === 'commit' ? { ...found, commit: nameOf(culprit.commit) } : found;
}
