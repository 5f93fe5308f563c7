import { HOUR } from '../../../core/durations.ts';
import type { FactRow, FactTable } from '../../../core/facts.ts';
import type { Example } from '../../../core/gate.ts';
import { SOUND } from './examples.ts';
import { DEFAULT_BINDINGS } from './layout.ts';

const NOW = Date.parse('2026-02-17T20:00:00Z');

/** How a night's facts differ from a sound night's. Ages are in hours before the audit. */
interface Difference {
  /** Nothing was ever posted. */
  readonly tables?: false;
  /** Age of the newest results of gates. */
  readonly resultsAge?: number;
  /** Age of the tables themselves. */
  readonly tableAge?: number;
  /** The host whose tables are too old, while the others' are not. */
  readonly silent?: 'pve' | 'nas';
  /** Nobody posts but a host that the repo says nothing of, and that has nothing to list. */
  readonly onlyStrangers?: true;
  /** Age of the newest archive on the hypervisor, and of the copy at the other site. */
  readonly newestAge?: number;
  readonly copyAge?: number;
  /** Size of the newest archive; the one before has 1,000. */
  readonly newestBytes?: number | null;
  /** Size of one more archive of this hour. */
  readonly writing?: number;
  /** Type of the guest whose archives have the number 200. */
  readonly fileOf?: 'lxc';
  /** One more guest, of a table by another runner an hour before. */
  readonly former?: number;
  /** The host whose archives of machine 200 are missing. */
  readonly omit?: 'pve' | 'nas';
  /** One more guest that runs, and one that does not. */
  readonly guest?: number | null;
  readonly stopped?: number;
  /** The other hypervisor has a machine 200 too. */
  readonly namesake?: true;
}

const { vms } = DEFAULT_BINDINGS.paths;
const TWIN = '  - { id: 200, hostname: twin, status: stopped, proxmox_host: home-pve, backup_target: null }\n';

/** The sound homelab with the facts that its hosts posted last night, and a small difference. */
export function postedVariation(title: string, difference: Difference, ...finds: readonly string[]): Example {
  const files = difference.namesake ? { ...SOUND, [vms]: `${SOUND[vms]}${TWIN}` } : SOUND;
  const { resultsAge } = difference;
  const results = resultsAge === undefined ? {} : { resultsAt: NOW - resultsAge * HOUR };
  const example = { title, files, now: new Date(NOW).toISOString(), finds, ...results };
  return difference.tables === false ? example : { ...example, reported: tablesOf(difference) };
}

function tablesOf(difference: Difference): Readonly<Record<string, readonly FactTable[]>> {
  const { tableAge = 1, newestAge = 18, copyAge = 18, newestBytes = 1000, omit, guest, stopped, silent } = difference;
  const { writing, fileOf, former, onlyStrangers } = difference;
  if (onlyStrangers) {
    const tables = [{ at: NOW - tableAge * HOUR, runner: 'stranger', rows: [] }];
    return { backups: tables, guests: tables };
  }
  const archives = [
    archive(200, 'pve', newestAge, newestBytes),
    archive(200, 'pve', newestAge + 24, 1000),
    archive(200, 'nas', copyAge, 1000),
    archive(105, 'home-pve', 18, 1000),
  ].filter(({ vmid, host }) => vmid !== 200 || host !== omit);
  if (writing !== undefined) archives.push(archive(200, 'pve', 0, writing));
  const named = archives.map((row) =>
    fileOf && row.vmid === 200 ? { ...row, file: `vzdump-${fileOf}-200-x.tar.zst` } : row,
  );
  const guests = [running(200, 'pve', 'vm'), running(105, 'home-pve', 'ct')];
  if (guest !== undefined) guests.push(running(guest, 'pve', 'vm'));
  const byHost = (rows: readonly FactRow[], ...hosts: readonly string[]) =>
    hosts.map((runner) => ({
      at: NOW - (runner === silent ? 36 : tableAge) * HOUR,
      runner,
      rows: rows.filter(({ host }) => host === runner),
    }));
  return {
    backups: byHost(named, 'pve', 'home-pve', 'nas'),
    guests: [
      ...byHost(
        guests.map((row) => (row.vmid === stopped ? { ...row, status: 'stopped' } : row)),
        'pve',
        'home-pve',
      ),
      ...(former === undefined
        ? []
        : [{ at: NOW - (tableAge + 1) * HOUR, runner: 'old-name', rows: [running(former, 'pve', 'vm')] }]),
    ],
  };
}

function archive(vmid: number, host: string, age: number, bytes: number | null) {
  return { kind: 'vzdump', vmid, host, bytes, time: new Date(NOW - age * HOUR).toISOString() };
}

function running(vmid: number | null, host: string, kind: string) {
  return { vmid, host, kind, name: `guest-${vmid}`, status: 'running' };
}
