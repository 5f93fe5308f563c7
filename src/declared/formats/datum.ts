/** A value without parts. Whole numbers are `bigint`, as CEL tells them from others. */
export type Scalar = string | bigint | number | boolean | null;

/** A value of a file and where it stands: the offset of its key, or of its own first character where it has none. */
export interface Datum {
  readonly offset: number;
  readonly value: Scalar | readonly Datum[] | ReadonlyMap<string, Datum>;
}

/** A text that is not of its format. */
export interface FormatFault {
  readonly message: string;
  readonly offset: number;
}

export function isList(datum: Datum): datum is Datum & { readonly value: readonly Datum[] } {
  return Array.isArray(datum.value);
}

export function isMap(datum: Datum): datum is Datum & { readonly value: ReadonlyMap<string, Datum> } {
  return datum.value instanceof Map;
}

/** Values of one file that are looked at: some seconds' work, and as much memory as a Worker can spare. */
export const MOST_VALUES = 300_000;

/** A file that holds more than that. */
export function tooManyValues(offset: number, most = MOST_VALUES): FormatFault {
  return { message: `it has more than ${most.toLocaleString('en')} values; split it or shrink it`, offset };
}

/** What a value is, in the words of messages. */
export function kindOf(datum: Datum): string {
  if (isList(datum)) return 'a list';
  if (isMap(datum)) return 'a map';
  return datum.value === null ? 'empty' : 'a single value';
}

/** A scalar as text; undefined for anything with parts and for null. */
export function textOf(datum: Datum | undefined): string | undefined {
  if (datum === undefined || datum.value === null || isList(datum) || isMap(datum)) return undefined;
  return String(datum.value);
}
