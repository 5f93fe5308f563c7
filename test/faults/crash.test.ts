/** An audit that is killed after any single call or commit leaves nothing that the next one does not find and finish. */
import { describe, expect, test } from 'vitest';
import { DAY, registry, type Stage, setStage, TOY_GATES } from './stage.ts';
import { isFull, tally } from './totals.ts';
import { visible } from './tracker-view.ts';

const WAIVERS = 'ops/bindings/audit.waivers.yaml';
const waiver = `waivers:\n  - { gate: bravo, reason: replaced in spring, owner: tove, expires: 2026-06-01 }\n`;
const flood = ['echo', 'foxtrot', 'golf', 'hotel', 'india', 'juliett'];
const each = (names: readonly string[], text: string | null) => Object.fromEntries(names.map((name) => [name, text]));

/** What happens before each night: commits and people. */
const NIGHTS: readonly ((stage: Stage) => void)[] = [
  // Day one: alpha is baseline.
  () => {},
  // Two single issues.
  (stage) => stage.lists({ bravo: 'one\n', charlie: 'one\n' }),
  // One gets worse, the other recovers.
  (stage) => stage.lists({ bravo: 'one\ntwo\n', charlie: null }),
  // One regresses, another is closed by a person and still fails, a third is new.
  (stage) => {
    stage.human.close(stage.issue('bravo')?.number ?? 0, 'completed');
    stage.lists({ charlie: 'one\n', delta: 'one\n' });
  },
  // Six at once.
  (stage) => stage.lists(each(flood, 'broken\n')),
  // Half of them recover, bravo is waived, delta retired, alpha fails beyond its baseline.
  (stage) => {
    stage.lists({ ...each(flood.slice(0, 3), null), alpha: 'known\nnew\n' });
    const rows = TOY_GATES.map((row) => (row.name === 'delta' ? { ...row, retired: true } : row));
    stage.commit({ ...registry(rows), [WAIVERS]: waiver });
  },
  // All recover; alpha is back to its baseline.
  (stage) => stage.lists({ ...each(flood, null), charlie: null, alpha: 'known\n' }),
  () => {},
];

/** Plays all nights; a killed night is tried again by a new life. Gives what people see at the end, and all events. */
async function play(killAfter: number | undefined) {
  const stage = await setStage({ lists: { alpha: 'known\n' } });
  stage.killAfter(killAfter);
  for (const prepare of NIGHTS) {
    prepare(stage);
    await stage.audit();
    if (stage.wasKilled()) {
      stage.revive();
      await stage.audit();
    }
    stage.advance(DAY);
  }
  const quiet = stage.writes();
  await stage.audit();
  const result = {
    issues: visible(stage.issues()),
    events: [...stage.events],
    writesWhenQuiet: stage.writes() - quiet,
    rows: stage.ledger().keys('intent/').length + stage.ledger().keys('done/').length,
    violations: stage.simulator.violations,
  };
  await stage.close();
  return result;
}

describe('a run that is killed', async () => {
  const undisturbed = await play(undefined);
  const last = undisturbed.events.length;
  const step = isFull ? 1 : Math.ceil(last / 16);
  const points = Array.from({ length: Math.ceil(last / step) }, (_, index) => 1 + ((index * step + 3) % last));

  test('not at all: opens, updates, closes, reopens, a group, a waiver, a retirement, a flapping gate', () => {
    const { issues } = undisturbed;
    expect(issues.map(({ title, state, stateReason }) => `${title}: ${stateReason ?? state}`)).toEqual([
      '6 gates started failing at once: completed',
      'D900 alpha is failing: completed',
      'D901 bravo is failing: not_planned',
      // Its third turn in a week: it flaps, and stays open for now.
      'D902 charlie is failing: reopened',
      'D903 delta is failing: not_planned',
      'Gap inbox: open',
    ]);
    expect(undisturbed).toMatchObject({ writesWhenQuiet: 0, rows: 0, violations: [] });
  });

  test.each(points.map((point) => [point, undisturbed.events[point - 1] ?? '']))(
    'after event %i, %s',
    async (point) => {
      const killed = await play(point);
      tally('crash points', 1);
      expect(killed.issues).toEqual(undisturbed.issues);
      expect(killed.writesWhenQuiet).toBe(0);
      expect(killed.violations).toEqual([]);
    },
  );
});
