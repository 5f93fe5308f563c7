import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';

// How scripts go through what a value holds: by id, by position, or at any depth.

export type Members = readonly (readonly [id: string, member: YamlValue])[];

/** What a map holds, by id, repeated ids included as they stand; a list's ids are its indices. Nothing else has members. */
export function membersOf(value: YamlValue): Members {
  const { entries } = value;
  return entries.length > 0 ? entries : value.items.map((item, index) => [String(index), item] as const);
}

/** Members of `left` whose ids `right` does not have. */
export function membersBeyond(left: Members, right: Members): Members {
  const ids = new Set(right.map(([id]) => id));
  return left.filter(([id]) => !ids.has(id));
}

/** Nobody lists more by hand; it keeps a long text in place of a list from becoming as many findings. */
const MOST_POSITIONS = 10_000;

/** What a script finds that counts with `length` and asks by position: a map has as many empty members as keys, a text as it has characters. */
export function membersByPosition(value: YamlValue): readonly YamlValue[] {
  return Array.from({ length: Math.min(value.length, MOST_POSITIONS) }, (_, index) => value.at(index));
}

/** The maps of one YAML document, at any depth. */
export type Maps = readonly YamlValue[];

/** Every map of a YAML file, by document. */
export function mapsIn(repo: Repo, path: string): readonly Maps[] {
  const documents = repo.yamlDocuments(path).map((document) => [...document.descendants()]);
  return documents.map((values) => values.map(([, value]) => value).filter((value) => value.kind === 'map'));
}

/**
 * What a field says anywhere in a file, each line of text once; empty lines and `null` are left out.
 * Between the values of two documents the query tool prints a line `---`, which the scripts take for one more value.
 */
export function textsUnder(field: string, documents: readonly Maps[]): ReadonlyMap<string, YamlValue> {
  const texts = new Map<string, YamlValue>();
  for (const maps of documents) {
    const values = maps.filter((map) => map.has(field)).map((map) => map.get(field));
    const [first] = values;
    if (first && texts.size > 0) texts.set('---', first);
    for (const value of values) {
      for (const line of value.raw.split('\n')) if (!texts.has(line)) texts.set(line, value);
    }
  }
  texts.delete('');
  texts.delete('null');
  return texts;
}
