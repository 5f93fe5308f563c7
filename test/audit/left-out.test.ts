import { expect, test } from 'vitest';
import { runAudit } from '../../src/audit/run.ts';
import type { Gate } from '../../src/core/gate.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles } from './governed-repo.ts';

const NAMES = ['first', 'second', 'asks-second'];
const ran: string[] = [];
const gates = NAMES.map(
  (name): Gate => ({
    name,
    mirrors: [],
    why: '',
    fix: '',
    rules: {},
    reads: [],
    *check({ repo, verdictOf }) {
      ran.push(name);
      if (name === 'asks-second') yield { unverified: verdictOf('second').verdict };
      else if (repo.isFile('late') && repo.text('late') === '') return;
    },
    examples: { pass: [], fail: [] },
  }),
);
const row = (name: string, index: number) =>
  `  - { id: D${index}, name: ${name}, category: infra-hygiene, severity: high, check_script: check.sh }\n`;
const files = {
  ...governanceFiles({
    topology: `gate_assignments:\n${NAMES.map((_, index) => `  - { gate_id: D${index}, primary_domain: infra }\n`).join('')}`,
    registry: `gates:\n${NAMES.map(row).join('')}`,
  }),
  'check.sh': '',
  late: '',
};
const input = {
  target: memorySnapshot({ files, modes: { 'check.sh': '100755' } }),
  siblings: {},
  now: 0,
  gates,
  defaultRegistry: { gates: [], lanes: [] },
} as const;

test('a gate that is left out is blind with the reason, for gates that ask for its verdict too, and never runs', async () => {
  ran.length = 0;
  const { report } = await runAudit({ ...input, leftOut: new Map([['second', 'It ended the audit three times.']]) });
  expect(report.gates.map(({ verdict, reason, unverified }) => [verdict, reason ?? unverified?.[0]])).toEqual([
    ['pass', undefined],
    ['blind', 'It ended the audit three times.'],
    ['pass', 'blind'],
  ]);
  expect(new Set(ran)).toEqual(new Set(['first', 'asks-second']));
});

test('every gate is announced before it runs, and the announcement is waited for', async () => {
  const events: string[] = [];
  ran.length = 0;
  await runAudit({
    ...input,
    onGate: async (name) => {
      await Promise.resolve();
      events.push(`${name} after ${ran.length} runs`);
    },
  });
  expect(events.length).toBeGreaterThanOrEqual(3);
  expect(events[0]).toBe('first after 0 runs');
  expect(events.map((event) => event.split(' ', 1)[0])).toContain('asks-second');
});
