/** Brackets in brackets beyond these are nothing that is reported. */
const DEEPEST = 32;
/** A text with the colon after it where it is a key, and brackets. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/** The value of a JSON text, or what is wrong with the text, as a sentence for whoever sent it. */
export type StrictJson = { readonly value: unknown } | { readonly fault: string };

/** Reads a JSON text of which nothing may get lost: a key that stands twice is a fault, while `JSON.parse` keeps its last value and says nothing. */
export function readStrictJson(text: string): StrictJson {
  if (text.startsWith('\uFEFF')) return { fault: 'The body begins with a byte order mark; send it without.' };
  if (text.includes('\0')) return { fault: 'The body is not UTF-8 text: it has null bytes, as UTF-16 has.' };
  try {
    const value: unknown = JSON.parse(text);
    const fault = structureFault(text);
    return fault === undefined ? { value } : { fault };
  } catch (error) {
    return { fault: `The body is not JSON: ${error instanceof Error ? error.message : error}` };
  }
}

function structureFault(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, text, isKey] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (text === undefined) open.pop();
    if (open.length > DEEPEST) return `The body is nested more than ${DEEPEST} levels deep.`;
    if (text === undefined || isKey === undefined) continue;
    const key: string = JSON.parse(text);
    const shown = JSON.stringify(key.slice(0, 60));
    if (open.at(-1)?.has(key))
      return `The key ${shown} stands twice in one object, so one of its values would be lost.`;
    if (key === '__proto__') return `The key ${shown} names what every object has, and is not taken.`;
    open.at(-1)?.add(key);
  }
  return undefined;
}
