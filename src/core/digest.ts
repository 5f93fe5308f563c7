import { createHash } from 'node:crypto';

/** A digest of a text that nobody can meet with another text: 128 bits of SHA-256, in base64url. For what a verdict is reused by. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
