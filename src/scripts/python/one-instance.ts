/** What wasm calls of us: functions on numbers and on 64-bit integers. */
export type WasmImports = Record<string, (...args: never[]) => unknown>;

/** An instance whose memory is as it was when it was made, though it may have grown. */
export interface FreshInstance {
  readonly instance: WebAssembly.Instance;
  readonly memory: WebAssembly.Memory;
}

interface Kept extends FreshInstance {
  /** The beginning of its memory; what followed was zero. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly stack: number;
  /** What it calls now. */
  imports: WasmImports;
}

/**
 * A program compiled by Emscripten, of which there is one instance at most, however often it runs. Each instance has a memory of its own, and V8
 * leaves dozens about that nobody holds any more. While nothing runs, the one may be collected too.
 */
export class OneInstance {
  readonly #wasm: WebAssembly.Module;
  #kept: WeakRef<Kept> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(wasm: WebAssembly.Module) {
    this.#wasm = wasm;
  }

  /** Waits until nobody else runs, then runs. `run` may call `start` once, which makes the instance new; it is another's when `run` has ended. */
  run<Result>(run: (start: (imports: WasmImports) => FreshInstance) => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(async () => {
      let kept: Kept | undefined;
      try {
        return await run((imports) => {
          kept = this.#start(imports);
          return kept;
        });
      } finally {
        // They hold the files that the program had open.
        if (kept) kept.imports = {};
      }
    });
    this.#turn = mine.catch(() => {});
    return mine;
  }

  #start(imports: WasmImports): Kept {
    const kept = this.#kept?.deref();
    if (!kept) return this.#make(imports);
    kept.imports = imports;
    const bytes = new Uint8Array(kept.memory.buffer);
    bytes.set(kept.data);
    bytes.fill(0, kept.data.length);
    (kept.instance.exports._emscripten_stack_restore as (stack: number) => void)(kept.stack);
    return kept;
  }

  #make(imports: WasmImports): Kept {
    let kept: Kept | undefined;
    const modules: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module, name } of WebAssembly.Module.imports(this.#wasm)) {
      modules[module] ??= {};
      modules[module][name] = (...args: never[]) => kept?.imports[name]?.(...args);
    }
    const instance = new WebAssembly.Instance(this.#wasm, modules);
    const memory = instance.exports.memory as WebAssembly.Memory;
    const stack = (instance.exports.emscripten_stack_get_current as () => number)();
    kept = { instance, memory, data: dataOf(memory), stack, imports };
    this.#kept = new WeakRef(kept);
    return kept;
  }
}

function dataOf(memory: WebAssembly.Memory): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(memory.buffer);
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return bytes.slice(0, length) as Uint8Array<ArrayBuffer>;
}
