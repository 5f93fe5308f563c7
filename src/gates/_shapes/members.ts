import type { YamlValue } from '../../core/yaml.ts';

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
