import type { Surroundings } from '../surroundings.ts';
import { instantOf, localTimeAt, shownAt, type Zone } from '../zone.ts';
import { ERROR } from './emscripten.ts';
import type { WasmImports } from './one-instance.ts';

/** What the program may know of the world. */
export interface World {
  readonly surroundings: Surroundings;
  /** Milliseconds since the epoch; the program asked. */
  now(): number;
  /** Where local time is asked for. */
  localZone(): Zone;
  /** Whether a descriptor is a terminal. */
  isTerminal(file: number): boolean;
  /** Called every few thousand steps of the program. May throw, and then the program ends. */
  tick(): void;
  /** The program wants more of something than it may have. Throws, and the program ends. */
  exceeds(what: string): never;
}

const MEGABYTE = 1024 * 1024;
/** A Worker has 128 MB for everything; the hungriest check script of the reference needs 42, and the rest of an audit about as much. */
const MOST_MEMORY = 56 * MEGABYTE;
const PAGE = 64 * 1024;
/** What a program writes lies beside its memory, whether it goes to an output, a pipe or a file. */
const MOST_WRITTEN = 16 * MEGABYTE;
const CLOCK_REALTIME = 0;
const SECOND = 1_000;
/** Where a C `struct tm` says whether it is summer time, and how far its zone is from UTC. */
const SUMMER_FIELD = 32;
const OFFSET_FIELD = 36;
/** What C takes for a terminal. */
const CHARACTER_DEVICE = 2;
const LAST_STANDARD = 2;
/** Nobody sleeps here: each look at the stopwatch finds it this much later (ms). */
const STOPWATCH_STEP = 1;

/**
 * Replaces what Emscripten would ask the machine: the clock is the audit's, chance is the same each time, there is no network,
 * and memory ends somewhere. `memory` answers the program's memory, which exists only once it is instantiated.
 */
export function isolate(imports: WasmImports, memory: () => WebAssembly.Memory, world: World): WasmImports {
  let stopwatch = 0;
  let chance = world.surroundings.seed;
  const view = () => new DataView(memory().buffer);
  const bytes = () => new Uint8Array(memory().buffer);
  const lookAtStopwatch = () => {
    world.tick();
    stopwatch += STOPWATCH_STEP + world.surroundings.pace.stopwatch * SECOND;
    return stopwatch;
  };
  let written = 0;
  const within = (size: number | bigint) => {
    if (size > MOST_WRITTEN) world.exceeds('memory: a larger file than Python may write');
  };
  const counted = (error: number, at: number) => {
    if (error === 0) written += view().getUint32(at, true);
    if (written > MOST_WRITTEN) world.exceeds('memory: more output and files than Python may write');
    return error;
  };
  const refuse = () => -ERROR.notSupported;
  const theirs = <Import>(name: string) => imports[name] as Import;
  const grow = theirs<(size: number) => unknown>('emscripten_resize_heap');
  const fdWrite = theirs<(file: number, parts: number, count: number, at: number) => number>('fd_write');
  const fdWriteAt =
    theirs<(file: number, parts: number, count: number, from: bigint, at: number) => number>('fd_pwrite');
  const fdSeek = theirs<(file: number, offset: bigint, whence: number, at: number) => number>('fd_seek');
  const fdStat = theirs<(file: number, at: number) => number>('fd_fdstat_get');
  const truncateOpen = theirs<(file: number, size: bigint) => number>('__syscall_ftruncate64');
  const truncate = theirs<(path: number, size: bigint) => number>('__syscall_truncate64');
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
      const zone = world.localZone();
      const { offset } = localTimeAt(zone, Number(time) * SECOND);
      const theirTime = time + BigInt(offset / SECOND);
      (imports._gmtime_js as (time: bigint, at: number) => void)(theirTime, at);
      view().setInt32(at + SUMMER_FIELD, Number(offset !== zone.offset), true);
      view().setInt32(at + OFFSET_FIELD, offset / SECOND, true);
    },
    _mktime_js: (at: number) => BigInt(secondsOf(view(), at, world.localZone())),
    _tzset_js(offset: number, hasSummer: number, name: number, summerName: number) {
      const { offset: east, name: usual, summer } = world.localZone();
      view().setInt32(offset, -east / SECOND, true);
      view().setInt32(hasSummer, Number(summer !== undefined), true);
      bytes().set(new TextEncoder().encode(`${usual}\0`), name);
      bytes().set(new TextEncoder().encode(`${summer?.name ?? usual}\0`), summerName);
    },
    fd_fdstat_get(file: number, at: number) {
      const error = fdStat(file, at);
      if (error === 0 && file <= LAST_STANDARD && world.isTerminal(file)) view().setUint8(at, CHARACTER_DEVICE);
      return error;
    },
    random_get(at: number, length: number) {
      for (let i = 0; i < length; i++) {
        chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
        view().setUint8(at + i, chance >>> 24);
      }
      return 0;
    },
    emscripten_resize_heap(size: number) {
      const wanted = Math.ceil((size >>> 0) / MEGABYTE) * MEGABYTE;
      if (wanted > MOST_MEMORY) world.exceeds('memory: more than Python may have');
      // Emscripten would take a fifth more. What has grown it only looks at.
      memory().grow((wanted - memory().buffer.byteLength) / PAGE);
      return grow(wanted);
    },
    fd_write: (file: number, parts: number, count: number, written: number) =>
      counted(fdWrite(file, parts, count, written), written),
    fd_pwrite: (file: number, parts: number, count: number, offset: bigint, written: number) =>
      counted(fdWriteAt(file, parts, count, offset, written), written),
    fd_seek(file: number, offset: bigint, whence: number, at: number) {
      const error = fdSeek(file, offset, whence, at);
      if (error === 0) within(view().getBigUint64(at, true));
      return error;
    },
    __syscall_ftruncate64(file: number, size: bigint) {
      within(size);
      return truncateOpen(file, size);
    },
    __syscall_truncate64(path: number, size: bigint) {
      within(size);
      return truncate(path, size);
    },
    __syscall_fallocate: refuse,
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
function secondsOf(view: DataView, at: number, zone: Zone): number {
  const field = (index: number) => view.getInt32(at + 4 * index, true);
  const given = Date.UTC(field(5) + 1900, field(4), field(3), field(2), field(1), field(0));
  const isWinter = field(SUMMER_FIELD / 4) === 0;
  const instant = isWinter ? given - zone.offset : instantOf(zone, given);
  const milliseconds = shownAt(zone, instant);
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
    Number(milliseconds - instant !== zone.offset),
  ];
  for (const [index, value] of fields.entries()) view.setInt32(at + 4 * index, value, true);
  return instant / SECOND;
}
