import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { HOUR, SECOND } from '../../src/core/durations.ts';
import type { FactRow } from '../../src/core/facts.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { latestAudit, playNight, postFacts, type Stage } from './stage.ts';

/** How long after the first post the newest archive of one machine grows too old. */
const UNTIL_STALE = 10 * SECOND;
/** The machine whose backup job stopped, and for how many hours the inventory takes its archives for fresh. */
const STOPPED = { vmid: 220, hours: 48 };

const Machines = z.object({
  vms: z.array(z.object({ id: z.number(), hostname: z.string(), proxmox_host: z.string(), status: z.string() })),
});
const Inventory = z.object({
  targets: z.array(z.object({ enabled: z.boolean(), host: z.string(), glob: z.string() })),
});

/** Hears what happens, scene by scene. */
export type Tell = (title: string, audit: StoredAudit) => void;

/** The sample's hosts post what they hold and what runs; one backup grows stale while we look, and a new archive mends it. */
export async function playMachines(stage: Stage, directory: string, tell: Tell): Promise<void> {
  const now = Date.now();
  const staleAt = now + UNTIL_STALE;
  const stopped = staleAt - STOPPED.hours * HOUR;
  const hosts = await hostsOf(directory);
  const post = (host: string, stoppedAt: number) => {
    const machine = hosts.find(({ name }) => name === host);
    return postFacts(stage, host, machine ? machine.tables(now, stoppedAt) : {});
  };
  for (const { name } of hosts) await post(name, stopped);
  const told = await untilAudit(stage, isFresh);
  tell('The machines speak: pve, proxmox-home and nas post which archives they hold, and what runs.', told);
  await sleep(Math.max(staleAt + SECOND - Date.now(), 0));
  tell(
    `${UNTIL_STALE / SECOND} seconds later: nobody changed anything, but one archive is too old by now.`,
    await playNight(stage, Date.now()),
  );
  await post('pve', Date.now());
  const mended = await untilAudit(stage, isFresh);
  tell('The backup job ran again, and pve posts once more.', mended);
}

/** Whether every host has told of its archives, and all are fresh. */
function isFresh({ report }: StoredAudit): boolean {
  const gates = report.gates.filter(({ number }) => number === 'R11' || number === 'R12');
  return gates.every(({ verdict, unverified }) => verdict === 'pass' && unverified === undefined);
}

interface Host {
  readonly name: string;
  tables(now: number, stoppedAt: number): Readonly<Record<string, readonly FactRow[]>>;
}

/** The hosts of the sample, each with the archives that the inventory expects there and the machines that should run. */
async function hostsOf(directory: string): Promise<readonly Host[]> {
  const bindings = join(directory, 'ops/bindings');
  const { vms } = Machines.parse(parse(await readFile(join(bindings, 'vm.lifecycle.yaml'), 'utf8')));
  const { targets } = Inventory.parse(parse(await readFile(join(bindings, 'backup.inventory.yaml'), 'utf8')));
  const active = vms.filter(({ status }) => status === 'active');
  const expected = targets.flatMap(({ enabled, host, glob }) => {
    const [, digits = '', isGroup] = /^vzdump-[a-z]+-(\d+)(\*?)-/.exec(glob) ?? [];
    const isMeant = ({ id }: { id: number }) =>
      isGroup === '*' ? String(id).startsWith(digits) : String(id) === digits;
    return enabled && digits !== '' ? active.filter(isMeant).map(({ id }) => ({ host, vmid: id })) : [];
  });
  const names = [...new Set([...active.map(({ proxmox_host }) => proxmox_host), ...expected.map(({ host }) => host)])];
  return names.map((name) => ({
    name,
    tables(now, stoppedAt) {
      const held = expected.filter(({ host }) => host === name);
      const backups = held.map(({ vmid }): FactRow => {
        const time = vmid === STOPPED.vmid ? stoppedAt : now - 2 * HOUR;
        const bytes = 8_000_000_000 + vmid * 1_000_000;
        return { kind: 'vzdump', vmid, time: new Date(time).toISOString(), bytes, host: name };
      });
      const guests = active
        .filter(({ proxmox_host }) => proxmox_host === name)
        .map(({ id, hostname }): FactRow => ({ vmid: id, name: hostname, kind: 'vm', status: 'running', host: name }));
      return guests.length > 0 ? { backups, guests } : { backups };
    },
  }));
}

/** The first audit of which that holds; what arrives while one runs leads to another. */
async function untilAudit(stage: Stage, holds: (audit: StoredAudit) => boolean): Promise<StoredAudit> {
  for (;;) {
    const audit = await latestAudit(stage);
    if (audit && holds(audit)) return audit;
    await sleep(100);
  }
}
