/** What a script says of one tree: by bash, or by the engine. */
export type Said = 'pass' | 'fail';

/** One tree on which both were asked. */
export interface Trial {
  /** The commit as it is, or the file that was taken away. */
  readonly tree: string;
  readonly bash: readonly (Said | null)[];
  readonly engine: Said | 'blind' | 'crashed';
  /** Why the engine is blind or crashed. */
  readonly reason?: string;
}

export type Outcome =
  | { readonly kind: 'certified'; readonly trees: number }
  | { readonly kind: 'differs'; readonly tree: string; readonly bash: Said; readonly engine: Said }
  /** Bash itself does not say the same thing every time. */
  | { readonly kind: 'unsteady'; readonly tree: string }
  | { readonly kind: 'blind'; readonly reason: string }
  /** All agree, but nothing made the script fail: whether the engine would see a failure is not known. */
  | { readonly kind: 'never-fails' }
  | { readonly kind: 'not-run'; readonly reason: string };

/** What the trials of one script come to; the first is the commit as it is. */
export function compare(trials: readonly Trial[]): Outcome {
  const [first] = trials;
  if (!first) return { kind: 'not-run', reason: 'it was not run' };
  if (first.engine === 'blind' || first.engine === 'crashed')
    return { kind: 'blind', reason: first.reason ?? first.engine };
  let agreed = 0;
  let hasFailed = false;
  for (const { tree, bash, engine } of trials) {
    const [said] = bash;
    if (bash.some((again) => again !== said)) return { kind: 'unsteady', tree };
    // On a changed tree, where one of the two says nothing there is nothing to compare.
    if (engine === 'blind' || engine === 'crashed') continue;
    if (said === null || said === undefined) {
      if (tree === first.tree) return { kind: 'not-run', reason: `bash came to no end on ${tree}` };
      continue;
    }
    if (engine !== said) return { kind: 'differs', tree, bash: said, engine };
    agreed++;
    hasFailed ||= said === 'fail';
  }
  return hasFailed ? { kind: 'certified', trees: agreed } : { kind: 'never-fails' };
}

export function inWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'certified':
      return `certified on ${outcome.trees} trees`;
    case 'differs':
      return `DIFFERS on ${outcome.tree}: bash says ${outcome.bash}, the engine ${outcome.engine}`;
    case 'unsteady':
      return `bash itself is not steady on ${outcome.tree}`;
    case 'blind':
      return `blind: ${outcome.reason}`;
    case 'never-fails':
      return 'agrees, but no tree made it fail';
    default:
      return outcome.reason;
  }
}
