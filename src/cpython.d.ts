declare module '*/cpython-emscripten/python.cjs' {
  const create: import('./scripts/python/emscripten.ts').PythonParts['create'];
  export default create;
}

declare module '*/sql.js/dist/sql-wasm-browser.js' {
  const load: import('./scripts/python/sqlite/sql-js.ts').LoadSqlite;
  export default load;
}

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*.zip' {
  const bytes: ArrayBuffer;
  export default bytes;
}
