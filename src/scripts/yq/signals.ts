/** What yq itself says when it fails; it then exits with 1. */
export class YqError extends Error {
  override readonly name: string = 'YqError';
}

/** Something that yq can and this one cannot. Its answer is not known. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}
