/** Texts as a sentence names them: `a, b or c`. Empty where there are none. */
export function enumerate(words: readonly string[], last: 'and' | 'or'): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}` : words.join('');
}
