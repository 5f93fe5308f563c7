import type { Process, Program } from '../shell/shell.ts';
import { place } from './inputs.ts';
import { parseOptions } from './options.ts';

/** Who holds a lock on a file: descriptors, or commands that `flock` runs. Nobody outside of the script does. */
interface Wish {
  readonly path: string;
  readonly holder: object;
  readonly isShared: boolean;
  /** `-n` and `-w`: it goes on without the lock. */
  readonly goesOn: boolean;
}

export const flock: Program = async (process) => {
  const count = countOptions(process.args);
  const options = parseOptions(
    { ...process, args: process.args.slice(0, count) },
    'flock',
    'n s x e u o w: c nb=n nonblock=n shared=s exclusive=x unlock=u timeout:=w wait:=w',
  );
  if (!options) return 1;
  const [file, ...words] = process.args.slice(count);
  if (file === undefined) return 1;
  const { host, descriptors } = process.shell;
  const how = { isShared: options.last('s', 'x', 'e') === 's', goesOn: options.has('n') || options.has('w') };
  if (words.length === 0) {
    const holder = descriptors.get(Number(file));
    if (!holder) {
      process.errors.write(`flock: ${file}: Bad file descriptor\n`);
      return 65;
    }
    const { path } = holder;
    if (path === undefined) {
      host.needs(`whether what is open as ${file} is locked`);
      return 1;
    }
    if (!options.has('u')) return take(process, { path, holder, ...how });
    host.locks.get(path)?.delete(holder);
    return 0;
  }
  const path = place(process, file);
  const fault = (await host.files.stat(path, true, false)) ? null : await host.files.open(path, false);
  if (fault && 'fault' in fault) {
    process.errors.write(`flock: cannot open lock file ${file}: ${fault.fault}\n`);
    return 66;
  }
  const holder = {};
  const status = take(process, { path, holder, ...how });
  if (status !== 0) return status;
  const command = words[0] === '-c' ? ['bash', '-c', ...words.slice(1)] : words;
  const ended = await host.invoke(process.shell, command, { output: process.output, errors: process.errors });
  host.locks.get(path)?.delete(holder);
  return ended;
};

/** Takes a lock, or says 1. Whether another holder of this script has closed its descriptor is known only while the shell has that open. */
function take({ shell }: Process, { path, holder, isShared, goesOn }: Wish): number {
  const { host } = shell;
  const holders = host.locks.get(path) ?? new Map<object, boolean>();
  host.locks.set(path, holders);
  const others = [...holders].filter(([other, isOtherShared]) => other !== holder && !(isShared && isOtherShared));
  const open = new Set<object>(shell.descriptors.values());
  if (others.some(([other]) => open.has(other))) {
    if (goesOn) return 1;
    host.needs('a lock that the script holds itself');
    return 1;
  }
  if (others.length > 0 && goesOn) host.needs(`whether ${path} is still locked`);
  holders.set(holder, isShared);
  return 0;
}

/** How many of the arguments are options and their values. */
function countOptions(args: readonly string[]): number {
  let at = 0;
  while (args[at]?.startsWith('-')) at += /^-[a-z]*w$|^--(?:timeout|wait)$/.test(args[at] ?? '') ? 2 : 1;
  return at;
}
