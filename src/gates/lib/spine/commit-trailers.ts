import { shellWords } from '../bash/shell.ts';
import { quote } from '../message.ts';

const TRAILERS = ['Gate-Mutation', 'Gate-Capability', 'Gate-Run-Key'];

/** What a commit message lacks to say where a change of gates came from. A backslash and an n count as a line break: some tools write trailers that way. */
export function missingTrailers(message: string, allowed: readonly string[]): readonly string[] {
  const lines = message.replaceAll('\\n', '\n').split('\n');
  const lineOf = (word: string) => lines.find((line) => line.startsWith(`${word}:`))?.slice(word.length + 1);
  const missing = TRAILERS.filter((word) => lineOf(word) === undefined);
  const capability = shellWords(lineOf('Gate-Capability') ?? '') ?? '';
  const isAllowed = capability === '' || allowed.includes(capability);
  return [
    ...missing.map((word) => `no line \`${word}:\``),
    ...(isAllowed ? [] : [`${quote(capability)} is not an allowed capability`]),
  ];
}
