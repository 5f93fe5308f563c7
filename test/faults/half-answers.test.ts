/**
 * Answers of GitHub that are less than the whole truth, to each trigger: on half of one nothing is opened and nothing closed.
 * Either the whole is had in another way, or the audit says what it lacks; the next one without them ends as if there had been none.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Fault, FaultRequest } from '../../simulator/faults.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { DAY, MINUTE, REPO, type Stage, setStage } from './stage.ts';
import { isFull, tally } from './totals.ts';

type Strike = Omit<Fault, 'match'> & { readonly at: (request: FaultRequest) => boolean };
interface Tree {
  readonly tree: readonly { readonly path: string }[];
}
interface Comparison {
  readonly commits: readonly unknown[];
}

const ALWAYS = Number.POSITIVE_INFINITY;
const isTree = ({ operation }: FaultRequest) => operation === 'git/get-tree';
const isCompare = ({ operation }: FaultRequest) => operation === 'repos/compare-commits-with-basehead';
const isContents = ({ operation, body }: FaultRequest) =>
  operation === 'graphql' && JSON.stringify(body).includes('... on Blob');
const isHistory = ({ operation, body }: FaultRequest) =>
  operation === 'graphql' && JSON.stringify(body).includes('p0: history');
const isRead = ({ method, operation }: FaultRequest) => method === 'GET' || operation === 'graphql';
const isList = ({ operation }: FaultRequest) => operation === 'issues/list-for-repo';
const isLaterPage = (request: FaultRequest) => isCompare(request) && /[?&]page=/.test(request.path);

const halfOf = <T>(list: readonly T[]) => list.slice(0, Math.floor(list.length / 2));
const cutTree = (body: unknown) => ({ ...(body as Tree), truncated: true, tree: halfOf((body as Tree).tree) });
const halfComparison = (body: unknown) => ({ ...(body as Comparison), commits: halfOf((body as Comparison).commits) });
const noCommits = (body: unknown) => ({ ...(body as Comparison), commits: [] });
/** The texts of files with another beginning. */
const otherText = (body: unknown) => JSON.parse(JSON.stringify(body).replaceAll('"text":"', '"text":"one\\nx'));

const STRIKES: readonly (readonly [what: string, strike: Strike])[] = [
  ['a tree that is cut, as often as it is asked for', { kind: 'bent-answer', at: isTree, bend: cutTree }],
  ['a tree that is cut once', { kind: 'bent-answer', at: isTree, bend: cutTree, times: 1 }],
  ['half of the JSON of a tree', { kind: 'truncated-json', at: isTree }],
  ['half of the JSON of files', { kind: 'truncated-json', at: isContents }],
  ['half of the JSON of the tracker', { kind: 'truncated-json', at: isList }],
  ['a tree of HTML', { kind: 'html-page', at: isTree }],
  ['files of HTML', { kind: 'html-page', at: isContents }],
  ['a tracker of HTML', { kind: 'html-page', at: isList }],
  ['everything that is read in HTML', { kind: 'html-page', at: isRead }],
  ['files that are others than were asked for', { kind: 'bent-answer', at: isContents, bend: otherText }],
  ['a comparison of HTML', { kind: 'html-page', at: isCompare }],
  ['half of a comparison', { kind: 'bent-answer', at: isCompare, bend: halfComparison }],
  ['a comparison without commits', { kind: 'bent-answer', at: isCompare, bend: noCommits }],
  ['a history by path of HTML', { kind: 'html-page', at: isHistory }],
];

let stage: Stage;
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
});

/** One gate is failing with an issue of its own; then one commit breaks another and one mends the first. Gives the head. */
async function setUp(): Promise<string> {
  stage = await setStage({ lists: { alpha: 'known\n' } });
  await stage.audit();
  stage.lists({ charlie: 'one\n' });
  stage.advance(DAY);
  await stage.audit();
  expect(stage.issue('charlie')).toMatchObject({ state: 'open' });
  stage.advance(DAY);
  const shas = stage.scratch.commits([
    { message: 'Nothing', files: { 'README.md': '1' } },
    { message: 'Break', files: { 'lists/bravo': 'a new one\n' } },
    { message: 'Mend', files: { 'lists/charlie': null } },
    { message: 'More', files: { 'README.md': '2' } },
  ]);
  return shas.at(-1) ?? '';
}

type Trigger = 'night' | 'push';

