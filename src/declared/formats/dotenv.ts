import type { Datum, FormatFault } from './datum.ts';

const ASSIGNMENT = /^(\s*(?:export\s+)?)([A-Za-z_][\w.]*)\s*=(.*)$/s;

/** A map of variables to texts, as `.env` files hold them. Quotes around a value are taken off; nothing is expanded. Other lines are passed over. */
export function parseDotenvData(text: string): readonly Datum[] | FormatFault {
  const variables = new Map<string, Datum>();
  let offset = 0;
  for (const line of text.split('\n')) {
    const [, start = '', name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name !== undefined) variables.set(name, { offset: offset + start.length, value: unquoted(value.trim()) });
    offset += line.length + 1;
  }
  return [{ offset: 0, value: variables }];
}

function unquoted(value: string): string {
  const [, , quoted] = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(value) ?? [];
  const comment = value.search(/\s#/);
  return quoted ?? (comment < 0 ? value : value.slice(0, comment).trimEnd());
}
