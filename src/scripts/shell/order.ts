import type { Shell } from './shell.ts';
import { type Command, isAssignment, type SimpleCommand } from './syntax.ts';

/** `sort` by whole lines, which are in one order however they came, and counting. Keys leave lines that are alike in the order in which they came. */
const INDIFFERENT = /^(?:sort(?: -(?:u|r|ur|ru))*|wc(?: -[lwc])*)$/;

/** Whether it makes no difference to a command in which order it is given its lines. */
export function ignoresOrder(shell: Shell, command: Command | undefined): boolean {
  if (command?.kind !== 'simple') return false;
  const words = literally(command);
  return words !== null && INDIFFERENT.test(words) && !shell.functions.has(words.split(' ')[0] ?? '');
}

/** A command whose words hold nothing to expand, as it is written. */
function literally({ words }: SimpleCommand): string | null {
  const texts: string[] = [];
  for (const word of words) {
    if (isAssignment(word)) return null;
    for (const part of word) if (part.kind !== 'text') return null;
    texts.push(word.map((part) => (part.kind === 'text' ? part.text : '')).join(''));
  }
  return texts.join(' ');
}
