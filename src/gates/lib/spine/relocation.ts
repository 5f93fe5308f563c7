import type { YamlValue } from '../../../core/yaml/value.ts';
import { canBeAskedFor, textOf } from '../bash/joins.ts';

/** States in which machines are touched. Other spellings, such as `Cutover`, are not among them. */
export const MOVING: readonly string[] = ['preflight', 'cutover', 'cleanup'];

/** The host that the service registry gives for a service, or `fallback` where it says none or cannot be asked. */
export function registeredHost(registry: YamlValue, service: string, fallback: string): string {
  const services = registry.get('services');
  if (services.kind === 'list' || !canBeAskedFor(service)) return fallback;
  const entries = services.matching(service);
  return entries.some((entry) => entry.kind === 'list') ? fallback : textOf(entries, 'host', fallback);
}
