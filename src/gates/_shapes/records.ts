import type { YamlValue } from '../../core/yaml.ts';

/** The items of a list that can have keys; bare scalars among them are passed over, as the query tool does. */
export function records(list: YamlValue): readonly YamlValue[] {
  return list.items.filter((item) => item.kind !== 'scalar');
}
