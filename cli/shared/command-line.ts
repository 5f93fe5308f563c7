import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { AbsentPlace } from '../../src/config/places.ts';
import { nearest } from '../../src/declared/nearest.ts';

/** The command line was not understood; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads flags, and what stands between them. Throws `UsageError`, with the nearest flag when one is unknown. */
export function readCommandLine<const Options extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(notUnderstood(error, Object.keys(options)));
  }
}

/** Reads the flags of a command that takes nothing else. Throws `UsageError`. */
export function readFlags<const Options extends ParseArgsOptionsConfig>(argv: readonly string[], options: Options) {
  const { values, positionals } = readCommandLine(argv, options);
  if (positionals.length > 0) throw new UsageError(`${positionals[0]} is not a flag.`);
  return values;
}

/** Reads `--sibling name=<dir>` flags. Throws `UsageError`. */
export function readSiblings(given: readonly string[]): ReadonlyMap<string, string> {
  const siblings = new Map<string, string>();
  for (const sibling of given) {
    const [, name, place] = /^([^=]+)=(.+)$/.exec(sibling) ?? [];
    if (!name || !place) throw new UsageError(`--sibling ${sibling} is not of the form workbench=<dir>.`);
    siblings.set(name, place);
  }
  return siblings;
}

/** Reads `--absent <path>` flags. Throws `UsageError`. */
export function readAbsent(given: readonly string[]): readonly string[] {
  for (const place of given) {
    const { error } = AbsentPlace.safeParse(place);
    if (error) throw new UsageError(`--absent ${place}: ${error.issues[0]?.message}.`);
  }
  return given;
}

/** One of the values that a flag takes. Throws `UsageError`. */
export function oneOf<Value extends string>(flag: string, given: string, known: readonly Value[]): Value {
  const found = known.find((value) => value === given);
  if (found === undefined) throw new UsageError(`${flag} ${given} is not one of ${known.join(', ')}.`);
  return found;
}

/**
 * Runs a command as this process, with its exit status. `--help` prints `usage` and runs nothing; a command line that was not
 * understood ends with 2.
 */
export async function runAsCommand(
  usage: string,
  command: (argv: readonly string[]) => Promise<number>,
): Promise<void> {
  // A reader that has seen enough, such as `head`, is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  try {
    process.exitCode = await command(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${firstParagraph(usage)}\n\n--help says what each flag does.\n`);
    process.exitCode = 2;
  }
}

/** Node's sentence, without its advice on arguments that begin with a dash. */
function notUnderstood(error: unknown, known: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, flag] = /^Unknown option '--([^']*)'/.exec(message) ?? [];
  if (flag === undefined) return message;
  const close = nearest(flag, known);
  return close === undefined ? `Unknown option '--${flag}'.` : `Unknown option '--${flag}'. Did you mean --${close}?`;
}

function firstParagraph(usage: string): string {
  return usage.split('\n\n', 1)[0] ?? usage;
}
