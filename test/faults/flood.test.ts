/** 120 gates fail at once. */
import { afterEach, expect, test } from 'vitest';
import { DAY, type Stage, setStage } from './stage.ts';

const rows = Array.from({ length: 130 }, (_, index) => ({ name: `gate-${index}` }));
const lists = (count: number, text: string | null) =>
  Object.fromEntries(rows.slice(0, count).map(({ name }) => [name, text]));

let stage: Stage;
afterEach(async () => {
  await stage.close();
  expect(stage.simulator.violations).toEqual([]);
});

test('120 gates that fail at once share one issue, which closes when they have recovered', async () => {
  stage = await setStage({ rows });
  await stage.audit();
  const before = stage.writes();

  stage.lists(lists(120, 'broken\n'));
  stage.advance(DAY);
  const { delivery } = await stage.audit();
  const [, group, ...others] = stage.issues();
  expect(group).toMatchObject({ title: '120 gates started failing at once', state: 'open' });
  expect(others).toEqual([]);
  expect(delivery).toMatchObject({ opened: 1, suppressed: 0, failed: 0 });
  expect(stage.writes() - before, 'labels, the issue, the Gap inbox').toBeLessThanOrEqual(6);

  stage.lists(lists(60, null));
  stage.advance(DAY);
  await stage.audit();
  expect(stage.issue('gates')).toMatchObject({ state: 'open', comments: [] });
  expect(stage.issue('gates')?.body.match(/☑/g)).toHaveLength(60);

  stage.lists(Object.fromEntries(rows.slice(60, 120).map(({ name }) => [name, null])));
  stage.advance(DAY);
  await stage.audit();
  expect(stage.issues()[1]).toMatchObject({ state: 'closed', stateReason: 'completed' });
  expect(stage.issues()).toHaveLength(2);

  const quiet = stage.writes();
  for (let night = 0; night < 2; night++) {
    stage.advance(DAY);
    await stage.audit();
  }
  expect(stage.writes()).toBe(quiet);
});
