import { ERROR, type WasmImports } from './emscripten.ts';

/** What the program may know of the world. */
export interface World {
  /** Milliseconds since the epoch; the program asked. */
  now(): number;
  /** Called every few thousand steps of the program. May throw, and then the program ends. */
  tick(): void;
  /** The program wants more memory than it may have. Throws. */
  outOfMemory(): never;
}

/** More than any check script needs, and a third of what a Worker has. */
const MOST_MEMORY = 96 * 1024 * 1024;
const CLOCK_REALTIME = 0;
const SECOND = 1_000;
/** Where a C `struct tm` says whether it is summer time, and how far its zone is from UTC. */
const SUMMER_FIELD = 32;
const OFFSET_FIELD = 36;
/** Nobody sleeps here: each look at the stopwatch finds it this much later (ms). */
const STOPWATCH_STEP = 1;

/**
 * Replaces what Emscripten would ask the machine: the clock is the audit's and in UTC, chance is the same each time, there is no network,
 * and memory ends somewhere. `memory` answers the program's memory, which exists only once it is instantiated.
 */
export function isolate(imports: WasmImports, memory: () => WebAssembly.Memory, world: World): WasmImports {
  let stopwatch = 0;
  let chance = 1;
  const view = () => new DataView(memory().buffer);
  const bytes = () => new Uint8Array(memory().buffer);
  const lookAtStopwatch = () => {
    world.tick();
    stopwatch += STOPWATCH_STEP;
    return stopwatch;
  };
  const refuse = () => -ERROR.notSupported;
  const grow = imports.emscripten_resize_heap as ((size: number) => unknown) | undefined;
  return {
    ...imports,
    _Py_CheckEmscriptenSignals_Helper() {
      world.tick();
      return 0;
    },
    clock_time_get(clock: number, _precision: bigint, at: number) {
      const milliseconds = clock === CLOCK_REALTIME ? world.now() : lookAtStopwatch();
      view().setBigUint64(at, BigInt(Math.round(milliseconds * SECOND)) * 1_000n, true);
      return 0;
    },
    emscripten_date_now: () => world.now(),
    emscripten_get_now: lookAtStopwatch,
    _localtime_js(time: bigint, at: number) {
      (imports._gmtime_js as (time: bigint, at: number) => void)(time, at);
      for (const field of [SUMMER_FIELD, OFFSET_FIELD]) view().setInt32(at + field, 0, true);
    },
    _mktime_js: (at: number) => BigInt(secondsOf(view(), at)),
    _tzset_js(offset: number, hasSummer: number, name: number, summerName: number) {
      view().setInt32(offset, 0, true);
      view().setInt32(hasSummer, 0, true);
      for (const place of [name, summerName]) bytes().set(new TextEncoder().encode('UTC\0'), place);
    },
    random_get(at: number, length: number) {
      for (let i = 0; i < length; i++) {
        chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
        view().setUint8(at + i, chance >>> 24);
      }
      return 0;
    },
    emscripten_resize_heap(size: number) {
      if (size >>> 0 > MOST_MEMORY) world.outOfMemory();
      return grow?.(size);
    },
    emscripten_get_heap_max: () => MOST_MEMORY,
    _setitimer_js: () => 0,
    getaddrinfo: refuse,
    getnameinfo: refuse,
    __syscall_socket: refuse,
    __syscall_connect: refuse,
    __syscall_bind: refuse,
    __syscall_listen: refuse,
    __syscall_accept4: refuse,
    __syscall_sendto: refuse,
    __syscall_sendmsg: refuse,
    __syscall_recvfrom: refuse,
    __syscall_recvmsg: refuse,
  };
}

/** The instant that a C `struct tm` names, in seconds; its fields are put in order, as `mktime` does. */
function secondsOf(view: DataView, at: number): number {
  const field = (index: number) => view.getInt32(at + 4 * index, true);
  const milliseconds = Date.UTC(field(5) + 1900, field(4), field(3), field(2), field(1), field(0));
  const date = new Date(milliseconds);
  const newYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  const fields = [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth(),
    date.getUTCFullYear() - 1900,
    date.getUTCDay(),
    Math.floor((milliseconds - newYear) / (24 * 3600 * SECOND)),
    0,
  ];
  for (const [index, value] of fields.entries()) view.setInt32(at + 4 * index, value, true);
  return milliseconds / SECOND;
}
