/** Texts and comments, in which brackets are none, then quotes that end nowhere, then brackets. */
const TOKENS =
  /\b[rR](?:"[^"]*"|'[^']*')|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*|["']|[([{?]|[)\]}]/g;

const CLOSED_BY: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Where an expression is nested deeper than `limit` levels, from 0; undefined where it is not. Each `? :` is a level, too. */
export function deeperThan(limit: number, source: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of source.matchAll(TOKENS)) {
    if (token === '?' || token in CLOSED_BY) depth++;
    else if (/^[)\]}]$/.test(token)) depth--;
    if (depth > limit) return index;
  }
  return undefined;
}

/** What is wrong with the brackets and quotes of an expression that cannot be parsed, and where, from 0; undefined where they fit. */
export function unmatched(source: string): { readonly message: string; readonly at: number } | undefined {
  const open: { readonly token: string; readonly at: number }[] = [];
  for (const { 0: token, index: at } of source.matchAll(TOKENS)) {
    if (token in CLOSED_BY) open.push({ token, at });
    if (token === '"' || token === "'") return { message: `the text that begins with ${token} has no end`, at };
    if (!/^[)\]}]$/.test(token)) continue;
    const last = open.pop();
    if (!last) return { message: `\`${token}\` closes nothing`, at };
    const expected = CLOSED_BY[last.token];
    if (expected !== token) return { message: `\`${last.token}\` is closed by \`${token}\`, not \`${expected}\``, at };
  }
  const last = open.at(-1);
  return last && { message: `\`${last.token}\` is never closed`, at: last.at };
}
