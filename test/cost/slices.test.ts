import { expect, test } from 'vitest';
import { SliceAccount } from '../../scripts/bench/slice-account.ts';

test('CPU is put down to the alarm and the script in which it was used', () => {
  let cpu = 1;
  const account = new SliceAccount(() => cpu);
  const log = (seconds: number, message: string, script?: string) => {
    cpu += seconds;
    account.hear(JSON.stringify({ message, ...(script && { script }) }));
  };
  log(1, 'script begins', 'a.sh');
  log(4, 'script ends', 'a.sh');
  log(0, 'scripts left');
  account.hear('nothing of ours');
  log(2, 'script begins', 'b.sh');
  log(3, 'script ends', 'b.sh');
  log(2, 'audited');
  log(9, 'script begins', 'c.sh');
  expect(account).toMatchObject({ alarms: [5, 7], outcome: 'audited' });
  expect([...account.scripts]).toEqual([
    ['a.sh', 4],
    ['b.sh', 3],
  ]);
});
