/** Every GitHub call × every kind of fault: the audit ends, nothing is lost or closed wrongly, the error shows, and a later clean run converges. */
import { describe, expect, test } from 'vitest';
import { type FaultKind, type FaultRequest, faultKinds } from '../../simulator/faults.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { DAY, MINUTE, type Stage, setStage } from './stage.ts';
import { isFull, tally } from './totals.ts';
import { visible } from './tracker-view.ts';

/** `kill-after-call` is what test/faults/crash.test.ts is about, `bent-answer` what half-answers.test.ts is. */
const kinds = faultKinds.filter((kind) => kind !== 'kill-after-call' && kind !== 'bent-answer');
const isWrite = ({ method, operation }: FaultRequest) => method !== 'GET' && operation !== 'graphql';

/** A night with a create, an update with a comment, a close with a comment, a reopening, and the Gap inbox. */
async function untilTheNight(): Promise<Stage> {
  const stage = await setStage({ lists: { alpha: 'known\n' } });
  await stage.audit();
  stage.lists({ bravo: 'one\n', charlie: 'one\n' });
  stage.advance(DAY);
  await stage.audit();
  stage.lists({ charlie: null });
  stage.advance(DAY);
  await stage.audit();
  stage.lists({ delta: 'one\n' });
  stage.advance(DAY);
  await stage.audit();
  stage.lists({ bravo: 'one\ntwo\n', charlie: 'one\n', delta: null, echo: 'one\n' });
  stage.advance(DAY);
  return stage;
}

interface Night {
  readonly audit: StoredAudit;
  readonly stage: Stage;
}

/** Plays the night without faults, to know its requests and its end. */
async function cleanNight(): Promise<{ requests: readonly string[]; issues: ReturnType<typeof visible> }> {
  const stage = await untilTheNight();
  const before = stage.simulator.requests.length;
  await stage.audit();
  const requests = stage.simulator.requests.slice(before).map(({ method, operation }) => `${method} ${operation}`);
  await untilQuiet(stage);
  const issues = visible(stage.issues());
  await stage.close();
  return { requests, issues };
}

/** Strikes the nth request of the night, and with it every repetition by the client. */
async function faultyNight(nth: number, kind: FaultKind, retryAfter: number | null = 60): Promise<Night> {
  const stage = await untilTheNight();
  let seen = 0;
  let path: string | undefined;
  const fault = stage.simulator.faults.add({
    kind,
    retryAfter,
    hangMs: 5,
    times: Number.POSITIVE_INFINITY,
    match: (request) => {
      seen += 1;
      if (seen === nth) path = request.path;
      // A write is struck once; a read as often as it is repeated at once.
      return seen === nth || (!isWrite(request) && path === request.path && seen <= nth + 2);
    },
  });
  const audit = await stage.audit({ wakes: 0 });
  fault.remove();
  return { audit, stage };
}

/** Clean runs until nothing is left, and two quiet nights. */
async function untilQuiet(stage: Stage): Promise<number> {
  stage.advance(15 * MINUTE);
  await stage.audit();
  stage.advance(DAY);
  await stage.audit();
  const before = stage.writes();
  for (let night = 0; night < 2; night++) {
    stage.advance(DAY);
    await stage.audit();
  }
  return stage.writes() - before;
}

/** What health, report and delivery record say. */
function troubles({ report, delivery }: StoredAudit): readonly string[] {
  const gates = report.gates.filter(({ verdict }) => verdict === 'blind').map(({ name }) => `${name} is blind`);
  return [...(report.error === undefined ? [] : [report.error]), ...delivery.errors, ...gates];
}

/** A lie is no error: nobody can see it, it only must not do harm. So is what is refused where refusal means "done already" or "not possible". */
function mayBeSilent(kind: FaultKind, request: string): boolean {
  const isLie = kind === 'empty-list' || kind === 'stale-list' || kind === 'stale-head' || kind === 'graphql-partial';
  const isDone = request === 'POST issues/create-label' && kind === 'error-422';
  // Said of an issue: it was deleted. That is taken at its word only until the issue shows up again.
  const isGone = request === 'GET issues/get' && kind === 'error-410';
  return isLie || isDone || isGone;
}

/** Issues without who broke a gate, which is told where it can be found out, in the gate's own issue and in the Gap inbox. */
function withoutCulprits(issues: ReturnType<typeof visible>) {
  const told = /\*\*Broken\*\* [^\n]*\n\n(?: - [^\n]*\n\n?)*|, broken (?:by|after) [^\n]*/g;
  return issues.map((issue) => ({ ...issue, body: issue.body.replace(told, '') }));
}

describe('a night with one fault', async () => {
  const clean = await cleanNight();
  const cases = clean.requests.flatMap((request, index) =>
    kinds
      .flatMap((kind) => [
        [index + 1, request, kind, 60 as number | null] as const,
        ...(kind === 'secondary-limit' || kind === 'error-429' ? [[index + 1, request, kind, null] as const] : []),
      ])
      .filter((_, place) => isFull || (index * 7 + place * 3) % 37 === 0),
  );

  test.each(cases)('request %i, %s: %s, Retry-After %s', async (nth, request, kind, retryAfter) => {
    const { audit, stage } = await faultyNight(nth, kind, retryAfter);
    tally('faults tried', 1);
    const titles = stage.issues().flatMap(({ title, state }) => (state === 'open' ? [title] : []));
    const isWronglyClosed = stage.issues().some(({ title, state }) => /bravo/.test(title) && state === 'closed');
    expect(isWronglyClosed, 'closed wrongly').toBe(false);
    expect(new Set(titles).size, `two of one: ${titles.join(', ')}`).toBe(titles.length);
    // No gate of the stage reads the sibling, so to lose it changes no verdict; limits are told of either repository.
    const isLimit = /limit|429/.test(kind);
    const struck = stage.simulator.requests.some(
      ({ fault, repository }) => fault === kind && (isLimit || repository !== 'you/workbench'),
    );
    const [summary] = await stage.store.targets();
    // Who broke a gate is sought beside the audit: where that was struck, the record says so, and the gate has its issue all the same.
    const isUnsaid = audit.delivery.notes.some((note) => /^What broke D\d+ is not known: /.test(note));
    const isRange = audit.report.gates.some(({ brokenBy }) => brokenBy?.kind === 'range');
    if (isUnsaid || isRange) expect(audit.delivery.opened, 'the issue is opened all the same').toBeGreaterThan(0);
    else if (struck && !mayBeSilent(kind, request)) {
      expect(troubles(audit), 'the error is visible').not.toEqual([]);
      expect(summary?.errors ?? 0, 'and in the summary that /healthz reads').toBeGreaterThan(0);
    }
    expect(await untilQuiet(stage), 'writes in two quiet nights').toBe(0);
    expect(withoutCulprits(visible(stage.issues()))).toEqual(withoutCulprits(clean.issues));
    expect(stage.simulator.violations).toEqual([]);
    await stage.close();
  });
});
