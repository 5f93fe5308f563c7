import { basename, dirname, join } from 'node:path';

/** Files and what each imports, both as paths from the root. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** The relative imports in a file's text, re-exports and bare imports included, as paths from the root. */
export function importsIn(text: string, file: string): readonly string[] {
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^'"]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm)];
  return specifiers.map(([, from, bare]) => join(dirname(file), from ?? bare ?? ''));
}

/** A path from a file back to itself along imports, or null. */
export function circleIn(imports: Imports): readonly string[] | null {
  const done = new Set<string>();
  function walk(file: string, path: readonly string[]): readonly string[] | null {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of imports.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return null;
  }
  for (const file of imports.keys()) {
    const circle = walk(file, []);
    if (circle) return circle;
  }
  return null;
}

/** Imports of files that are private to their folder (`_name.ts`) from outside of it. */
export function trespasses(imports: Imports): readonly string[] {
  return [...imports].flatMap(([file, imported]) =>
    imported
      .filter((other) => basename(other).startsWith('_') && dirname(other) !== dirname(file))
      .map((other) => `${file} imports ${other}`),
  );
}

/** Files longer than they may be; a longer limit holds for a file, or for all below a folder. */
export function tooLong(
  lengths: ReadonlyMap<string, number>,
  limit: number,
  longer: Readonly<Record<string, number>>,
): readonly string[] {
  const limitOf = (file: string) => Object.entries(longer).find(([path]) => file.startsWith(path))?.[1] ?? limit;
  return [...lengths]
    .filter(([file, length]) => length > limitOf(file))
    .map(([file, length]) => `${file} has ${length} lines`);
}

/** Tests that stand in a folder which the code does not have. `suites` are the folders that are about no single one. */
export function strays(
  tests: readonly string[],
  folders: ReadonlySet<string>,
  suites: readonly string[],
): readonly string[] {
  return tests.filter((file) => {
    const folder = dirname(file).replace(/^test\/?/, '');
    const isMirrored = [`src/${folder}`, folder].some((place) => folders.has(place.replace(/\/$/, '')));
    return !isMirrored && !suites.includes(folder.split('/')[0] ?? '');
  });
}
