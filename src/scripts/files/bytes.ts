/** A byte that is no UTF-8 becomes the lone surrogate at this place plus the byte, and comes back as that byte. */
const ESCAPE = 0xdc00;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes as text from which the same bytes can be made again. */
export function textOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return [...pieces(bytes)].join('');
  }
}

function* pieces(bytes: Uint8Array): Iterable<string> {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) yield String.fromCharCode(ESCAPE + (bytes[at] ?? 0));
    else yield strict.decode(bytes.subarray(at, at + length));
    at += Math.max(1, length);
  }
}

/** How many bytes make one character at `at`; 0 when they make none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return at + length <= bytes.length && lead >= 0xc2 ? length : 0;
  } catch {
    return 0;
  }
}

const ESCAPED = /[\udc80-\udcff]/;
/** A low surrogate that follows no high one. */
const LONE = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

export function bytesOf(text: string): Uint8Array {
  if (!ESCAPED.test(text) || [...text.matchAll(LONE)].length === 0) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { index } of text.matchAll(LONE)) {
    parts.push(encoder.encode(text.slice(from, index)), Uint8Array.of(text.charCodeAt(index) - ESCAPE));
    from = index + 1;
  }
  parts.push(encoder.encode(text.slice(from)));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function byteLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff)) length++;
    else if (code < 0x800) length += 2;
    else if (code >= 0xd800 && code <= 0xdbff) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}
