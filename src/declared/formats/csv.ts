import { type Datum, type FormatFault, MOST_VALUES, tooManyValues } from './datum.ts';

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
  const ends: FieldEnds = { delimiter: ahead(text, delimiter), line: ahead(text, '\n') };
  let offset = text.startsWith('\uFEFF') ? 1 : 0;
  let values = 0;
  while (offset < text.length) {
    if (isLeftOut(text, offset, comment)) {
      offset = endOfLine(text, offset);
      continue;
    }
    const record = recordAt(text, offset, delimiter, ends);
    if ('message' in record) return record;
    records.push(record.fields);
    values += record.fields.length;
    if (values > MOST_VALUES) return tooManyValues(offset);
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
  ends: FieldEnds,
): { readonly fields: readonly Field[]; readonly end: number } | FormatFault {
  const fields: Field[] = [];
  for (let offset = start; ; ) {
    const field = text[offset] === '"' ? quotedField(text, offset, delimiter) : bareField(text, offset, ends);
    if ('message' in field) return field;
    fields.push({ text: field.text, offset });
    if (text.startsWith(delimiter, field.end)) offset = field.end + delimiter.length;
    else if (isLineEnd(text, field.end)) return { fields, end: endOfLine(text, field.end) };
    else return { message: 'a delimiter or the end of the line has to follow a quoted cell', offset: field.end };
  }
}

/** Where the next delimiter and the next line break are. */
interface FieldEnds {
  delimiter(offset: number): number;
  line(offset: number): number;
}

/** Finds what comes next, for offsets that only grow: so the text is searched once, whatever is not in it. */
function ahead(text: string, wanted: string): (offset: number) => number {
  let found = -1;
  return (offset) => {
    if (found < offset) {
      const next = text.indexOf(wanted, offset);
      found = next < 0 ? text.length : next;
    }
    return found;
  };
}

function bareField(text: string, offset: number, ends: FieldEnds) {
  const end = Math.min(ends.delimiter(offset), ends.line(offset));
  return { text: text.slice(offset, end).replace(/\r$/, ''), end };
}

function quotedField(
  text: string,
  offset: number,
  delimiter: string,
): { readonly text: string; readonly end: number } | FormatFault {
  let content = '';
  for (let at = offset + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { message: 'a quote is never closed', offset };
    content += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { text: content, end: afterBlanks(text, quote + 1, delimiter) };
    content += '"';
    at = quote + 2;
  }
}

function isLineEnd(text: string, offset: number): boolean {
  return offset >= text.length || text[offset] === '\n' || text.startsWith('\r\n', offset);
}

/** Blanks between a quoted cell and what ends it say nothing. */
function afterBlanks(text: string, offset: number, delimiter: string): number {
  let end = offset;
  while ((text[end] === ' ' || text[end] === '\t') && !text.startsWith(delimiter, end)) end++;
  return end;
}

function byName(fields: readonly Field[], names: readonly string[]): ReadonlyMap<string, Datum> {
  const row = new Map<string, Datum>();
  for (const [index, { text, offset }] of fields.entries()) {
    const value = text.trim();
    row.set(names[index] || String(index + 1), { offset, value: value === '' ? null : value });
  }
  return row;
}
