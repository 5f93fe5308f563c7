/** NaN and the infinities outside of texts, which Python's reader takes and JSON does not have. */
const NUMBERS_OF_PYTHON = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs;

/** A JSON text as Python's reader takes it: the value, or undefined where it is not well-formed. A byte order mark is not. */
export function readJson(text: string): unknown {
  if (text.startsWith('\uFEFF')) return undefined;
  try {
    return JSON.parse(text.replace(NUMBERS_OF_PYTHON, (part) => (part.startsWith('"') ? part : '0')));
  } catch {
    return undefined;
  }
}
