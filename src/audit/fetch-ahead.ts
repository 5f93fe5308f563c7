import type { Snapshot } from '../core/snapshot.ts';

/** Files that are fetched ahead; a script asks for the rest by itself. */
const MOST_FILES = 1_500;
/** A larger file is fetched when it is asked for. */
const MOST_BYTES = 200_000;
/** Scripts call scripts that call scripts. */
const ROUNDS = 3;
/** A name that more files bear says too little. */
const MOST_NAMESAKES = 2;

/**
 * Fetches what scripts are likely to read in a few large batches, where they would ask for one file after another:
 * themselves, and each file whose path or name stands in their text. What `snapshot` keeps is not fetched again. Throws what reading throws.
 */
export async function fetchAhead(snapshot: Snapshot, scripts: readonly string[]): Promise<void> {
  const byName = namesakes(snapshot);
  const known = new Set<string>();
  let wanted = scripts.filter((path) => isSmallFile(snapshot, path));
  for (let round = 0; round < ROUNDS && wanted.length > 0; round++) {
    for (const path of wanted) known.add(path);
    const named = new Set<string>();
    for (const [path, content] of await snapshot.read(wanted)) {
      if (!('bytes' in content) || !/\.(?:sh|bash)$|\/[^.]+$/.test(path)) continue;
      for (const found of pathsIn(new TextDecoder().decode(content.bytes), snapshot, byName)) named.add(found);
    }
    wanted = [...named].filter((path) => !known.has(path)).slice(0, MOST_FILES - known.size);
  }
}

function isSmallFile({ entries }: Snapshot, path: string): boolean {
  const entry = entries.get(path);
  return entry !== undefined && entry.mode !== '160000' && (entry.size ?? 0) <= MOST_BYTES;
}

/** Paths by the name at their end. */
function namesakes({ entries }: Snapshot): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const path of entries.keys()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const paths = byName.get(name);
    if (paths) paths.push(path);
    else byName.set(name, [path]);
  }
  return byName;
}

/** Files that a text names: by a path of the tree that ends a word such as `$ROOT/ops/x.yaml`, else by a name that few files bear. */
function pathsIn(text: string, snapshot: Snapshot, byName: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = [];
  for (const word of new Set(text.match(/[\w.@+-]+(?:\/[\w.@+-]+)*/g))) {
    if (!word.includes('.') && !word.includes('/')) continue;
    const parts = word.split('/');
    const path = parts.map((_, start) => parts.slice(start).join('/')).find((end) => snapshot.entries.has(end));
    const others = path === undefined ? (byName.get(parts.at(-1) ?? '') ?? []) : [path];
    if (others.length <= MOST_NAMESAKES) found.push(...others.filter((other) => isSmallFile(snapshot, other)));
  }
  return found;
}
