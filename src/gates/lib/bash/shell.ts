import type { Located } from '../../../core/finding.ts';
import { Abort } from '../../../core/signals.ts';

/**
 * A text as a shell's arithmetic test sees it.
 * `word`: it names a variable somewhere, so under strict mode the script dies. `none`: not comparable, so every comparison is false.
 */
export type ShellNumber = number | 'word' | 'none';

/**
 * Reads whole numbers the way a shell does: empty is 0, a leading zero is octal, 0x is hexadecimal, `2-1` is 1.
 * What goes wrong first decides: `60 units` names a variable, `75.5` does not get that far.
 */
export function shellNumber(text: string): ShellNumber {
  if (text.trim() === '') return 0;
  let sum = 0;
  let sign = 1;
  let needsOperand = true;
  for (const token of text.match(/\d\w*|[A-Za-z_]\w*|\S/g) ?? []) {
    if (/^[A-Za-z_]/.test(token)) return 'word';
    if (token === '+' || token === '-') {
      sign = (needsOperand ? sign : 1) * (token === '-' ? -1 : 1);
      needsOperand = true;
      continue;
    }
    const value = needsOperand ? shellTerm(token) : undefined;
    if (value === undefined) return 'none';
    sum += sign * value;
    sign = 1;
    needsOperand = false;
  }
  return needsOperand ? 'none' : sum;
}

/** A text as the shell compares it with a number; undefined where every comparison is false. Throws `Abort` on a word, where a script in strict mode ends. */
export function comparable(text: string, at: Located, subject: string): number | undefined {
  const number = shellNumber(text);
  if (number === 'word') throw new Abort(`\`${subject}\` is not a number.`, at, subject);
  return number === 'none' ? undefined : number;
}

function shellTerm(digits: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return Number.parseInt(digits.slice(2), 16);
  if (/^0[0-7]*$/.test(digits)) return Number.parseInt(digits, 8);
  return /^[1-9][0-9]*$/.test(digits) ? Number(digits) : undefined;
}

/** A run of plain, quoted and escaped text. */
const WORD = /(?:'[^']*'|"[^"]*"|\\.?|[^ \t'"\\])+/gs;

/** The words of a text as a shell reads them, one blank between them; undefined where a quote stays open. */
export function shellWords(text: string): string | undefined {
  if (/[^ \t]/.test(text.replace(WORD, ''))) return undefined;
  const words = text.match(WORD) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"|\\(.?)/gs, '$1$2$3')).join(' ');
}

/** The first word of each line, as a script gets them that prints the first column: a command of several lines never names a file. */
export function firstWords(text: string): string {
  const words = text.split('\n').map((line) => /[^ \t]+/.exec(line)?.[0] ?? '');
  return words.join('\n').replace(/\n+$/, '');
}
