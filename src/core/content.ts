type StandIn = readonly [begins: RegExp, is: string];

/** What leads to content that is kept elsewhere. */
const POINTERS: readonly StandIn[] = [
  [
    /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\r?\n/,
    'it is kept in Git LFS; the repository holds only a pointer to it',
  ],
  [/^\/annex\/objects\//, 'it is kept by git-annex; the repository holds only a pointer to it'],
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is how git-crypt marks a file
const GIT_CRYPT: StandIn = [/^\u0000GITCRYPT\u0000/, 'git-crypt'];

/** How an encrypted file begins. */
const ENCRYPTED_FILES: readonly StandIn[] = [
  GIT_CRYPT,
  [/^age-encryption\.org\/v1\r?\n/, 'age'],
  [/^-----BEGIN AGE ENCRYPTED FILE-----/, 'age'],
  [/^\$ANSIBLE_VAULT;/, 'ansible-vault'],
  [/^-----BEGIN PGP MESSAGE-----/, 'PGP'],
  [/^(?:Salted__|U2FsdGVkX1)/, 'OpenSSL'],
  [/^# STRONGBOX ENCRYPTED RESOURCE/, 'strongbox'],
  [/^\{\s*"data":\s*"ENC\[AES256_GCM,data:/, 'sops'],
];

/** What stands in the place of a single value, in a file that is otherwise in clear. */
const ENCRYPTED_VALUES: readonly (readonly [looks: RegExp, by: string])[] = [
  [/\bENC\[AES256_GCM,data:/, 'sops'],
  [/\bENC\[(?:PKCS7|GPG|GKMS|KMS|VAULT),/, 'eyaml'],
  [/(?:^|\s)\$ANSIBLE_VAULT;/, 'ansible-vault'],
];

/** Whether a condition asks how something encrypted looks, so that it may see it. */
export function asksForEncrypted(condition: string): boolean {
  return /ENC\b|ANSIBLE_VAULT|age-encryption|\bAGE ENCRYPTED|\bPGP MESSAGE|GITCRYPT|Salted__|U2FsdGVkX1|STRONGBOX/.test(
    condition,
  );
}

/** What a value, or a part of a text, is encrypted with; undefined where all of it is in clear. */
export function encryptedWith(text: string): string | undefined {
  if (!text.includes('ENC[') && !text.includes('$ANSIBLE_VAULT;')) return undefined;
  return ENCRYPTED_VALUES.find(([looks]) => looks.test(text))?.[1];
}

/** A file's text and whether decoding lost nothing, or why the text is not that of the file; where that is encryption, with what stands there instead. */
export type Content =
  | { readonly text: string; readonly isUtf8: boolean }
  | { readonly unreadable: string; readonly ciphertext?: string };

/** Decodes a file as git stores it. What is kept elsewhere or encrypted has no text: to read the pointer for it would be a lie. */
export function decodeContent(bytes: Uint8Array): Content {
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
  const elsewhere = beginsAs(text, POINTERS);
  if (elsewhere !== undefined) return { unreadable: elsewhere };
  const by = beginsAs(text, ENCRYPTED_FILES) ?? (isPgp(bytes) ? 'PGP' : undefined);
  if (by !== undefined) return { unreadable: encrypted(by), ciphertext: text };
  return { text, isUtf8: isUtf8(text, bytes) };
}

/** Versions of the packets with which an encrypted message begins (RFC 9580, 5): a key for a recipient, one for a passphrase, the data itself. */
const PGP_VERSIONS: Readonly<Record<number, readonly number[]>> = { 1: [2, 3, 6], 3: [4, 5, 6], 18: [1, 2] };

/** Whether bytes are an encrypted message as `gpg` writes it without `--armor`: the head of a packet, and its version. */
function isPgp(bytes: Uint8Array): boolean {
  const [tag = 0, length = 0] = bytes;
  if ((tag & 0x80) === 0) return false;
  const isNew = (tag & 0x40) !== 0;
  const versions = PGP_VERSIONS[isNew ? tag & 0x3f : (tag & 0x3c) >> 2];
  if (!versions) return false;
  const version = bytes[1 + (isNew ? newLengthOf(length) : (OLD_LENGTHS[tag & 3] ?? 0))];
  return version !== undefined && versions.includes(version);
}

/** Bytes that the length of a packet takes: in the old form by the kind of length, in the new one by its first byte. */
const OLD_LENGTHS = [1, 2, 4, 0];

function newLengthOf(first: number): number {
  if (first === 255) return 5;
  return first < 192 || first >= 224 ? 1 : 2;
}

const MEDIA = /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp[34]|webm|mov)$/i;

/** Whether a file holds something else than text, in which nobody finds words: UTF-16, archives, programs. Pictures, fonts and films hold no words either way. */
export function isNoText(path: string, text: string): boolean {
  // As git tells binary files.
  return text.slice(0, 8000).includes('\u0000') && !MEDIA.test(path);
}

/** Why a program on a machine with a checkout would see another text than the repository's; undefined where it sees the same. An encrypted file that stays so is what it sees. */
export function replacedAtCheckout(text: string): string | undefined {
  const by = beginsAs(text, [GIT_CRYPT]);
  return by === undefined ? beginsAs(text, POINTERS) : encrypted(by);
}

function encrypted(by: string): string {
  return `it is encrypted with ${by}`;
}

function beginsAs(text: string, known: readonly StandIn[]): string | undefined {
  const start = text.slice(0, 200).trimStart();
  return known.find(([begins]) => begins.test(start))?.[1];
}

/** Whether decoding lost nothing. A replacement character may also stand in the file itself. */
function isUtf8(text: string, bytes: Uint8Array): boolean {
  if (!text.includes('\uFFFD')) return true;
  const again = new TextEncoder().encode(text);
  return again.length === bytes.length && again.every((byte, index) => byte === bytes[index]);
}
