import { isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { Located } from '../finding.ts';
import { Exhausted } from '../signals.ts';
import { keyText, plainText } from './print.ts';
import type { Source } from './source.ts';

/** Maps that take in others that take in others: nobody writes more than a few. */
const MAX_MERGES = 200;

/**
 * A map's pairs by key. The query tool walks a map in order and lets a later pair, merged or own, replace an earlier one in its place.
 * `at` is where the work is done that the source's meter counts. Throws `Exhausted`.
 */
export function pairsOf(map: YAMLMap, source: Source, at: Located, depth = 0): ReadonlyMap<string, Pair> {
  const { lookups, meter } = source;
  const known = lookups.get(map);
  if (known) return known;
  if (depth > MAX_MERGES) throw new Exhausted(`more than ${MAX_MERGES} merge keys lead from one map to the next`, at);
  const pairs = new Map<string, Pair>();
  // A map that merges itself adds nothing, so it has to be known before it is complete.
  lookups.set(map, pairs);
  try {
    meter.spend(map.items.length, at);
    for (const pair of map.items) {
      if (!isMerge(pair)) pairs.set(keyText(source, pair.key), pair);
      else for (const merged of mapsIn(pair, source, at)) addAll(pairsOf(merged, source, at, depth + 1));
    }
  } catch (error) {
    lookups.delete(map);
    throw error;
  }
  return pairs;

  function addAll(merged: ReadonlyMap<string, Pair>): void {
    meter.spend(merged.size, at);
    for (const [key, pair] of merged) pairs.set(key, pair);
  }
}

/** The maps that a merge key names, an alias or a list of them. Of one that is listed again and again, the first and the last time decide: where its keys stand, and what they hold. */
function mapsIn({ value }: Pair, { targets, meter }: Source, at: Located): readonly YAMLMap[] {
  const aliases = isSeq(value) ? value.items : [value];
  meter.spend(aliases.length, at);
  const maps: YAMLMap[] = [];
  for (const alias of aliases) {
    const map = isAlias(alias) ? targets.get(alias) : undefined;
    if (isMap(map)) maps.push(map);
  }
  const last = new Map(maps.map((map, index) => [map, index]));
  const first = new Set<YAMLMap>();
  return maps.filter((map, index) => {
    const isFirst = !first.has(map);
    first.add(map);
    return isFirst || last.get(map) === index;
  });
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && plainText(key) === '<<';
}
