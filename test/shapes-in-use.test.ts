import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const GATES = join(import.meta.dirname, '..', 'src/gates');
const SHAPES = join(GATES, '_shapes');

const shapes = (await readdir(SHAPES)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
const gateFiles = (await readdir(GATES, { recursive: true })).filter(
  (file) => file.includes('/') && file.endsWith('.ts') && !file.startsWith('_'),
);
const imports = await Promise.all(
  [...gateFiles, ...shapes.map((shape) => `_shapes/${shape}.ts`)].map(async (file) => {
    const text = await readFile(join(GATES, file), 'utf8');
    return [file, [...text.matchAll(/ from '(?:\.\.\/_shapes|\.)\/([\w-]+)\.ts'/g)].map(([, name]) => name)] as const;
  }),
);

/** The shapes that a gate stands on, directly or through another shape. */
function reached(): ReadonlySet<string> {
  const found = new Set<string>();
  for (let before = -1; found.size > before; ) {
    before = found.size;
    for (const [file, names] of imports) {
      const counts = !file.startsWith('_shapes/') || found.has(file.slice('_shapes/'.length, -3));
      if (counts) for (const name of names) if (name && shapes.includes(name)) found.add(name);
    }
  }
  return found;
}

test.each(shapes)('%s has a gate that uses it', (shape) => {
  expect(reached().has(shape)).toBe(true);
});

test('the table of shapes names each once, and no other', async () => {
  const readme = await readFile(join(SHAPES, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  expect(rows.toSorted()).toEqual(shapes.toSorted());
});
