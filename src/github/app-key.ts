import { createPrivateKey } from 'node:crypto';

/** A GitHub App's private key as PKCS#8, whether GitHub's PKCS#1 download, PKCS#8, or either with `\n` spelled out. Throws for anything else. */
export function toPkcs8(pem: string): string {
  const key = createPrivateKey(pem.replace(/\\n/g, '\n').trim());
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
