/** What a file may hold in the place of its content, and how it begins then. */
const STAND_INS: readonly (readonly [begins: RegExp, reason: string])[] = [
  [
    /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\r?\n/,
    'it is kept in Git LFS; the repository holds only a pointer to it',
  ],
  [/^\/annex\/objects\//, 'it is kept by git-annex; the repository holds only a pointer to it'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is how git-crypt marks a file
  [/^\u0000GITCRYPT\u0000/, 'it is encrypted with git-crypt'],
  [/^age-encryption\.org\/v1\r?\n/, 'it is encrypted with age'],
  [/^-----BEGIN AGE ENCRYPTED FILE-----/, 'it is encrypted with age'],
  [/^\$ANSIBLE_VAULT;/, 'it is encrypted with ansible-vault'],
  [/^-----BEGIN PGP MESSAGE-----/, 'it is encrypted with PGP'],
  [/^(?:Salted__|U2FsdGVkX1)/, 'it is encrypted with OpenSSL'],
];

/** A file's text and whether decoding lost nothing, or why the text is not that of the file. */
export type Content = { readonly text: string; readonly isUtf8: boolean } | { readonly unreadable: string };

/** Decodes a file as git stores it. What is kept elsewhere or encrypted has no text: to read the pointer for it would be a lie. */
export function decodeContent(bytes: Uint8Array): Content {
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
  const start = text.slice(0, 200).trimStart();
  const standIn = STAND_INS.find(([begins]) => begins.test(start));
  return standIn ? { unreadable: standIn[1] } : { text, isUtf8: isUtf8(text, bytes) };
}

/** Whether decoding lost nothing. A replacement character may also stand in the file itself. */
function isUtf8(text: string, bytes: Uint8Array): boolean {
  if (!text.includes('\uFFFD')) return true;
  const again = new TextEncoder().encode(text);
  return again.length === bytes.length && again.every((byte, index) => byte === bytes[index]);
}
