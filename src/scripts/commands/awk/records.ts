import type { Matcher } from '../../regex/matcher.ts';

/** A text that is read record by record. */
export interface Reader {
  readonly text: string;
  at: number;
}

/** The next record of a text; null at its end. */
export function takeRecord(reader: Reader, separator: string, matcherOf: (source: string) => Matcher): string | null {
  if (reader.at >= reader.text.length) return null;
  if (separator === '') return takeParagraph(reader);
  let start = reader.text.indexOf(separator, reader.at);
  let length = separator.length;
  if (separator.length > 1) {
    const found = matcherOf(separator).find(reader.text, reader.at);
    start = found ? found.start : -1;
    length = found ? found.end - found.start : 0;
  }
  const end = start < 0 ? reader.text.length : start;
  const record = reader.text.slice(reader.at, end);
  reader.at = start < 0 ? reader.text.length : start + length;
  return record;
}

/** A blank line ends a record where the separator is empty. */
function takeParagraph(reader: Reader): string | null {
  while (reader.text[reader.at] === '\n') reader.at++;
  if (reader.at >= reader.text.length) return null;
  const end = reader.text.indexOf('\n\n', reader.at);
  const record = reader.text.slice(reader.at, end < 0 ? reader.text.length : end).replace(/\n$/, '');
  reader.at = end < 0 ? reader.text.length : end + 2;
  return record;
}

/** Splits by a separator as fields are: a space stands for blanks, one other character for itself. */
export function splitFields(
  text: string,
  separator: string,
  hasParagraphs: boolean,
  matcherOf: (source: string) => Matcher,
): string[] {
  if (text === '') return [];
  if (separator === ' ') return text.trim() === '' ? [] : text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').split(/[ \t\n]+/);
  if (separator === '') return [...text];
  if (separator.length === 1 && separator !== '\\')
    return hasParagraphs
      ? text.split(new RegExp(`[\\n${separator.replace(/[\\\]^-]/g, '\\$&')}]`))
      : text.split(separator);
  return splitBy(text, matcherOf(separator));
}

/** The pieces between matches that are not empty. */
export function splitBy(text: string, matcher: Matcher): string[] {
  const parts: string[] = [];
  let at = 0;
  for (let from = 0; from <= text.length; ) {
    const found = matcher.find(text, from);
    if (!found) break;
    if (found.end === found.start) {
      from = found.end + 1;
      continue;
    }
    parts.push(text.slice(at, found.start));
    at = found.end;
    from = found.end;
  }
  parts.push(text.slice(at));
  return parts;
}
