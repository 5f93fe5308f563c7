import { bytesOf, textOf } from '../files/bytes.ts';

/** Control characters by the letter that stands for them after a backslash, in `$'…'`, `printf` and `echo -e`. */
export const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What `\303` and `\xc3` stand for: a byte, that only together with others may be a character. */
export function byteOf(code: number): string {
  const byte = code & 255;
  return byte < 0x80 ? String.fromCharCode(byte) : textOf(Uint8Array.of(byte));
}

/** Text in which bytes that stand side by side are the characters that they make. */
export function withBytesJoined(text: string): string {
  return /[\udc80-\udcff]/.test(text) ? textOf(bytesOf(text)) : text;
}
