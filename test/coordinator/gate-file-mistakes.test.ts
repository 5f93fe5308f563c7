import { afterEach, expect, test } from 'vitest';
import { type Stage, setStage } from '../faults/stage.ts';

const MISTAKEN = `data:
  vms: { files: vms.yaml, each: vms }
gates:
  - { id: Not A Name, each: vms, must: row.site != "" }
  - { id: every-vm-has-a-site, each: vms, must: row.site != "" }
`;

let stage: Stage;
afterEach(() => stage.close());

test('a mistake in a gate file is no reason to audit again, and what newly fails beside it opens an issue', async () => {
  stage = await setStage();
  stage.commit({ 'lanekeeper.yaml': MISTAKEN, 'vms.yaml': 'vms: [{ name: web, site: home }]\n' });
  const first = await stage.audit({ wakes: 0 });
  expect(first.report).toMatchObject({ complete: false, problems: [{ path: 'lanekeeper.yaml' }] });
  expect(stage.ledger().get('pending')).toBeUndefined();
  stage.commit({ 'vms.yaml': 'vms: [{ name: web, site: "" }]\n' });
  await stage.audit();
  expect(
    stage
      .issues()
      .filter(({ state }) => state === 'open')
      .map(({ title }) => title),
  ).toContain('every-vm-has-a-site is failing');
});
