import { DAY, MINUTE } from '../../src/core/durations.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { git } from '../../src/snapshot/clone/git.ts';
import type { SampleOpsRepo } from './sample-ops-repo.ts';
import { playNight, type Stage } from './stage.ts';

/** When the night's audit runs: 04:17. */
const NIGHT = (4 * 60 + 17) * MINUTE;
/** The file without which there are no lanes to audit. */
const GOVERNANCE = 'ops/bindings/gate.execution.topology.yaml';

interface Commit {
  readonly sha: string;
  readonly at: number;
}

/**
 * Audits the sample as it was: its branch moves through its history, and after each day with a commit the night's audit runs.
 * Ends with the branch where it was.
 */
export async function replayPast(
  stage: Stage,
  sample: SampleOpsRepo,
  until: number,
  tell: (audit: StoredAudit) => void,
): Promise<void> {
  const commits = await commitsSinceGovernance(sample.dir);
  const nights = commits.map((commit) => ({ ...commit, night: Math.min(nightAfter(commit.at), until - MINUTE) }));
  const heads = nights.filter(({ night }, index) => night !== nights[index + 1]?.night);
  for (const { sha, night } of heads) {
    await git(sample.dir, 'update-ref', 'refs/heads/main', sha);
    tell(await playNight(stage, night));
  }
  await git(sample.dir, 'update-ref', 'refs/heads/main', sample.head);
}

/** Oldest first, from the one that brought the lanes. */
async function commitsSinceGovernance(directory: string): Promise<readonly Commit[]> {
  const log = (await git(directory, 'log', '--reverse', '--format=%H %ct')).trim();
  const commits = log.split('\n').map((line) => {
    const [sha = '', seconds = ''] = line.split(' ');
    return { sha, at: Number(seconds) * 1000 };
  });
  const first = await git(directory, 'log', '--reverse', '--diff-filter=A', '--format=%H', '--', GOVERNANCE);
  return commits.slice(commits.findIndex(({ sha }) => sha === first.split('\n')[0]));
}

function nightAfter(instant: number): number {
  const night = Math.floor(instant / DAY) * DAY + NIGHT;
  return night > instant ? night : night + DAY;
}
