import type { Datum, FormatFault } from './datum.ts';

const ASSIGNMENT = /^(\s*(?:export\s+)?)([A-Za-z_][\w.]*)\s*=(.*)$/s;

/** A map of variables to texts, as `.env` files hold them. Quotes around a value are taken off, and may enclose several lines; nothing is expanded. Other lines are passed over. */
export function parseDotenvData(text: string): readonly Datum[] | FormatFault {
  const variables = new Map<string, Datum>();
  for (let offset = 0; offset <= text.length; ) {
    const line = text.slice(offset, lineEnd(text, offset));
    const [, start = '', name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    const long = name === undefined ? undefined : severalLines(text, offset + line.length - value.trimStart().length);
    if (name !== undefined)
      variables.set(name, { offset: offset + start.length, value: long?.value ?? unquoted(value.trim()) });
    offset = lineEnd(text, long?.end ?? offset) + 1;
  }
  return [{ offset: 0, value: variables }];
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** A value whose quotes close on a later line, as keys and certificates have them. */
function severalLines(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'") return undefined;
  const end = text.indexOf(quote, start + 1);
  if (end < lineEnd(text, start)) return undefined;
  // What follows a quote that closes is nothing, or a comment: else the first quote is a character as any other.
  const isClosed = /^\s*(?:#|$)/.test(text.slice(end + 1, lineEnd(text, end)));
  return isClosed ? { value: text.slice(start + 1, end), end } : undefined;
}

function unquoted(value: string): string {
  const [, , quoted] = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(value) ?? [];
  const comment = value.search(/\s#/);
  return quoted ?? (comment < 0 ? value : value.slice(0, comment).trimEnd());
}
