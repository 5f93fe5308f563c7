import type { YamlValue } from '../../core/yaml.ts';

/** The address book: who can be logged in to, by id. */
export const SSH_TARGETS = 'ops/bindings/ssh.targets.yaml';

/** Ids of the targets that can be reached from anywhere, not only from their own LAN. */
export function reachableIds(targets: YamlValue): readonly YamlValue[] {
  return targets.items
    .filter((target) => !target.get('access_method').is('lan_only'))
    .map((target) => target.get('id'));
}
