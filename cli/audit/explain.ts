import type { Gate } from '../../src/core/gate.ts';
import type { DeclaredGate } from '../../src/declared/gate.ts';
import type { Sighting } from '../../src/declared/rules/rule.ts';

/** Lines of one outcome beyond these say nothing new. */
const MOST_LINES = 200;

/** What one declared gate looked at, as its last evaluation told it. */
export interface Explanation {
  /** The same gate, which also tells what it sees where it is the one to be explained. */
  readonly listen: (gate: DeclaredGate) => Gate;
  /** Every subject with its values, as text; undefined when no declared gate has that name. */
  inWords(): string | undefined;
}

/** Explains the declared gate of that name. */
export function explanationOf(name: string): Explanation {
  let seen: readonly Sighting[] | undefined;
  return {
    listen(gate) {
      if (gate.name !== name) return gate;
      return {
        ...gate,
        check(context) {
          const sightings: Sighting[] = [];
          const remarks = gate.examine(context, (sighting) => void sightings.push(sighting));
          seen = sightings;
          return remarks;
        },
      };
    },
    inWords() {
      if (!seen) return undefined;
      const sorted = seen.toSorted((one, other) => ORDER.indexOf(one.outcome) - ORDER.indexOf(other.outcome));
      const lines = sorted.slice(0, MOST_LINES).map(lineOf);
      const left = seen.length - lines.length;
      const counts = Map.groupBy(seen, ({ outcome }) => outcome);
      const totals = [...counts].map(([outcome, sightings]) => `${sightings.length} ${outcome}`).join(', ');
      return [
        `${name} looked at ${seen.length}: ${totals || 'nothing'}`,
        ...lines,
        ...(left > 0 ? [`… and ${left} more`] : []),
      ].join('\n');
    },
  };
}

const ORDER: readonly Sighting['outcome'][] = ['found', 'unclear', 'holds', 'passed over'];
const MARKS: Readonly<Record<Sighting['outcome'], string>> = {
  holds: '✓',
  found: '✗',
  'passed over': '-',
  unclear: '?',
};

function lineOf({ at, subject, outcome, values }: Sighting): string {
  const { path, line, column } = at.place;
  const place = [path, line, column].filter((part) => part !== null && part !== undefined).join(':');
  const said = Object.entries(values).map(
    ([name, value]) => `${name} = ${value.length > 80 ? `${value.slice(0, 79)}…` : value}`,
  );
  return `  ${MARKS[outcome]} ${place}  ${[subject, ...said].join('  ')}`;
}