/** One alarm. Gives what was stored. */
async function alarm(trigger: Trigger, after: string): Promise<StoredAudit> {
  const request = { trigger: trigger === 'push' ? ('push' as const) : ('cron' as const), at: stage.now() };
  stage.request(trigger === 'push' ? { ...request, changedPaths: ['lists/bravo', 'lists/charlie'], after } : request);
  await stage.drain(0);
  const audit = await stage.store.latest(REPO);
  if (!audit) throw new Error('no audit');
  return audit;
}

const view = () => stage.issues().map(({ title, state }) => `${state} ${title}`);

/** What the record says that this audit lacks. */
function troubles({ report, delivery }: StoredAudit): readonly string[] {
  const blind = report.gates.filter(({ verdict }) => verdict === 'blind').map(({ reason }) => `blind: ${reason}`);
  const ranges = report.gates.flatMap(({ brokenBy }) => (brokenBy?.kind === 'range' ? [brokenBy.reason] : []));
  return [report.error ?? [], delivery.errors, delivery.notes, blind, ranges].flat();
}

async function untilQuiet(): Promise<void> {
  stage.advance(15 * MINUTE);
  await stage.audit();
  stage.advance(DAY);
  await stage.audit();
}

describe.each(['night', 'push'] as const)('a %s', (trigger) => {
  let clean: readonly string[];
  beforeAll(async () => {
    const head = await setUp();
    await alarm(trigger, head);
    await untilQuiet();
    clean = view();
    await stage.close();
    expect(clean).toEqual(['open Gap inbox', 'closed D902 charlie is failing', 'open D901 bravo is failing']);
  });

  // Both go the same way, so a sample of them is enough for the push.
  const strikes = STRIKES.filter((_, index) => isFull || trigger === 'night' || index % 4 === 0);

  test.each(strikes)('with %s', async (_, { at, ...fault }) => {
    const head = await setUp();
    const before = view();
    const added = stage.simulator.faults.add({ times: ALWAYS, ...fault, match: at });
    const audit = await alarm(trigger, head);
    expect(added.hits()).toBeGreaterThan(0);
    added.remove();
    tally('faults tried', 1);
    const after = view();
    const isWhole = JSON.stringify(after) === JSON.stringify(clean);
    if (!isWhole) expect(after).toEqual(before);
    if (!isWhole) expect(troubles(audit)).not.toEqual([]);
    await untilQuiet();
    expect(view()).toEqual(clean);
    const writes = stage.writes();
    stage.advance(DAY);
    await stage.audit();
    expect(stage.writes()).toBe(writes);
  });
});

describe('a search over more commits than a comparison shows at once', () => {
  async function longSearch(strike: Strike | undefined): Promise<StoredAudit> {
    stage = await setStage({ lists: { alpha: 'known\n' } });
    await stage.audit();
    stage.advance(DAY);
    const more = Array.from({ length: 280 }, (_, index) => ({ message: 'More', files: { 'README.md': `${index}` } }));
    stage.scratch.commits([{ message: 'Break', files: { 'lists/bravo': 'one\n' } }, ...more]);
    if (strike) {
      const { at, ...fault } = strike;
      stage.simulator.faults.add({ times: ALWAYS, ...fault, match: at });
    }
    return alarm('night', '');
  }

  const brokenBy = ({ report }: StoredAudit) => report.gates.find(({ name }) => name === 'bravo')?.brokenBy;

  test('reads its pages', async () => {
    expect(brokenBy(await longSearch(undefined))).toMatchObject({ kind: 'commit', commit: { title: 'Break' } });
  });

  test('names no commit where there are no more pages', async () => {
    const audit = await longSearch({ kind: 'bent-answer', at: isLaterPage, bend: noCommits });
    expect(brokenBy(audit)).toMatchObject({ kind: 'range', reason: 'GitHub does not list all commits' });
    expect(view()).toEqual(['open Gap inbox', 'open D901 bravo is failing']);
  });

  test.each<[string, Strike]>([
    ['GitHub fails at the second page', { kind: 'error-503', at: isLaterPage }],
    ['the second page is HTML', { kind: 'html-page', at: isLaterPage }],
  ])('names none where %s, says so, and finds it in the next night', async (_, strike) => {
    const audit = await longSearch(strike);
    expect(brokenBy(audit)).toBeUndefined();
    expect(view()).toEqual(['open Gap inbox', 'open D901 bravo is failing']);
    expect(audit.delivery.notes.join('\n')).toMatch(/^What broke D901 is not known: /m);
    stage.simulator.faults.clear();
    await untilQuiet();
    const latest = await stage.store.latest(REPO);
    expect(latest && brokenBy(latest)).toMatchObject({ kind: 'commit', commit: { title: 'Break' } });
  });
});
