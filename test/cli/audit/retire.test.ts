import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { retire } from '../../../cli/audit/retire.ts';
import { createScratchRepository, type ScratchRepository } from '../../../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../../../simulator/server.ts';
import { asBlock, formatMarker } from '../../../src/inbox/github/marker.ts';

const REPO = 'you/homelab';
const US = 'lanekeeper-bot';

let scratch: ScratchRepository;
let simulator: GitHubSimulator;
let directory: string;

beforeEach(async () => {
  scratch = createScratchRepository();
  scratch.commit({ file: '' });
  simulator = await startGitHubSimulator({
    repositories: [{ owner: 'you', name: 'homelab', gitDir: scratch.gitDir, roles: { [US]: 'write' } }],
  });
  directory = await mkdtemp(join(tmpdir(), 'lanekeeper-retire-'));
  await mkdir(join(directory, 'bindings'));
  await target('{ repo: you/other }');
});

afterEach(async () => {
  expect(simulator.violations).toEqual([]);
  await simulator.close();
  scratch.remove();
  await rm(directory, { recursive: true });
});

function target(entry: string): Promise<void> {
  return writeFile(join(directory, 'bindings/targets.yaml'), `targets: [${entry}]\n`);
}

function marked(about: string, repositoryId = simulator.repository().id): string {
  return asBlock(formatMarker({ about, repositoryId, sha: 'a', key: about, findings: [], known: [] }), 'It fails.');
}

/** Two open issues of ours, and those that must not be touched. */
function fill(): void {
  const us = simulator.actAs(US);
  us.openIssue({ title: 'a gate', body: marked('gate'), labels: ['audit'] });
  us.openIssue({ title: 'without its label', body: marked('other') });
  us.openIssue({ title: 'closed already', body: marked('third') });
  us.close(3);
  us.openIssue({ title: 'the marker was taken out', body: 'It fails.', labels: ['audit'] });
  us.openIssue({ title: 'of another repository', body: marked('fourth', 4711) });
  us.openIssue({ title: 'a pull request', body: marked('fifth'), pullRequest: true });
  simulator.actAs('stranger').openIssue({ title: 'a forgery', body: marked('gate'), labels: ['audit'] });
}

async function run(yes: boolean, environment: Record<string, string> = { GITHUB_TOKEN: simulator.token }) {
  let text = '';
  const print = (more: string) => {
    text += more;
  };
  const ports = { directory, environment: { GITHUB_API_URL: simulator.url, ...environment }, print, pause: 0 };
  const status = await retire(REPO, { yes }, ports);
  return { status, text };
}

const open = () => simulator.issues().flatMap(({ state, title }) => (state === 'open' ? [title] : []));
const theirs = ['the marker was taken out', 'of another repository', 'a pull request', 'a forgery'];

test('without --yes it lists what is ours and writes nothing', async () => {
  fill();
  const { status, text } = await run(false);
  expect([status, text]).toEqual([
    0,
    'would close #1 a gate\nwould close #2 without its label\n\nNothing was written. --yes closes them.\n',
  ]);
  expect(open()).toEqual(['a gate', 'without its label', ...theirs]);
});

test('with --yes it comments, labels and closes as not planned, and touches nothing else', async () => {
  fill();
  expect(await run(true)).toMatchObject({ status: 0, text: 'closed #1 a gate\nclosed #2 without its label\n' });
  expect(open()).toEqual(theirs);
  for (const number of [1, 2]) {
    const { stateReason, labels, comments } = simulator.issue(number);
    expect([stateReason, labels.includes('audit/retired'), comments.length]).toEqual(['not_planned', true, 1]);
  }
  expect(await run(true)).toMatchObject({ status: 0, text: `${REPO}: no open issue is ours\n` });
});

test('an interrupted run is taken up: no comment twice', async () => {
  fill();
  simulator.faults.add({ match: { operation: 'issues/add-labels' }, kind: 'error-500' });
  const broken = await run(true);
  expect([broken.status, broken.text]).toEqual([1, expect.stringContaining('run it again for the rest')]);
  expect((await run(true)).status).toBe(0);
  expect([1, 2].map((number) => simulator.issue(number).comments.length)).toEqual([1, 1]);
});

test('a locked issue is closed without a comment', async () => {
  fill();
  simulator.actAs('you').lock(1);
  expect((await run(true)).status).toBe(0);
  expect(simulator.issue(1)).toMatchObject({ state: 'closed', comments: [] });
});

test('issues of earlier credentials count where the configuration still names them', async () => {
  simulator.actAs('old-bot').openIssue({ title: 'an old one', body: marked('gate') });
  expect((await run(false)).text).toContain('no open issue is ours');
  await target(`{ repo: ${REPO}, formerAuthors: [old-bot] }`);
  expect((await run(false)).text).toContain('would close #1 an old one');
});

test('a target that is still written to is refused: the next audit would open them again', async () => {
  fill();
  await target(`{ repo: ${REPO}, inbox: on }`);
  const { status, text } = await run(true);
  expect([status, text]).toEqual([1, expect.stringContaining('Take it out of bindings/targets.yaml')]);
  expect(open()).toContain('a gate');
});

test('without credentials, or with refused ones, it says so', async () => {
  expect(await run(true, {})).toMatchObject({ status: 1, text: expect.stringContaining('no credentials are given') });
  expect(await run(true, { GITHUB_TOKEN: 'gone' })).toMatchObject({ status: 1 });
});
