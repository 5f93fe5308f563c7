/** Something that a program may ask for without our hearing of it. */
export interface Wish {
  /** The words that it must use for that. */
  readonly pattern: RegExp;
  readonly what: string;
}

/** What a text asks for, as far as its words tell: more often than it does ask. */
export function wishesIn(text: string, wishes: readonly Wish[]): readonly string[] {
  return wishes.filter(({ pattern }) => pattern.test(text)).map(({ what }) => what);
}
