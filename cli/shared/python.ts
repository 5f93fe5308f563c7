import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PythonParts } from '../../src/scripts/python/emscripten.ts';
import { OneInstance } from '../../src/scripts/python/one-instance.ts';
import { type LoadSqlite, loadSqlite, type Sqlite } from '../../src/scripts/python/sqlite/sql-js.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The package does not export it: we use nothing else of it. */
const CPYTHON = join(ROOT, 'node_modules/just-bash/vendor/cpython-emscripten');
const PACKAGES = join(ROOT, 'src/scripts/python/packages.zip');

let loaded: Promise<PythonParts> | undefined;

/** The Python that scripts of an audited repo are given on this machine: CPython, compiled to WebAssembly. */
export function loadPython(): Promise<PythonParts> {
  loaded ??= Promise.all([loadInterpreter(), readFile(PACKAGES)]).then(([interpreter, packages]) => ({
    ...interpreter,
    packages,
    sqlite: sqliteHere,
  }));
  return loaded;
}

let sqlite: Promise<Sqlite> | undefined;

function sqliteHere(): Promise<Sqlite> {
  const require = createRequire(import.meta.url);
  const load: LoadSqlite = require('sql.js');
  sqlite ??= readFile(require.resolve('sql.js/dist/sql-wasm.wasm'))
    .then((bytes) => WebAssembly.compile(bytes))
    .then((wasm) => loadSqlite(load, wasm));
  return sqlite;
}

/** Python itself, without the modules of ours, which it also compiles. */
export async function loadInterpreter(): Promise<Omit<PythonParts, 'packages' | 'sqlite'>> {
  const [wasm, library] = await Promise.all([
    readFile(join(CPYTHON, 'python.wasm')).then((bytes) => WebAssembly.compile(bytes)),
    readFile(join(CPYTHON, 'python313.zip')),
  ]);
  const create: PythonParts['create'] = createRequire(import.meta.url)(join(CPYTHON, 'python.cjs'));
  return { create, interpreter: new OneInstance(wasm), library };
}
