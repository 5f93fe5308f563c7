import type { Repo } from '../../../core/repo.ts';
import { Abort, Unavailable } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';

/** The documents of a file; none where it is not readable as YAML, which another gate reports. */
export function documentsOf(repo: Repo, path: string): readonly YamlValue[] {
  try {
    return repo
      .yamlDocuments(path)
      .filter((document) => document.target.kind === 'map' || document.target.kind === 'list');
  } catch (error) {
    if (error instanceof Abort || error instanceof Unavailable) return [];
    throw error;
  }
}

/** A value below maps, by keys; undefined where something else stands in the way. */
export function field(value: YamlValue, ...path: readonly string[]): YamlValue | undefined {
  let here: YamlValue | undefined = value;
  for (const key of path) here = here?.target.kind === 'map' ? here.get(key) : undefined;
  return here?.kind === 'absent' ? undefined : here;
}

/** The text of a single value below maps; empty for anything else. */
export function textAt(value: YamlValue, ...path: readonly string[]): string {
  const found = field(value, ...path);
  return found?.target.kind === 'scalar' ? found.target.raw : '';
}

/** The items of a list below maps; none where there is no list. */
export function listAt(value: YamlValue, ...path: readonly string[]): readonly YamlValue[] {
  const found = field(value, ...path);
  return found?.target.kind === 'list' ? found.items : [];
}

/** The keys and values of a map below maps; none where there is no map. */
export function mapAt(value: YamlValue, ...path: readonly string[]): readonly (readonly [string, YamlValue])[] {
  const found = path.length === 0 ? value : field(value, ...path);
  return found?.target.kind === 'map' ? found.target.entries : [];
}
