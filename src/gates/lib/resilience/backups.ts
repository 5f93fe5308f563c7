import type { YamlValue } from '../../../core/yaml/value.ts';
import type { Facts } from './facts.ts';
import { matchesFilePattern } from './file-pattern.ts';
import type { Machine } from './machines.ts';

/** A place where backups should lie, as the inventory states it. */
export interface Backup {
  readonly at: YamlValue;
  readonly name: string;
  /** Its key in findings. */
  readonly subject: string;
  readonly host: string;
  /** Only what says `true` is on: the inventory's default is off. */
  readonly isEnabled: boolean;
  readonly class: string;
  /** How many hours old its newest file may become: its own value, else the inventory's. */
  readonly budget: YamlValue;
  /** The pattern for file names, without folders; undefined where neither pattern nor folder is about vzdump archives. */
  readonly pattern: string | undefined;
}

/** A machine and one of the places where its archives should lie. */
interface Coverage {
  readonly backup: Backup;
  readonly machine: Machine;
}

/** Some instant of the future as vzdump writes it, so that a pattern for one past archive does not match. */
const STAMP = '2999_12_31-23_59_59';

/** Every target of the inventory, in its order. Throws `Abort` where the inventory has no list of them. */
export function backupsOf(facts: Facts): readonly Backup[] {
  const standard = facts.value(facts.root('backups'), 'backups.budget');
  return facts.records('backups', 'backups').items.map((at) => {
    const [name, host] = [facts.text(at, 'backup.name'), facts.text(at, 'backup.host')];
    const [folder, glob] = [facts.text(at, 'backup.folder'), facts.text(at, 'backup.glob')];
    const isVzdump = /vzdump|\.vma\b/.test(`${folder}/${glob}`) || /\/dump\/?$/.test(folder);
    return {
      at,
      name,
      subject: `target:${name || `${host}:${folder}/${glob}`}`,
      host,
      isEnabled: /^(?:true|True|TRUE)$/.test(facts.text(at, 'backup.enabled')),
      class: facts.text(at, 'backup.class'),
      budget: facts.value(at, 'backup.budget').otherwise(standard),
      pattern: isVzdump && glob !== '' ? glob.slice(glob.lastIndexOf('/') + 1) : undefined,
    };
  });
}

/** Whether the next archive of the machine would be one that the target looks for. */
export function covers(backup: Backup, machine: Machine): boolean {
  const { archive } = machine;
  if (!archive || backup.pattern === undefined || !mayHold(backup, machine)) return false;
  return matchesFilePattern(`${archive.start}${STAMP}${archive.end}`, backup.pattern);
}

/** Each enabled backup with each active machine that it covers, in the order of the inventory. */
export function coveragesOf(facts: Facts, machines: readonly Machine[]): readonly Coverage[] {
  const active = machines.filter(({ isActive }) => isActive);
  const enabled = backupsOf(facts).filter(({ isEnabled }) => isEnabled);
  return enabled.flatMap((backup) =>
    active.filter((machine) => covers(backup, machine)).map((machine) => ({ backup, machine })),
  );
}

/** Whether the target is about the machine: it covers it, or looks for certain archives of it, such as the last. */
export function isAbout(backup: Backup, machine: Machine): boolean {
  const { archive } = machine;
  if (covers(backup, machine)) return true;
  return archive !== undefined && mayHold(backup, machine) && (backup.pattern?.startsWith(archive.start) ?? false);
}

/** On a hypervisor with a machine of that very number, archives are that machine's. */
function mayHold({ host }: Backup, { hypervisor, namesakesOn }: Machine): boolean {
  return host === hypervisor || !namesakesOn.includes(host);
}
