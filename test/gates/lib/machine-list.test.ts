import { describe, expect, test } from 'vitest';
import { readMachineList } from '../../../src/gates/lib/resilience/machine-list.ts';

const MACHINES = ['210', '211', '212', '213', '214', '220', '224', '231'];

function included(text: string): readonly string[] | undefined {
  const list = readMachineList(text);
  return list && MACHINES.filter((id) => list.includes(id));
}

describe('which machines a sentence is about', () => {
  test.each([
    ['vmid 210,211', ['210', '211']],
    ['vmids: 210 211', ['210', '211']],
    ['VMID=210 and 211', ['210', '211']],
    ['pve job at 02:00; storage tank; vmid 210.', ['210']],
    ['vmid 210-214, 220', ['210', '211', '212', '213', '214', '220']],
    ['vmid 214 – 212', ['212', '213', '214']],
    ['vmid 210;211; 220; storage 224', ['210', '211', '220']],
    ['vmid 210. Not in the job: vmid 231.', ['210']],
    ['vmid 210-231 (except 212, 220-224)', ['210', '211', '213', '214', '231']],
    ['vmid 210,231, without vmid 231', ['210']],
    ['vmid 210,211; vmid 211 is excluded', ['210']],
    ['all guests, exclude vmid 220,224', ['210', '211', '212', '213', '214', '231']],
    ['all but vmid 210', ['211', '212', '213', '214', '220', '224', '231']],
    ['exclude: 210-224', ['231']],
    ['all running machines', MACHINES],
    ['vmid 210. (VM 231 is gone.)', ['210']],
    ['not encrypted, vmid 210', ['210']],
    ['vmid 0210', ['210']],
  ])('%s', (text, machines) => {
    expect(included(text)).toEqual(machines);
  });

  test.each(['', 'every night at 02:00', 'VM 210', 'vmid of the box'])('%j is about no machine by number', (text) => {
    expect(included(text)).toBeUndefined();
  });

  test('a long text takes no time', () => {
    const started = performance.now();
    for (const piece of ['vmid ', 'not in ', '1,', '1-', ' ', 'all ', '(', 'vmid 1 '])
      readMachineList(piece.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
