import type { Shell } from './shell.ts';

/** Bytewise order, which UTF-16 does not have beyond the basic plane. */
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) {
    const a = one.charCodeAt(i);
    const b = other.charCodeAt(i);
    if (a === b) continue;
    const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
    if (isSurrogate(a) !== isSurrogate(b)) return isSurrogate(a) ? 1 : -1;
    return a - b;
  }
  return one.length - other.length;
}

/** The order of two texts. */
export type Collation = (one: string, other: string) => number;

/** Locales whose order is that of the bytes. */
const BYTEWISE = /^(?:C|POSIX)(?:\.|$)/;
/** What differs at all between languages has upper case, signs or letters beyond ASCII. */
const PLAIN = /^[0-9a-z]*$/;
/** As `en_US.UTF-8` has it: letters count first, then their case, then signs. */
const letters = new Intl.Collator('en-US', { ignorePunctuation: true });
const signs = new Intl.Collator('en-US');

/**
 * The order in which a script's programs see texts. It is that of the bytes where the script asks for that;
 * elsewhere it is the order of the machine's language, and the script leans on that where the two differ.
 */
export function collationOf(shell: Shell): Collation {
  if (BYTEWISE.test(shell.get('LC_ALL') || shell.get('LC_COLLATE') || languageSetIn(shell))) return compareText;
  const isBytewise = shell.host.surroundings.collation === 'bytes';
  return (one, other) => {
    const inBytes = compareText(one, other);
    if (inBytes === 0 || (PLAIN.test(one) && PLAIN.test(other))) return inBytes;
    const inLetters = letters.compare(one, other) || signs.compare(one, other) || inBytes;
    if (inBytes < 0 === inLetters < 0) return inBytes;
    shell.host.leansOn('collation');
    return isBytewise ? inBytes : inLetters;
  };
}

/** The language that scripts begin with; it says nothing about what the script wants. */
export const LANGUAGE = 'C.UTF-8';

function languageSetIn(shell: Shell): string {
  const language = shell.get('LANG') ?? '';
  return language === LANGUAGE ? '' : language;
}
