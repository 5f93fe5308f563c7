import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { gates } from '../src/gates/index.ts';

const ROOT = join(import.meta.dirname, '..');

/** Who may import whom. An area may always import itself; `a/b` is an area of its own where it has a row. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'gates/lib': ['core'],
  'gates/spine': ['core', 'gates/lib'],
  'gates/resilience': ['core', 'gates/lib'],
  gates: ['core', 'gates/spine', 'gates/resilience'],
  audit: ['core'],
  inbox: ['core'],
  'inbox/plan': ['core', 'inbox', 'audit'],
  'inbox/github': ['core', 'inbox', 'formats', 'github'],
  formats: ['core'],
  github: ['core'],
  config: ['core', 'gates/lib'],
  declared: ['core'],
  snapshot: ['core', 'github'],
  scripts: ['core'],
  store: ['core'],
  status: ['core', 'github'],
  checks: ['core', 'github'],
  reported: ['core'],
  coordinator: ['core', 'audit', 'inbox', 'inbox/plan', 'formats'],
  // What every part of the web takes types from is `web/env.ts`.
  'web/views': ['core', 'audit', 'formats', 'config', 'coordinator', 'web'],
  'web/middleware': ['core', 'config', 'web', 'web/views'],
  'web/api': ['core', 'audit', 'formats', 'web', 'web/middleware', 'web/views'],
  'web/pages': ['core', 'audit', 'formats', 'web', 'web/middleware', 'web/views'],
  web: ['core', 'config', 'coordinator', 'web/api', 'web/middleware', 'web/pages', 'web/views'],
};
/** Composition: these name adapters. */
const COMPOSE = ['open-target.ts', 'worker.ts'];

async function sources(folder: string): Promise<readonly string[]> {
  const found = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

async function importsOf(file: string): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^'"]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm)];
  return specifiers.map(([, from, bare]) => relative(ROOT, resolve(ROOT, dirname(file), from ?? bare ?? '')));
}

/** `src/audit/run.ts` belongs to `audit`, `src/inbox/plan/plan.ts` to `inbox/plan`, `src/worker.ts` to itself. */
function areaOf(file: string): string {
  const [, area = '', inner = ''] = file.split('/');
  return `${area}/${inner}` in MAY_IMPORT ? `${area}/${inner}` : area;
}

/** A path from a file back to itself along imports, or null. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
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

describe('imports go in one direction', async () => {
  for (const file of await sources('src')) {
    const area = areaOf(file);
    if (COMPOSE.includes(area)) continue;
    test(file, async () => {
      const allowed = [area, ...(MAY_IMPORT[area] ?? [])];
      const wrong = (await importsOf(file)).filter(
        (imported) => !imported.startsWith('src/') || !allowed.includes(areaOf(imported)),
      );
      expect(wrong.filter((imported) => !/^bindings\/.*\.yaml$/.test(imported))).toEqual([]);
    });
  }

  test('no file imports itself by a detour', async () => {
    const files = await sources('src');
    const imports = new Map(await Promise.all(files.map(async (file) => [file, await importsOf(file)] as const)));
    expect(circleIn(imports)).toBeNull();
    expect(
      circleIn(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
  });

  test('a command imports its own folder and what commands share, never another command', async () => {
    const wrong: string[] = [];
    for (const file of await sources('cli')) {
      const [, command] = file.split('/');
      for (const imported of await importsOf(file)) {
        const [top, area] = imported.split('/');
        if (top === 'cli' && area !== command && area !== 'shared') wrong.push(`${file} imports ${imported}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('only the demo imports the simulator', async () => {
    const importers: string[] = [];
    for (const file of [...(await sources('src')), ...(await sources('cli'))]) {
      if ((await importsOf(file)).some((imported) => imported.startsWith('simulator/'))) importers.push(file);
    }
    expect(importers.filter((file) => !file.startsWith('cli/demo/'))).toEqual([]);
  });
});

describe('every gate', () => {
  test.each(gates.map((gate) => [gate.name, gate] as const))('%s', async (name, gate) => {
    const files = (await sources('src/gates')).filter((file) => file.endsWith(`/${name}.ts`));
    expect(files).toHaveLength(1);
    const lines = (await readFile(join(ROOT, files[0] ?? ''), 'utf8')).trimEnd().split('\n').length;
    expect(lines, 'lines').toBeLessThanOrEqual(160);
    expect(gate.mirrors.every((sha) => /^[0-9a-f]{40}$/.test(sha))).toBe(true);
    expect(gate.why, 'why is one or more sentences').toMatch(/^[A-Z].*\.$/s);
    expect(gate.fix, 'fix is one or more sentences').toMatch(/^[A-Z].*\.$/s);
    const isAboutTheRepo = gate.examples.fail.some(({ reported }) => reported === undefined);
    const reads = [...gate.reads, ...Object.values(gate.siblingReads ?? {}).flat()];
    if (isAboutTheRepo) expect(reads.length).toBeGreaterThan(0);
    expect(gate.examples.pass.length).toBeGreaterThan(0);
    const rules = [...gate.examples.fail, ...(gate.examples.blind ?? [])].flatMap(({ finds = [] }) =>
      finds.map((find) => find.split(' ')[0]),
    );
    expect(rules.every((rule) => /^[a-z0-9-]+$/.test(rule ?? ''))).toBe(true);
  });

  test('half of them have at most 60 lines before their examples', async () => {
    const lengths = await Promise.all(
      gates.map(async ({ name }) => {
        const [file = ''] = (await sources('src/gates')).filter((path) => path.endsWith(`/${name}.ts`));
        const text = await readFile(join(ROOT, file), 'utf8');
        return text.slice(0, text.indexOf('\n  examples:')).split('\n').length;
      }),
    );
    const middle = lengths.sort((one, other) => one - other)[Math.floor(lengths.length / 2)] ?? 0;
    expect(middle).toBeLessThanOrEqual(60);
  });
});

test('miniflare is the version that wrangler brings', async () => {
  const wrangler = JSON.parse(await readFile(join(ROOT, 'node_modules/wrangler/package.json'), 'utf8'));
  expect(manifest.devDependencies.miniflare).toBe(wrangler.dependencies.miniflare);
});
