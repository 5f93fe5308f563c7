/**
 * Replays the whole history of a clone and holds a sample of it, evenly spread, against full audits that know nothing of earlier ones.
 *
 *   npx node scripts/check-replay.ts <clone> [revision] [sample]
 */

import { replay } from '../cli/audit/replay.ts';
import { requestFor } from '../cli/shared/audit-clone.ts';
import { runAudit } from '../src/audit/run.ts';
import type { Report } from '../src/core/report.ts';
import { commitsOf } from '../src/snapshot/clone/commit-graph.ts';
import { directorySnapshot } from '../src/snapshot/clone/directory.ts';

const [directory, revision = 'HEAD', size = '60'] = process.argv.slice(2);
if (!directory) throw new Error('name a clone');
const request = await requestFor({ directory, siblings: [], now: 0, governance: 'repo' });
const total = (await commitsOf(directory, revision)).length;
const sample = new Set(
  Array.from({ length: Number(size) }, (_, index) => Math.floor(((index + 0.5) * total) / Number(size))),
);

const spent = { replay: 0, full: 0 };
const counts = { commits: 0, compared: 0, differing: 0, judged: 0, reused: 0, failed: 0, ungoverned: 0 };
let since = process.cpuUsage();
const began = Date.now();
for await (const { commit, audit, isGoverned } of replay({ directory, range: revision, now: undefined, request })) {
  spent.replay += secondsSince(since);
  since = process.cpuUsage();
  if (sample.has(counts.commits)) {
    counts.compared += 1;
    const full = await fullAudit(commit.sha, commit.madeAt);
    const found = 'error' in audit ? audit.error : essence(audit.report);
    if (found !== full) {
      counts.differing += 1;
      console.log(`${commit.sha} differs\n  replayed: ${found}\n  in full:  ${full}`);
    }
    spent.full += secondsSince(since);
    since = process.cpuUsage();
  }
  counts.commits += 1;
  if (!isGoverned) counts.ungoverned += 1;
  if ('error' in audit) counts.failed += 1;
  else {
    counts.judged += audit.judged;
    counts.reused += audit.reused;
  }
  if (counts.commits % 200 === 0) console.log(line());
}
console.log(line());
process.exitCode = counts.differing > 0 ? 1 : 0;

/** Everything that an audit says, but for the time it took. */
function essence({ gates, lanes, complete, problems }: Report): string {
  return JSON.stringify({ gates, lanes, complete, problems });
}

async function fullAudit(sha: string, now: number): Promise<string> {
  try {
    const target = await directorySnapshot(directory ?? '', sha);
    return essence((await runAudit({ ...request, target, now })).report);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

function line(): string {
  const { commits, compared, differing, judged, reused, failed, ungoverned } = counts;
  const wall = Math.round((Date.now() - began) / 1000);
  return `${commits} of ${total} commits in ${wall} s, ${spent.replay.toFixed(0)} s of CPU (and ${spent.full.toFixed(0)} s for ${compared} full audits): ${differing} differ; ${judged} judged, ${reused} reused, ${failed} not audited, ${ungoverned} without governance files`;
}
