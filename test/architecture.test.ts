import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { gates } from '../src/gates/index.ts';
import { circleIn, importsIn, strays, tooLong, trespasses } from './architecture/imports.ts';
import { gateSizes, measureGate } from './gates/lib/gate-size.ts';

const ROOT = join(import.meta.dirname, '..');

/** Who may import whom. An area may always import itself; `a/b` is an area of its own where it has a row. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'gates/lib': ['core'],
  'gates/spine': ['core', 'gates/lib'],
  'gates/resilience': ['core', 'gates/lib'],
  'gates/basics': ['core', 'gates/lib'],
  gates: ['core', 'gates/spine', 'gates/resilience', 'gates/basics'],
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
  coordinator: ['core', 'audit', 'inbox', 'inbox/plan', 'formats', 'reported'],
  // What every part of the web takes types from is `web/env.ts`.
  'web/views': ['core', 'audit', 'formats', 'config', 'coordinator', 'web'],
  'web/middleware': ['core', 'config', 'web', 'web/views'],
  'web/api': ['core', 'audit', 'config', 'formats', 'reported', 'web', 'web/middleware', 'web/views'],
  'web/pages': ['core', 'audit', 'formats', 'web', 'web/middleware', 'web/views'],
  web: ['core', 'config', 'coordinator', 'web/api', 'web/middleware', 'web/pages', 'web/views', 'reported'],
};
/** A file that outgrows this mostly hides an idea that deserves a file of its own. */
const LONGEST_FILE = 250;
/** Files and folders that may be longer: find the idea before you raise a number. In `scripts`, a file is one tool of the shell. */
const LONGER: Readonly<Record<string, number>> = {
  'src/coordinator/coordinator.ts': 370,
  'src/inbox/github/render.ts': 310,
  'src/scripts/commands/awk/parser.ts': 480,
  'src/scripts/shell/parser.ts': 480,
  'src/scripts/': 435,
};
/** Suites that are about more than one folder of the code, or about none: whole nights, documents, scripts for hosts, other people's files. */
const SUITES = ['browser', 'cost', 'docs', 'facts', 'faults', 'gate-files', 'recipes', 'worker'];
/** Composition: these name adapters. */
const COMPOSE = ['open-target.ts', 'worker.ts', 'worker-with-python.ts', 'bundled-python.ts'];

async function sources(folder: string): Promise<readonly string[]> {
  const found = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

async function importsOf(file: string): Promise<readonly string[]> {
  return importsIn(await readFile(join(ROOT, file), 'utf8'), file);
}

/** Every folder on the way to a file, but for `cli`, which holds only folders. */
function foldersOf(files: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of files) {
    const parts = file.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  folders.delete('cli');
  return folders;
}

/** `src/audit/run.ts` belongs to `audit`, `src/inbox/plan/plan.ts` to `inbox/plan`, `src/worker.ts` to itself. */
function areaOf(file: string): string {
  const [, area = '', inner = ''] = file.split('/');
  return `${area}/${inner}` in MAY_IMPORT ? `${area}/${inner}` : area;
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

  test('no file imports itself by a detour, nor what is private to another folder', async () => {
    const files = [...(await sources('src')), ...(await sources('cli')), ...(await sources('simulator'))];
    const imports = new Map(await Promise.all(files.map(async (file) => [file, await importsOf(file)] as const)));
    expect(circleIn(imports)).toBeNull();
    expect(trespasses(imports)).toEqual([]);
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
    const { whole } = measureGate(await readFile(join(ROOT, files[0] ?? ''), 'utf8'));
    expect(whole, 'lines').toBeLessThanOrEqual(110);
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

  test('half of them have at most 60 lines without their examples, with the files in lib that serve them alone', async () => {
    const files = await sources('src/gates');
    const texts = new Map(
      await Promise.all(files.map(async (file) => [file, await readFile(join(ROOT, file), 'utf8')] as const)),
    );
    const ofGates = gateSizes(texts);
    const logic = [...ofGates.values()].sort((one, other) => one - other);
    expect(logic.length).toBe(gates.length);
    expect(logic[Math.floor(logic.length / 2)]).toBeLessThanOrEqual(60);
  });
});

test('no file is longer than it has to be', async () => {
  const files = [...(await sources('src')), ...(await sources('cli')), ...(await sources('simulator'))];
  const lengths = await Promise.all(
    files.map(async (file) => [file, (await readFile(join(ROOT, file), 'utf8')).trimEnd().split('\n').length] as const),
  );
  expect(tooLong(new Map(lengths), LONGEST_FILE, LONGER)).toEqual([]);
});

test('a test stands where the code stands that it tests', async () => {
  const files = [...(await sources('src')), ...(await sources('cli')), ...(await sources('simulator'))];
  const tests = (await sources('test')).filter((file) => file.endsWith('.test.ts'));
  expect(strays(tests, foldersOf(files), SUITES)).toEqual([]);
});

describe('these tests fail where they should', () => {
  test('a test of a folder that the code does not have', () => {
    const folders = foldersOf(['src/a/b/c.ts', 'cli/d/e.ts', 'src/f.ts']);
    const sound = [
      'test/a/x.test.ts',
      'test/a/b/c.test.ts',
      'test/cli/d/e.test.ts',
      'test/f.test.ts',
      'test/whole/x.test.ts',
    ];
    expect(strays([...sound, 'test/b/c.test.ts', 'test/cli/e.test.ts'], folders, ['whole'])).toEqual([
      'test/b/c.test.ts',
      'test/cli/e.test.ts',
    ]);
  });

  test('imports over several lines, re-exports and bare imports are seen', () => {
    const text =
      "import {\n  a,\n} from '../b/c.ts';\nexport { d } from './_d.ts';\nimport './e.ts';\nimport f from 'f';\n";
    expect(importsIn(text, 'src/a/a.ts')).toEqual(['src/b/c.ts', 'src/a/_d.ts', 'src/a/e.ts']);
  });

  test('a circle of files is found, however long the way into it', () => {
    const straight = new Map([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['c', []],
    ]);
    expect(circleIn(straight)).toBeNull();
    expect(circleIn(new Map([...straight, ['c', ['d']], ['d', ['b']]]))).toEqual(['b', 'c', 'd', 'b']);
    expect(circleIn(new Map([['a', ['a']]]))).toEqual(['a', 'a']);
  });

  test('a private file is for its folder only', () => {
    const imports = new Map([
      ['src/a/x.ts', ['src/a/_y.ts', 'src/b/z.ts']],
      ['src/a/deep/w.ts', ['src/a/_y.ts']],
    ]);
    expect(trespasses(imports)).toEqual(['src/a/deep/w.ts imports src/a/_y.ts']);
  });

  test('a file over the limit, and one over its exception', () => {
    const lengths = new Map([
      ['short.ts', 10],
      ['long.ts', 11],
      ['known.ts', 20],
      ['grown.ts', 21],
      ['tools/one.ts', 20],
    ]);
    expect(tooLong(lengths, 10, { 'known.ts': 20, 'grown.ts': 20, 'tools/': 20 })).toEqual([
      'long.ts has 11 lines',
      'grown.ts has 21 lines',
    ]);
  });
});

test('miniflare is the version that wrangler brings', async () => {
  const wrangler = JSON.parse(await readFile(join(ROOT, 'node_modules/wrangler/package.json'), 'utf8'));
  expect(manifest.devDependencies.miniflare).toBe(wrangler.dependencies.miniflare);
});
