import { describe, expect, test } from 'vitest';
import { HOUR } from '../../src/core/durations.ts';
import type { FactRow } from '../../src/core/facts.ts';
import { auditDeclared, gateInWords, NOW, postedBy } from './declared-repo.ts';

const VMS = {
  'vms.yaml': 'vms:\n  - { vmid: 200, name: web, hours: 26 }\n  - { vmid: 201, name: db, hours: 26 }\n',
};
const GATES = `data:
  vm: { files: vms.yaml, each: vms }
  archive: { facts: backups }
gates:
  - { id: fresh, each: vm, must: "archive.exists(a, a.vmid == row.vmid && fresh(a.time, row.hours))" }
`;

function archive(vmid: number, hours: number): FactRow {
  return { kind: 'vzdump', vmid, time: new Date(NOW - hours * HOUR).toISOString(), host: 'pve' };
}

async function judged(reported: ReturnType<typeof postedBy> | undefined, gates = GATES): Promise<readonly string[]> {
  const { report } = await auditDeclared(
    { ...VMS, 'lanekeeper.yaml': gates },
    reported === undefined ? {} : { reported },
  );
  expect(report.problems).toBeUndefined();
  return report.gates.map(gateInWords);
}

describe('facts joined with the rows of a file', () => {
  test('every machine has an archive within its budget', async () => {
    expect(await judged(postedBy({ pve: { backups: [archive(200, 20), archive(201, 25)] } }))).toEqual(['fresh pass']);
  });

  test('one that is too old is a finding at the machine', async () => {
    expect(await judged(postedBy({ pve: { backups: [archive(200, 20), archive(201, 27)] } }))).toEqual([
      'fresh fail | must db @ vms.yaml:3:7',
    ]);
  });

  test('the rows of all machines count', async () => {
    const reported = postedBy({ pve: { backups: [archive(200, 20)] }, nas: { backups: [archive(201, 20)] } });
    expect(await judged(reported)).toEqual(['fresh pass']);
  });

  test('the audit knows when the next archive becomes too old', async () => {
    const reported = postedBy({ pve: { backups: [archive(200, 20), archive(201, 25)] } });
    const { flipsAt } = await auditDeclared({ ...VMS, 'lanekeeper.yaml': GATES }, { reported });
    expect(flipsAt).toBe(NOW + HOUR);
  });
});

test('where nobody posts them, the gate does not apply', async () => {
  expect(await judged(undefined)).toEqual(['fresh skip | (no machine posts the facts `backups`)']);
  expect(await judged(postedBy({ pve: { guests: [] } }))).toEqual([
    'fresh skip | (no machine posts the facts `backups`)',
  ]);
});

test('where they are old, the gate is blind rather than red', async () => {
  const old = postedBy({ pve: { backups: [archive(200, 40)] } }, { age: 37 * HOUR });
  expect(await judged(old)).toEqual([
    'fresh blind | (the newest facts `backups` of pve are of 2026-11-26 17:00 UTC, too old to count)',
  ]);
});

test('where those of one machine are old, what the others do not show is unknown', async () => {
  const young = postedBy({ pve: { backups: [archive(200, 1)] } });
  const old = postedBy({ nas: { backups: [archive(201, 30)] } }, { age: 40 * HOUR });
  const reported = { ...young, tables: (name: string) => [...young.tables(name), ...old.tables(name)] };
  expect(await judged(reported)).toEqual([
    expect.stringMatching(/^fresh blind \| \(the newest facts `backups` of nas/),
  ]);
});

test('a gate about the facts themselves points to where the table is declared', async () => {
  const gates = `data:
  vm: { files: vms.yaml, each: vms }
  guest: { facts: guests }
gates:
  - { id: registered, in: guest.vmid, of: vm.vmid }
  - { id: named, each: guest, must: row.name != null }
`;
  const guests = [
    { vmid: 200, name: 'web', host: 'pve' },
    { vmid: 666, name: null, host: 'pve' },
  ];
  expect(await judged(postedBy({ pve: { guests } }), gates)).toEqual([
    'named fail | must 666 @ lanekeeper.yaml:3:3',
    'registered fail | in 666 @ lanekeeper.yaml:3:3',
  ]);
});

test('no facts at all is not green', async () => {
  expect(
    await judged(
      postedBy({ pve: { guests: [] } }),
      'data: { guest: { facts: guests } }\ngates: [{ id: g, unique: guest.vmid }]\n',
    ),
  ).toEqual([
    'g blind | (it looked for values of `guest.vmid` in `guest` (the facts `guests`) and found none, where at least 1 is expected)',
  ]);
});

test('lookup finds what is there, and knows nothing of what may be missing', async () => {
  const gates =
    'data: { vm: { files: vms.yaml, each: vms }, guest: { facts: guests } }\ngates: [{ id: g, each: vm, must: \'lookup("guest", "vmid", row.vmid) != null\' }]\n';
  const young = postedBy({ pve: { guests: [{ vmid: 200 }, { vmid: 201 }] } });
  const old = postedBy({ nas: { guests: [] } }, { age: 40 * HOUR });
  const both = { ...young, tables: (name: string) => [...young.tables(name), ...old.tables(name)] };
  expect(await judged(young, gates)).toEqual(['g pass']);
  expect(await judged(both, gates)).toEqual(['g pass']);
});
