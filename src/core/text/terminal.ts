/** Colours and the like, as terminals read them. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** What a program printed, without the colours that it meant for a terminal. */
export function withoutColours(text: string): string {
  return text.replace(ESCAPES, '');
}
