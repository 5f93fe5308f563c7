import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayPast } from '../../cli/demo/past.ts';
import {
  buildSampleOpsRepo,
  commitBreakage,
  commitRepair,
  type SampleOpsRepo,
} from '../../cli/demo/sample-ops-repo.ts';
import { playNight, raiseStage, type Stage, TOKEN } from '../../cli/demo/stage.ts';
import { git } from '../../src/snapshot/clone/git.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

export interface Nights {
  readonly stage: Stage;
  readonly sample: SampleOpsRepo;
  /** A commit that changes the README alone. */
  commitNote(): Promise<void>;
  close(): Promise<void>;
}

/** The demo's stage with its past, up to the night on which two gates are broken and one is fixed. */
export async function stageNights(): Promise<Nights> {
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-browser-'));
  const now = Date.now();
  const sample = await buildSampleOpsRepo(join(scratch, 'homelab'), { now: new Date(now - 2 * DAY) });
  const repository = (name: string, gitDir: string) => ({ owner: 'you', name, gitDir, defaultBranch: 'main' });
  const stage = await raiseStage(
    {
      name: 'you/homelab',
      branch: 'main',
      repositories: [repository('homelab', sample.gitDir), repository('workbench', join(sample.workbenchDir, '.git'))],
      siblings: { workbench: { repo: 'you/workbench', branch: 'main' } },
    },
    scratch,
  );
  const close = async () => {
    await stage.close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    await replayPast(stage, sample, now - 2 * DAY, () => {});
    await playNight(stage, now - 2 * DAY);
    await commitBreakage(sample, new Date(now - DAY - HOUR));
    await playNight(stage, now - DAY);
    await commitRepair(sample, new Date(now - HOUR));
    await playNight(stage, now);
  } catch (error) {
    await close();
    throw error;
  }
  const commitNote = async () => {
    await appendFile(join(sample.dir, 'README.md'), '\nA note.\n');
    const who = ['-c', 'user.name=Tove Lind', '-c', 'user.email=tove@juniper.example', '-c', 'commit.gpgsign=false'];
    await git(sample.dir, ...who, 'commit', '--quiet', '--all', '--message', 'A note');
  };
  return { stage, sample, commitNote, close };
}

/** A page of every kind. */
export async function pagePaths({ url, scene }: Stage): Promise<Readonly<Record<string, string>>> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const answer = await fetch(`${url}/api/repos/${scene.name}/audits?limit=3`, { headers });
  const { audits } = (await answer.json()) as { audits: { id: string }[] };
  const repo = `/${scene.name}`;
  return {
    fleet: '/',
    repo,
    'an older audit': `${repo}?at=${audits[2]?.id}`,
    'a failing gate': `${repo}/gates/D139`,
    'a known gate': `${repo}/gates/D86`,
    'a passing gate': `${repo}/gates/D138`,
    'two audits compared': `${repo}/compare?from=${audits[2]?.id}&to=${audits[0]?.id}`,
    'no such page': '/no/such/page',
  };
}
