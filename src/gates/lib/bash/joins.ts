import { Abort } from '../../../core/signals.ts';
import { joinTexts, type YamlValue } from '../../../core/yaml/value.ts';

// How scripts join registries: they print a column of one, and ask another for each printed line.

/** A line that a script gets when it prints values one after the other, and the value it comes from. */
export interface PrintedLine {
  readonly text: string;
  readonly at: YamlValue;
}

/** What a loop over printed values goes through: usually one line each; empty ones are passed over. */
export function printedLines(values: readonly YamlValue[]): readonly PrintedLine[] {
  return values.flatMap((at) =>
    at.raw
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => ({ text, at })),
  );
}

/** A column of a list: what each item holds there. */
export function column(list: YamlValue, field: string): readonly YamlValue[] {
  return list.items.map((item) => item.get(field));
}

/** Finds the entries of a list that carry an id, in order; the id's `*` and `?` are wildcards. A quote in it breaks the query, which then finds nothing. */
export type EntriesBy = (id: string) => readonly YamlValue[];

/** Looks the entries of a list up by one of their fields. The list is gone through once. */
export function entriesBy(list: YamlValue, field: string | ((item: YamlValue) => YamlValue)): EntriesBy {
  const idOf = typeof field === 'string' ? (item: YamlValue) => item.get(field) : field;
  let groups: Map<string, YamlValue[]> | undefined;
  return (id) => {
    groups ??= Map.groupBy(list.items, (item) => idOf(item).raw);
    if (id.includes('"')) return [];
    const candidates = /[*?]/.test(id) ? list.items : (groups.get(id) ?? []);
    return candidates.filter((item) => idOf(item).is(id));
  };
}

/** One field over several entries, as one text: two entries where one belongs give a text that equals nothing. Without entries it is empty. */
export function textOf(entries: readonly YamlValue[], field: string, fallback?: string): string {
  const values = entries.map((entry) => entry.get(field));
  return joinTexts(values.map((value) => (fallback === undefined ? value.raw : value.or(fallback))));
}

/** Whether a name from another file can stand in a query. */
export function canBeAskedFor(name: string): boolean {
  return !/[ "]/.test(name);
}

/** What a map holds under a name from another file: several values where the name has wildcards, an absent one where there is none. */
export function named(map: YamlValue, name: string): readonly YamlValue[] {
  if (canBeAskedFor(name)) return map.matching(name);
  throw new Abort(`\`${name}\` contains a space or a quote, so the script cannot look it up.`, map, name);
}
