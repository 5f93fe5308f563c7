import type { Candidate } from './candidate.ts';

const HEAD = `# What has to hold in this repository, as Lanekeeper checks it every night and after every push.
# Each gate passes today. Change, add and remove as you like: docs/recipes has more, and
# \`npm run audit -- <clone> --explain <gate>\` shows what a gate looks at.
`;

/** The text of a gate file with these gates. Tables of one name are one table. */
export function gateFileText(candidates: readonly Candidate[]): string {
  const tables = new Map(candidates.flatMap(({ data }) => Object.entries(data)));
  const data = tables.size === 0 ? [] : ['data:', ...[...tables].map(([name, table]) => `  ${name}: ${table}`), ''];
  const gates = candidates.flatMap(({ id, reason, gate }) => [`  # ${reason}`, `  - { id: ${id}, ${gate} }`]);
  return `${[HEAD, ...data, 'gates:', ...gates].join('\n')}\n`;
}
