import type { YamlValue } from '../../../core/yaml/value.ts';
import { wholeLine } from '../bash/basic-regexp.ts';
import { type PrintedLine, printedLines } from '../bash/joins.ts';

/** Ids of the targets that can be reached from anywhere, not only from their own LAN. */
export function reachableIds(targets: YamlValue): readonly YamlValue[] {
  return targets.items
    .filter((target) => !target.get('access_method').is('lan_only'))
    .map((target) => target.get('id'));
}

/** The reachable targets whose id, taken for a pattern, is no line of `hostnames`. */
export function* strayTargets(targets: YamlValue, hostnames: readonly PrintedLine[]): Generator<PrintedLine> {
  for (const target of printedLines(reachableIds(targets))) {
    if (!hostnames.some(({ text }) => wholeLine(target.text).test(text))) yield target;
  }
}
