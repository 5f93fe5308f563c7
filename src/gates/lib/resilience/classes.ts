import type { Facts } from './facts.ts';

/** Classes of backups, the most precious first. */
export const CLASSES = ['critical', 'important', 'rebuildable'] as const;

const HOURS: ReadonlyMap<string, number> = new Map([
  ['critical', 26],
  ['important', 48],
  ['rebuildable', 168],
]);

/** How many hours old a backup of each class may become: as the comment at the inventory's head has it ("critical (26h), important (48h), …"), else what is usual. */
export function hoursByClass(facts: Facts): ReadonlyMap<string, number> {
  const comments = facts.lines('backups').filter(({ text }) => text.startsWith('#'));
  for (const { text } of comments) {
    const stated = [...text.matchAll(/\b(critical|important|rebuildable)\b:? ?\(?(\d+)/g)];
    const hours = new Map(stated.map(([, name = '', number]) => [name, Number(number)]));
    if (hours.size === CLASSES.length) return hours;
  }
  return HOURS;
}
