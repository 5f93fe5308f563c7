import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY, HOUR } from '../../src/core/durations.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { plural } from '../../src/core/text/plural.ts';
import { reportAsTable } from '../../src/formats/table.ts';
import { laneTotals } from '../../src/formats/totals.ts';
import { currentBranch, git } from '../../src/snapshot/clone/git.ts';
import { runAsCommand } from '../shared/command-line.ts';
import { leftOut } from './left-out.ts';
import { playMachines } from './machines.ts';
import { replayPast } from './past.ts';
import { buildSampleOpsRepo, commitBreakage, commitRepair } from './sample-ops-repo.ts';
import { latestAudit, playNight, raiseStage, type Scene, type Stage, TOKEN } from './stage.ts';

const OWNER = 'you';
/** Gates that judge facts. */
const REPORTED_GATES = ['R11', 'R12', 'R13', 'R14'];

const USAGE = `usage: npm start [-- <clone>]

  Raises the whole of Lanekeeper on this machine, with a GitHub of its own, and plays three nights on a sample ops repo.
  <clone>  a local clone to audit instead; it is copied, never written to`;

async function play([clone]: readonly string[]): Promise<number> {
  const sceneOfGiven = clone === undefined ? undefined : await sceneOfClone(resolve(clone));
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-'));
  const now = Date.now();
  const sample = sceneOfGiven
    ? undefined
    : await buildSampleOpsRepo(join(scratch, 'homelab'), { now: new Date(now - 2 * DAY) });
  const scene = sceneOfGiven ?? sceneOfSample(sample?.gitDir ?? '', sample?.workbenchDir ?? '');
  const stage = await raiseStage(scene, scratch);
  const close = async () => {
    await stage.close();
    await rm(scratch, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void close().then(() => process.exit(0)));
  try {
    if (sample) {
      process.stdout.write(
        'The past, audited night by night as it was. What failed on day one is the baseline and stays quiet.\n\n',
      );
      await replayPast(stage, sample, now - 2 * DAY, tellPast);
      await night(stage, 'Night 1: nothing has changed, so nothing is written.', now - 2 * DAY);
      await commitBreakage(sample, new Date(now - DAY - HOUR));
      await night(stage, 'Night 2: somebody tidied up, and two gates newly fail.', now - DAY);
      await commitRepair(sample, new Date(now - HOUR));
      await night(stage, 'Night 3: one of them is fixed.', now);
      await playMachines(stage, sample.dir, (title, audit) => showMachines(stage, title, audit));
    } else {
      process.stdout.write(await leftOut(resolve(clone ?? '')));
      await night(stage, 'The first audit. What fails already is the baseline and stays quiet.', now);
    }
    explain(stage, sample?.dir ?? resolve(clone ?? ''));
    return await watch(stage);
  } catch (error) {
    await close();
    throw error;
  }
}

function sceneOfSample(gitDir: string, workbench: string): Scene {
  const repository = (name: string, place: string) => ({ owner: OWNER, name, gitDir: place, defaultBranch: 'main' });
  return {
    name: `${OWNER}/homelab`,
    branch: 'main',
    repositories: [repository('homelab', gitDir), repository('workbench', join(workbench, '.git'))],
    siblings: { workbench: { repo: `${OWNER}/workbench`, branch: 'main' } },
  };
}

/** What was asked for cannot be played; the message says why and what to do. */
class CannotPlay extends Error {
  override readonly name = 'CannotPlay';
}

async function sceneOfClone(directory: string): Promise<Scene> {
  const found = await git(directory, 'rev-parse', '--git-dir').catch(() => {
    throw new CannotPlay(`${directory} is not a git repository. Name the folder of a local clone.`);
  });
  const gitDir = resolve(directory, found.trim());
  const branch = await branchOf(directory);
  const name = basename(directory.replace(/\/?\.git$/, '')).replace(/[^A-Za-z0-9._-]/g, '-') || 'ops-repo';
  return {
    name: `${OWNER}/${name}`,
    branch,
    repositories: [{ owner: OWNER, name, gitDir, defaultBranch: branch }],
    siblings: {},
  };
}

/** The branch that is checked out, with at least one commit. */
async function branchOf(directory: string): Promise<string> {
  const branch = await currentBranch(directory);
  if (branch === undefined)
    throw new CannotPlay(
      `${directory} has no branch checked out (detached HEAD). Check one out first: git -C ${directory} switch -c main`,
    );
  await git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD').catch(() => {
    throw new CannotPlay(`${directory} has no commit yet, so there is nothing to audit.`);
  });
  return branch;
}

