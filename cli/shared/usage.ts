/** The command line was not understood; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads `--sibling name=<dir>` options. Throws `UsageError`. */
export function readSiblings(given: readonly string[]): ReadonlyMap<string, string> {
  const siblings = new Map<string, string>();
  for (const sibling of given) {
    const [, name, place] = /^([^=]+)=(.+)$/.exec(sibling) ?? [];
    if (!name || !place) throw new UsageError(`--sibling ${sibling} is not of the form workbench=<dir>.`);
    siblings.set(name, place);
  }
  return siblings;
}
