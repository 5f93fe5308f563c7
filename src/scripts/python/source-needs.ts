import { type Wish, wishesIn } from './wishes.ts';

const WISHES: readonly Wish[] = [
  {
    pattern: /\b(?:import|from)\s+(?:random|secrets)\b|\b(?:urandom|uuid1|uuid4|SystemRandom)\b/,
    what: 'chance, in Python',
  },
  {
    pattern:
      /\b(?:gethostname|getfqdn|getlogin|getuser|getpwnam|getpwuid|getpid|getppid|cpu_count|os\.uname|platform\.(?:system|node|machine|release|platform|uname))\b/,
    what: 'the machine itself, from Python',
  },
  { pattern: /\btzset\b|['"]TZ['"]/, what: 'time zones, in Python' },
  {
    pattern:
      /\bfrom\s+sys\s+import\b.*\b(?:platform|version|executable|prefix)\b|\bsys\.(?:platform|version\b(?!_)|executable|prefix|path_hooks|meta_path|addaudithook)/,
    what: 'the Python of the machine',
  },
];

/** What a Python program needs that is not here, as far as its source tells. */
export function needsIn(source: string): readonly string[] {
  return wishesIn(source, WISHES);
}