async function night(stage: Stage, title: string, time: number): Promise<void> {
  show(stage, title, await playNight(stage, time));
}

function show(stage: Stage, title: string, { report, requests, delivery }: StoredAudit): void {
  const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  process.stdout.write(
    `\n━━ ${title}\n\n${reportAsTable(report, { color, seeAll: (gate) => `the page of ${gate} shows them all` })}\n`,
  );
  const asked = Object.entries(requests).map(([purpose, count]) => `${count} ${purpose}`);
  process.stdout.write(`GitHub requests: ${asked.join(', ')}\n`);
  for (const action of delivery.actions) process.stdout.write(`did: ${action}\n`);
  for (const error of delivery.errors) process.stdout.write(`error: ${error}\n`);
  showIssues(stage);
}

function showIssues({ simulator }: Stage): void {
  process.stdout.write('issues:\n');
  for (const { number, state, title: issue, comments } of simulator.issues()) {
    const talk = comments.length > 0 ? `, ${plural(comments.length, 'comment')}` : '';
    process.stdout.write(`  #${number} ${state === 'open' ? 'open  ' : 'closed'} ${issue}${talk}\n`);
  }
}

/** What an audit says of the facts that machines post. */
function showMachines(stage: Stage, title: string, { report, delivery }: StoredAudit): void {
  process.stdout.write(`\n━━ ${title}\n\n`);
  for (const { number, name, verdict, findings, unverified = [] } of report.gates) {
    if (!REPORTED_GATES.includes(number)) continue;
    const rest = unverified.length > 0 ? `, ${plural(unverified.length, 'part')} not verified` : '';
    process.stdout.write(`${verdict === 'pass' ? '✓' : '✗'} ${number} ${name} ${verdict}${rest}\n`);
    for (const { message } of findings) process.stdout.write(`    ${message}\n`);
  }
  for (const action of delivery.actions) process.stdout.write(`did: ${action}\n`);
  showIssues(stage);
}

/** One line about a night of the past. */
function tellPast({ report, newlyFailing }: StoredAudit): void {
  const [infra] = report.lanes.filter(({ id }) => id === 'infra');
  const news = newlyFailing.length > 0 ? `, newly failing: ${newlyFailing.join(' ')}` : '';
  process.stdout.write(
    `  ${report.now.slice(0, 10)} ${report.sha?.slice(0, 7)} infra ${infra ? laneTotals(infra) : 'none'}${news}\n`,
  );
}

function explain({ url, pagesUrl, scene }: Stage, directory: string): void {
  process.stdout.write(`
━━ It stays up. Nothing here has left this machine.

Dashboard          ${url.replace('//', `//${OWNER}:${TOKEN}@`)}/
                   or ${url}/ with any name and the password ${TOKEN}
Its issues         ${pagesUrl}/${scene.name}/issues
The repo           ${directory}
The last audit     curl -s -H 'authorization: Bearer ${TOKEN}' ${url}/api/repos/${scene.name}/latest
Health             ${url}/healthz
Another night      curl '${url}/cdn-cgi/handler/scheduled?cron=17+4+*+*+*'

Break a binding there, \`git commit\`, fire another night: what newly fails appears below, on the dashboard and as an issue. Ctrl-C ends it.
`);
}

/** Shows every audit that comes after those already shown. */
async function watch(stage: Stage): Promise<never> {
  for (let shown = (await latestAudit(stage))?.id; ; ) {
    await sleep(500);
    const audit = await latestAudit(stage).catch(() => undefined);
    if (!audit || audit.id === shown) continue;
    shown = audit.id;
    show(stage, 'Another audit.', audit);
  }
}

await runAsCommand(USAGE, async (argv) => {
  try {
    return await play(argv);
  } catch (error) {
    if (!(error instanceof CannotPlay)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
});
