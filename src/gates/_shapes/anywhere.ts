import type { Repo } from '../../core/repo.ts';
import type { YamlValue } from '../../core/yaml.ts';

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
