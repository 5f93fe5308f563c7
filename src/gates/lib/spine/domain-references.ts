import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { membersOf } from '../files/members.ts';

/** A place outside the topology's own rows that names a domain. */
export interface DomainReference {
  readonly source: 'domains' | 'profiles' | 'release_sequence';
  readonly domain: string;
  readonly at: YamlValue;
}

/** What domain profiles, then agent profiles, then the release sequence name. Profiles in a bare text abort: they have no names. */
export function domainReferences(
  profiles: YamlValue,
  agents: YamlValue,
  release: YamlValue,
): readonly DomainReference[] {
  if (profiles.kind === 'scalar') throw new Abort('`domains` must be a map or a list.', profiles);
  const staffed = agents.items.flatMap((agent) => agent.get('domains').items);
  return [
    ...membersOf(profiles).map(([domain, at]) => ({ source: 'domains', domain, at }) as const),
    ...staffed.map((at) => ({ source: 'profiles', domain: at.raw, at }) as const),
    ...release.items.map((at) => ({ source: 'release_sequence', domain: at.raw, at }) as const),
  ];
}
