/** What issues, reports and the Gap inbox say of the commit that broke a gate, from the first night on which it fails. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../../src/coordinator/rows.ts';
import type { BrokenBy } from '../../src/core/broken-by.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { DAY, type Stage, setStage } from '../faults/stage.ts';

const SEAMS = /[\u200b\\]/g;
let stage: Stage;
beforeEach(async () => {
  stage = await setStage({ lists: { alpha: 'known\n' } });
  await stage.audit();
}, 60_000);
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
});

async function night(): Promise<StoredAudit> {
  stage.advance(DAY);
  return stage.audit();
}

/** What one commit after the other leads to. */
function commits(...list: readonly (readonly [message: string, files: Readonly<Record<string, string | null>>])[]) {
  return stage.scratch.commits(list.map(([message, files]) => ({ message, files: { ...files } })));
}

function brokenBy({ report }: StoredAudit, gate: string): BrokenBy | undefined {
  return report.gates.find(({ name }) => name === gate)?.brokenBy;
}

/** Requests of the last audit that are about the target's content. */
async function contentRequests(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = stage.simulator.requests.length;
  await act();
  const made = stage.simulator.requests.slice(before).filter(({ category }) => category === 'content');
  return made.map(({ operation }) => operation);
}

describe('a gate that newly fails', () => {
  test('names the commit among those since the last audit, with the line that it put in', async () => {
    const [, culprit] = commits(
      ['Nothing', { 'README.md': '1' }],
      ['Let one in @ronny #1 <b>', { 'lists/bravo': 'one\n' }],
      ['More', { 'README.md': '2' }],
      ['More still', { 'README.md': '3' }],
    );
    const audit = await night();
    expect(brokenBy(audit, 'bravo')).toEqual({
      kind: 'commit',
      commit: { sha: culprit, title: 'Let one in @ronny #1 <b>', author: 'Ronny', date: expect.any(String) },
      lines: [{ path: 'lists/bravo', line: 1, change: 'added', text: 'one' }],
    });
    const { body } = stage.simulator.issue(2);
    expect(body.replace(SEAMS, '')).toContain(`/commit/${culprit}) "Let one in @ronny #1 &lt;b&gt;" (Ronny, 2026-`);
    expect(body).toContain('`+ lists/bravo:1 one`');
    expect(body).not.toContain('@ronny');
    expect(body).not.toMatch(/(?<!\\)#1\b(?!\u200b)/);
    expect(stage.simulator.issue(1).body.replace(SEAMS, '')).toContain(
      `#2 \`D901 bravo\`, medium, broken by [\`${culprit?.slice(0, 10)}`,
    );
  });

  test('is asked about once, as long as it fails, and forgotten when it passes', async () => {
    commits(['Break', { 'lists/bravo': 'one\n' }], ['More', { 'README.md': '1' }]);
    const found = brokenBy(await night(), 'bravo');
    expect(found).toMatchObject({ kind: 'commit' });
    const again = await contentRequests(async () => expect(brokenBy(await night(), 'bravo')).toEqual(found));
    expect(again).not.toContain('repos/compare-commits-with-basehead');
    commits(['Unrelated', { 'README.md': '2' }]);
    expect(brokenBy(await night(), 'bravo')).toEqual(found);
    commits(['Mend', { 'lists/bravo': '' }]);
    expect(brokenBy(await night(), 'bravo')).toBeUndefined();
    expect(rowsOf(stage.ledger()).get('culprits')).toEqual({});
    const [, second] = commits(['More', { 'README.md': '3' }], ['Break again', { 'lists/bravo': 'one\n' }]);
    expect(brokenBy(await night(), 'bravo')).toMatchObject({ commit: { sha: second } });
  });

  test('with findings that were known is about the new ones', async () => {
    const [, culprit] = commits(
      ['Touch', { 'lists/alpha': 'known\n\n' }],
      ['One more', { 'lists/alpha': 'known\n\nmore\n' }],
      ['Touch again', { 'lists/alpha': 'known\nmore\n' }],
    );
    expect(brokenBy(await night(), 'alpha')).toMatchObject({ kind: 'commit', commit: { sha: culprit } });
  });

  test('which failed before is asked about by the next life, wherever one ended before it was found out', async () => {
    const worse = () => commits(['More', { 'README.md': '1' }], ['Worse', { 'lists/alpha': 'known\nmore\n' }]);
    const isSought = (event: string) => event === 'GET repos/compare-commits-with-basehead';
    worse();
    const before = stage.events.length;
    await night();
    const sought = stage.events.slice(before).findIndex(isSought);
    expect(sought).toBeGreaterThan(4);
    for (const end of [sought - 4, sought - 3, sought - 2, sought - 1, sought, sought + 1]) {
      await stage.close();
      stage = await setStage({ lists: { alpha: 'known\n' } });
      await stage.audit();
      const [, culprit] = worse();
      stage.killAfter(end);
      await night();
      expect(stage.wasKilled(), `after event ${end}`).toBe(true);
      stage.revive();
      expect(brokenBy(await stage.audit(), 'alpha'), `after event ${end}`).toMatchObject({ commit: { sha: culprit } });
    }
  });

  test('takes few requests', async () => {
    commits(['Nothing', { 'README.md': '1' }], ['Break', { 'lists/bravo': 'one\n' }], ['More', { 'README.md': '2' }]);
    const made = await contentRequests(night);
    const compared = made.filter((operation) => operation === 'repos/compare-commits-with-basehead');
    const trees = made.filter((operation) => operation === 'git/get-tree');
    // The head's own tree, and those of the culprit and of the commit before it.
    expect([compared.length, trees.length]).toEqual([1, 3]);
    expect(made.length).toBeLessThanOrEqual(12);
  });

  test('says a range where the branch was rewritten', async () => {
    const first = stage.scratch.git('rev-parse', 'main~0');
    commits(['On the old branch', { 'README.md': '1' }]);
    await night();
    const old = stage.scratch.git('rev-parse', 'main');
    stage.scratch.commits([{ message: 'Rewritten', parent: first, files: { 'lists/bravo': 'one\n' } }]);
    const audit = await night();
    expect(brokenBy(audit, 'bravo')).toEqual({
      kind: 'range',
      from: old,
      to: audit.report.sha,
      reason: `the branch does not show ${old.slice(0, 10)}: perhaps somebody rewrote it`,
    });
    expect(stage.simulator.issue(2).body.replace(SEAMS, '')).toContain('somebody rewrote it');
  });
});

describe('when it cannot be found out', () => {
  test('the issue opens without it, and the next audit finds it', async () => {
    commits(['Break', { 'lists/bravo': 'one\n' }], ['More', { 'README.md': '1' }]);
    stage.simulator.faults.add({
      kind: 'error-503',
      times: 3,
      match: ({ operation }) => operation === 'repos/compare-commits-with-basehead',
    });
    const audit = await night();
    expect(audit.newlyFailing).toEqual(['D901']);
    expect(brokenBy(audit, 'bravo')).toBeUndefined();
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
    expect(stage.logs.join('\n')).toContain('could not find out what broke a gate');
    expect(audit.delivery.notes.join('\n')).toMatch(/^What broke D901 is not known: .*503/m);
    expect(audit.delivery.errors).toEqual([]);
    expect(brokenBy(await night(), 'bravo')).toMatchObject({ kind: 'commit', commit: { title: 'Break' } });
  });

  test('a life that ends while it looks costs no issue, and the next one looks again', async () => {
    commits(['Break', { 'lists/bravo': 'one\n' }], ['More', { 'README.md': '1' }]);
    stage.advance(DAY);
    stage.killAfter(await eventsUntil('repos/compare-commits'));
    await stage.audit();
    expect(stage.wasKilled()).toBe(true);
    expect(stage.issue('bravo')).toBeUndefined();
    stage.revive();
    await stage.drain();
    expect(stage.issue('bravo')).toMatchObject({ state: 'open' });
    const latest = await stage.store.latest('you/homelab');
    expect(latest && brokenBy(latest, 'bravo')).toMatchObject({ commit: { title: 'Break' } });
  });
});

/** How many events a stage like the present one sees until that request. */
async function eventsUntil(operation: string): Promise<number> {
  const other = await setStage({ lists: { alpha: 'known\n' } });
  await other.audit();
  other.scratch.commits([
    { message: 'Break', files: { 'lists/bravo': 'one\n' } },
    { message: 'More', files: { 'README.md': '1' } },
  ]);
  other.advance(DAY);
  const before = other.events.length;
  await other.audit();
  const at = other.events.slice(before).findIndex((event) => event.includes(operation));
  await other.close();
  return at + 1;
}
