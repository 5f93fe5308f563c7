import type { Process } from '../../shell/shell.ts';
import { linesOf, readOperand, whyUnreadable } from '../inputs.ts';

/** The lines of the files that `-f` names. Null, after a message, where one cannot be read. */
export async function patternsIn(
  process: Process,
  command: string,
  paths: readonly string[],
): Promise<readonly string[] | null> {
  const patterns: string[] = [];
  for (const path of paths) {
    const text = await readOperand(process, path);
    if (text === null) {
      process.errors.write(`${command}: ${path}: ${await whyUnreadable(process, path)}\n`);
      return null;
    }
    patterns.push(...linesOf(text));
  }
  return patterns;
}
