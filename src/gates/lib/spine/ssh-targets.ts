import type { YamlValue } from '../../../core/yaml/value.ts';

/** Ids of the targets that can be reached from anywhere, not only from their own LAN. */
export function reachableIds(targets: YamlValue): readonly YamlValue[] {
  return targets.items
    .filter((target) => !target.get('access_method').is('lan_only'))
    .map((target) => target.get('id'));
}
