import { type Datum, type FormatFault, isList, isMap, kindOf } from '../formats/datum.ts';
import { nameOfItem } from './row.ts';
import type { Step } from './steps.ts';

/** Calls back for every value that the steps lead to. Gives what stands in their way, if anything but nothing does. */
export function walk(
  datum: Datum,
  steps: readonly Step[],
  keys: readonly string[],
  found: (datum: Datum, keys: readonly string[], key: string | undefined) => void,
  naming: string | undefined,
  key?: string,
): FormatFault | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) {
    found(datum, keys, key);
    return undefined;
  }
  if (datum.value === null) return undefined;
  if (step === 'items') {
    if (!isList(datum))
      return { message: `\`[]\` asks for a list, and this is ${kindOf(datum)}`, offset: datum.offset };
    const problems = datum.value.map((item) => walk(item, rest, keys, found, naming, itemName(item, naming)));
    return problems.find((problem) => problem !== undefined);
  }
  if (!isMap(datum)) {
    const wanted = step === 'values' ? '`{}`' : `\`${step.key}\``;
    return { message: `${wanted} asks for a map, and this is ${kindOf(datum)}`, offset: datum.offset };
  }
  if (step === 'values') {
    const problems = [...datum.value].map(([name, value]) => walk(value, rest, [...keys, name], found, naming, name));
    return problems.find((problem) => problem !== undefined);
  }
  const value = datum.value.get(step.key);
  // A path that ends at a list means its items, and one that ends at nothing means no row.
  if (value && rest.length === 0 && (isList(value) || value.value === null))
    return walk(value, ['items'], keys, found, naming);
  return value && walk(value, rest, keys, found, naming, key ?? (rest.length === 0 ? step.key : undefined));
}

/** What an item is called: by the field that its table names, else by one that names things. */
export function itemName(item: Datum, key: string | undefined): string {
  return nameOfItem(item, key === undefined ? undefined : [key]);
}
