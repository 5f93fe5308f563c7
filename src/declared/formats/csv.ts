import type { Datum, FormatFault } from './datum.ts';

export interface CsvOptions {
  readonly delimiter: string;
  /** Names of the columns where the file has no line of them. */
  readonly columns?: readonly string[] | undefined;
  /** Lines that begin with this are left out. */
  readonly comment?: string | undefined;
}

interface Field {
  readonly text: string;
  readonly offset: number;
}

/**
 * A list of one map per record (RFC 4180: quotes hold delimiters, line breaks and doubled quotes).
 * An empty field is null; fields beyond the columns are named by their number from 1.
 */
export function parseCsvData(
  text: string,
  { delimiter, columns, comment }: CsvOptions,
): readonly Datum[] | FormatFault {
  const records: (readonly Field[])[] = [];
  let offset = text.startsWith('\uFEFF') ? 1 : 0;
  while (offset < text.length) {
    if (isLeftOut(text, offset, comment)) {
      offset = endOfLine(text, offset);
      continue;
    }
    const record = recordAt(text, offset, delimiter);
    if ('message' in record) return record;
    records.push(record.fields);
    offset = record.end;
  }
  const names = columns ?? records.shift()?.map((field) => field.text.trim()) ?? [];
  const rows = records.map((fields) => ({ offset: fields[0]?.offset ?? 0, value: byName(fields, names) }));
  return [{ offset: 0, value: rows }];
}

function isLeftOut(text: string, offset: number, comment: string | undefined): boolean {
  if (comment && text.startsWith(comment, offset)) return true;
  return text[offset] === '\n' || text.startsWith('\r\n', offset);
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function recordAt(
  text: string,
  start: number,
  delimiter: string,
): { readonly fields: readonly Field[]; readonly end: number } | FormatFault {
  const fields: Field[] = [];
  for (let offset = start; ; ) {
    const field = text[offset] === '"' ? quotedField(text, offset) : bareField(text, offset, delimiter);
    if ('message' in field) return field;
    fields.push({ text: field.text, offset });
    if (text.startsWith(delimiter, field.end)) offset = field.end + delimiter.length;
    else return { fields, end: endOfLine(text, field.end) };
  }
}

function bareField(text: string, offset: number, delimiter: string) {
  const line = text.indexOf('\n', offset);
  const lineEnd = line < 0 ? text.length : line;
  const next = text.indexOf(delimiter, offset);
  const end = next < 0 || next > lineEnd ? lineEnd : next;
  return { text: text.slice(offset, end).replace(/\r$/, ''), end };
}

function quotedField(text: string, offset: number): { readonly text: string; readonly end: number } | FormatFault {
  let content = '';
  for (let at = offset + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { message: 'a quote is never closed', offset };
    content += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { text: content, end: quote + 1 };
    content += '"';
    at = quote + 2;
  }
}

function byName(fields: readonly Field[], names: readonly string[]): ReadonlyMap<string, Datum> {
  const row = new Map<string, Datum>();
  for (const [index, { text, offset }] of fields.entries()) {
    const value = text.trim();
    row.set(names[index] || String(index + 1), { offset, value: value === '' ? null : value });
  }
  return row;
}
