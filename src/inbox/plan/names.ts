import type { Report } from '../../core/report.ts';

/** A registry may call a gate anything. Names with `@` are of our own issues, and no stored record can hold the other one. */
export function isUsableName(name: string): boolean {
  return name !== '' && !name.startsWith('@') && name !== '__proto__';
}

/** Gates of a report that cannot have an issue because of their name, as sentences. */
export function nameProblems({ gates }: Report): readonly string[] {
  const problems: string[] = [];
  const taken = new Map<string, string>();
  for (const { number, name } of gates) {
    const first = taken.get(name);
    if (name === '')
      problems.push(`${number} is in a lane, and the gate registry has no name for it, so it cannot have an issue.`);
    else if (!isUsableName(name))
      problems.push(`${number} cannot have an issue under the name \`${name}\`; rename it in the gate registry.`);
    else if (first !== undefined)
      problems.push(`${number} has the name of ${first}, \`${name}\`, so only ${first} can have an issue; rename one.`);
    else taken.set(name, number);
  }
  return problems;
}
