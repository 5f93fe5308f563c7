import { absolute } from '../shell/file-system.ts';
import type { Process } from '../shell/shell.ts';

/** The text of an operand: `-` and `/dev/stdin` are the process's own input. Null where it cannot be read. */
export async function readOperand(process: Process, path: string): Promise<string | null> {
  if (path === '-' || path === '/dev/stdin') return process.input.rest();
  const [, fd] = /^\/dev\/fd\/(\d+)$/.exec(path) ?? [];
  const descriptor = fd === undefined ? undefined : process.shell.descriptors.get(Number(fd));
  if (descriptor && 'input' in descriptor) return descriptor.input.rest();
  return process.shell.host.files.read(place(process, path));
}

export function place(process: Process, path: string): string {
  return absolute(process.shell.cwd, path);
}

/** Why an operand has no text, in the words of the C library. */
export async function whyUnreadable(process: Process, path: string): Promise<string> {
  const stat = path === '' ? null : await process.shell.host.files.stat(place(process, path));
  return stat?.kind === 'folder' ? 'Is a directory' : 'No such file or directory';
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The texts of all operands, or of the input where there are none; `status` is 1 after a message about one that cannot be read. */
export async function readOperands(
  process: Process,
  command: string,
  operands: readonly string[],
  saying: (name: string, why: string) => string = (name, why) => `${name}: ${why}`,
): Promise<{ texts: readonly NamedText[]; status: number }> {
  const texts: NamedText[] = [];
  let status = 0;
  const names = operands.length === 0 ? ['-'] : operands;
  // All texts are asked for at once, so that they are fetched in one go.
  const read = await Promise.all(names.map((name) => readOperand(process, name)));
  for (const [index, name] of names.entries()) {
    const text = read[index] ?? null;
    if (text !== null) texts.push({ name, text });
    else {
      process.errors.write(`${command}: ${saying(name, await whyUnreadable(process, name))}\n`);
      status = 1;
    }
  }
  return { texts, status };
}

/** Lines without their line breaks; a text that does not end in one has a last line all the same. */
export function linesOf(text: string, delimiter = '\n'): string[] {
  const lines = text.split(delimiter);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
