import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const GATES = join(import.meta.dirname, '../../..', 'src/gates');

const files = (await readdir(GATES, { recursive: true })).filter((file) => file.includes('/') && file.endsWith('.ts'));
const shapes = files.filter((file) => file.startsWith('lib/'));
const imports = await Promise.all(
  files.map(async (file) => {
    const text = await readFile(join(GATES, file), 'utf8');
    return [file, [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, path]) => join(dirname(file), path ?? ''))] as const;
  }),
);

/** The shapes that a gate stands on, directly or through another shape. */
function reached(): ReadonlySet<string> {
  const found = new Set<string>();
  for (let before = -1; found.size > before; ) {
    before = found.size;
    for (const [file, paths] of imports) {
      if (shapes.includes(file) && !found.has(file)) continue;
      for (const path of paths) if (shapes.includes(path)) found.add(path);
    }
  }
  return found;
}

test.each(shapes)('%s has a gate that uses it', (shape) => {
  expect(reached().has(shape)).toBe(true);
});

test('the table of shapes names each once, and no other', async () => {
  const readme = await readFile(join(GATES, 'lib/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `([\w/-]+)` \|/gm)].map(([, name]) => `lib/${name}.ts`);
  expect(rows.toSorted()).toEqual(shapes.toSorted());
});
