/**
 * A text as a shell's arithmetic test sees it.
 * `word`: it starts like a variable name, so under strict mode the script dies. `none`: not comparable, so every comparison is false.
 */
export type ShellNumber = number | 'word' | 'none';

/** Reads whole numbers the way a shell does: empty is 0, a leading zero is octal, 0x is hexadecimal, `2-1` is 1. */
export function shellNumber(text: string): ShellNumber {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  if (/^[A-Za-z_]/.test(trimmed)) return 'word';
  const terms = trimmed.replace(/\s*([+-])\s*/g, ' $1').trim();
  if (!/^[+-]?\w+(?: [+-]\w+)*$/.test(terms)) return 'none';
  let sum = 0;
  for (const term of terms.split(' ')) {
    const value = shellTerm(term.replace(/^[+-]/, ''));
    if (value === undefined) return 'none';
    sum += term.startsWith('-') ? -value : value;
  }
  return sum;
}

function shellTerm(digits: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return Number.parseInt(digits.slice(2), 16);
  if (/^0[0-7]*$/.test(digits)) return Number.parseInt(digits, 8);
  return /^[1-9][0-9]*$/.test(digits) ? Number(digits) : undefined;
}
