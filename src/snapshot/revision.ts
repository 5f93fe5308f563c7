/** A revision as it reads in a checkout of `head`: what is said relative to `HEAD` is relative to that commit. */
export function revisionAt(head: string, revision: string): string {
  return revision.replace(/^(?:HEAD|@)(?=$|[~^])/, head);
}
