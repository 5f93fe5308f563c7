import type { Shell } from '../shell.ts';

/** What builtins need of the interpreter; handed over, so that neither imports the other. */
export interface Language {
  runSource(shell: Shell, source: string, firstLine?: number): Promise<number>;
  /** Runs `body` as a process of its own: its `exit` ends it alone, and its EXIT trap runs. */
  asProcess(shell: Shell, body: () => Promise<number>): Promise<number>;
  /** Runs a command whose words are expanded already. */
  invoke(shell: Shell, words: readonly string[]): Promise<number>;
}

/** A command that is part of the shell. Returns its status. */
export type Builtin = (shell: Shell, args: readonly string[], language: Language) => Promise<number> | number;

/** Options that a builtin knows, taken from the front of its arguments; null after a message about one that it does not know. */
export function takeOptions(
  shell: Shell,
  name: string,
  args: readonly string[],
  flags: string,
  withValue = '',
): { options: ReadonlyMap<string, string>; rest: readonly string[] } | null {
  const options = new Map<string, string>();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (!/^-./.test(arg)) break;
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] ?? '';
      if (withValue.includes(letter)) {
        const attached = arg.slice(i + 1);
        options.set(letter, attached === '' ? (args[++at] ?? '') : attached);
        break;
      }
      if (!flags.includes(letter)) {
        shell.complain(`${name}: -${letter}: invalid option`);
        shell.host.needs(`${name} -${letter}`);
        return null;
      }
      options.set(letter, '');
    }
  }
  return { options, rest: args.slice(at) };
}

/** Gives the variable, or the element of an array, that a word names its value; false after a message where it names none. */
export function assignNamed(shell: Shell, command: string, word: string, value: string): boolean {
  const [, name, key] = /^([A-Za-z_]\w*)(?:\[([\s\S]+)\])?$/.exec(word) ?? [];
  if (name === undefined) return refuseName(shell, command, word);
  if (key === undefined) shell.set(name, value);
  else shell.setElement(name, key, value);
  return true;
}

/** Gives an array its elements; false after a message where the word names no variable. */
export function assignList(shell: Shell, command: string, word: string, values: readonly string[]): boolean {
  if (!/^[A-Za-z_]\w*$/.test(word)) return refuseName(shell, command, word);
  shell.setArray(word, values);
  return true;
}

function refuseName(shell: Shell, command: string, word: string): false {
  shell.complain(`${command}: \`${word}': not a valid identifier`);
  return false;
}
