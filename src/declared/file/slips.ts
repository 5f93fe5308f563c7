import { nearest } from '../nearest.ts';
import { type Mistake, type NodePath, type Places, unknownWord } from './mistakes.ts';

type Entries = Readonly<Record<string, unknown>>;

/** A map of a gate file as it was meant: slips in its keys are one mistake each, and what follows from them is none. */
export interface Meant {
  readonly value: Entries;
  readonly mistakes: readonly Mistake[];
  /** Words that were misspelt. */
  readonly slips: ReadonlySet<string>;
  /** Whether a key means nothing at all: it may stand for any word that is missing. */
  readonly isUnclear: boolean;
}

/** Reads every key that is not one of the `words` as the nearest one that is missing. */
export function meantBy(value: Entries, words: readonly string[], at: NodePath, places: Places): Meant {
  const mistakes: Mistake[] = [];
  const slips = new Set<string>();
  const meant = new Map(Object.entries(value).filter(([key]) => words.includes(key)));
  const odd = Object.entries(value).filter(([key]) => !words.includes(key));
  let isUnclear = false;
  for (const [key, part] of odd) {
    const missing = words.filter((word) => !meant.has(word));
    const near = nearest(key, missing);
    mistakes.push(places.mistake([...at, key], unknownWord(key, words, near), { atKey: true }));
    if (near === undefined) isUnclear = true;
    else {
      meant.set(near, part);
      slips.add(near);
    }
  }
  return { value: Object.fromEntries(meant), mistakes, slips, isUnclear };
}
