import create from '../node_modules/just-bash/vendor/cpython-emscripten/python.cjs';
import wasm from '../node_modules/just-bash/vendor/cpython-emscripten/python.wasm';
import library from '../node_modules/just-bash/vendor/cpython-emscripten/python313.zip';
import loadSqliteHere from '../node_modules/sql.js/dist/sql-wasm-browser.js';
import sqliteWasm from '../node_modules/sql.js/dist/sql-wasm-browser.wasm';
import type { PythonParts } from './scripts/python/emscripten.ts';
import { OneInstance } from './scripts/python/one-instance.ts';
import packages from './scripts/python/packages.zip';
import { loadSqlite, type Sqlite } from './scripts/python/sqlite/sql-js.ts';

const interpreter = new OneInstance(wasm);
let sqlite: Promise<Sqlite> | undefined;

/** CPython as it is bundled with a Worker. */
export async function bundledPython(): Promise<PythonParts> {
  return {
    create: createHere,
    interpreter,
    library: new Uint8Array(library),
    packages: new Uint8Array(packages),
    sqlite() {
      sqlite ??= withGlobals({ location: { href: '' } }, () => loadSqlite(loadSqliteHere, sqliteWasm));
      return sqlite;
    },
  };
}

function createHere(options: Parameters<typeof create>[0]): ReturnType<typeof create> {
  return withGlobals({ __filename: 'python.cjs', __dirname: '/' }, () => create(options));
}

/** Emscripten wants to know where its script lies, and asks what a Worker does not have. It asks at once, before it waits for anything. */
function withGlobals<Result>(globals: Readonly<Record<string, unknown>>, run: () => Result): Result {
  Object.assign(globalThis, globals);
  try {
    return run();
  } finally {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
  }
}
