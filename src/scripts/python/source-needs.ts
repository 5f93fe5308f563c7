import { type Wish, wishesIn } from './wishes.ts';

const WISHES: readonly Wish[] = [
  { pattern: /\btzset\b|['"]TZ['"]/, what: 'time zones, in Python' },
  {
    pattern: /\b(?:path_hooks|meta_path|addaudithook)\b|\b(?:import|from)\s+_(?:random|socket|uuid|posixsubprocess)\b/,
    what: 'the Python of the machine',
  },
];

/** What a Python program needs that is not here, as far as its source tells. */
export function needsIn(source: string): readonly string[] {
  return wishesIn(source, WISHES);
}
