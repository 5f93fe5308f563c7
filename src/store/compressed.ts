import { bytesWithin } from '../core/bytes-within.ts';

/** A shorter text is kept as it is: most are audits that repeat another one, and those are a line long. */
const WORTH_IT = 4_096;
/** KV takes 25 MiB a value. The same holds for the text, so that nothing small can become more than a Worker's memory bears. */
const LONGEST = 25 * 2 ** 20;
/** How gzip begins; JSON does not. */
const MAGIC = [0x1f, 0x8b] as const;

/** A text in the form in which it is stored: compressed where that saves something. Throws for one that is too long. */
export async function compressed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(new TextEncoder().encode(text));
  if (bytes.length > LONGEST) throw new Error(`${bytes.length} bytes are more than KV takes, which is ${LONGEST}`);
  return bytes.length < WORTH_IT ? bytes : gathered(piped(bytes, new CompressionStream('gzip')));
}

/** The text of something stored, compressed or not; null for what nobody compressed here: it is damaged, or too long. */
export async function decompressed(stored: ArrayBuffer): Promise<string | null> {
  const bytes = new Uint8Array(stored);
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder().decode(await gathered(piped(bytes, new DecompressionStream('gzip'))));
  } catch {
    return null;
  }
}

function piped(bytes: Uint8Array<ArrayBuffer>, transform: CompressionStream | DecompressionStream) {
  return new Blob([bytes]).stream().pipeThrough<Uint8Array>(transform);
}

/** All that a stream gives; more than may be is an error. */
async function gathered(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await bytesWithin(stream, LONGEST);
  if (!bytes) throw new Error(`more than ${LONGEST} bytes`);
  return bytes;
}
