/** JSON values; objects keep the order of their keys, whatever the keys look like. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

/** An error of jq: any value may be thrown. */
/** The program ends at once, whatever would catch a mistake. */
export class JqHalt extends Error {
  override readonly name = 'JqHalt';
  readonly status: number;
  /** What goes to the errors as it is. */
  readonly output: string;

  constructor(status: number, output: string) {
    super('halt');
    this.status = status;
    this.output = output;
  }
}

export class JqError extends Error {
  override readonly name = 'JqError';
  readonly value: Json;

  constructor(value: Json) {
    super(typeof value === 'string' ? value : printJson(value));
    this.value = value;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function typeName(value: Json): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return isObject(value) ? 'object' : typeof value;
}

export function isTruthy(value: Json): boolean {
  return value !== null && value !== false;
}

const ORDER = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];

function rank(value: Json): number {
  return ORDER.indexOf(typeof value === 'boolean' ? String(value) : typeName(value));
}

/** jq's order of all values. */
export function compareJson(one: Json, other: Json): number {
  const order = rank(one) - rank(other);
  if (order !== 0) return order;
  // NaN comes before every number, and before itself.
  if (typeof one === 'number' && typeof other === 'number')
    return one < other || Number.isNaN(one) ? -1 : Number(one !== other);
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : Number(one > other);
  if (isArray(one) && isArray(other)) return compareLists(one, other);
  if (!isObject(one) || !isObject(other)) return 0;
  const keys = compareLists([...one.keys()].sort(), [...other.keys()].sort());
  if (keys !== 0) return keys;
  for (const key of [...one.keys()].sort()) {
    const difference = compareJson(one.get(key) ?? null, other.get(key) ?? null);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareLists(one: readonly Json[], other: readonly Json[]): number {
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = compareJson(one[i] ?? null, other[i] ?? null);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

export interface PrintOptions {
  /** Empty for one line. */
  readonly indent?: string;
  readonly sortKeys?: boolean;
  readonly ascii?: boolean;
}

export function printJson(value: Json, { indent = '', sortKeys = false, ascii = false }: PrintOptions = {}): string {
  const text = (string: string) => {
    const quoted = JSON.stringify(string).replace(/\u007f/g, '\\u007f');
    if (!ascii) return quoted;
    return quoted.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  };
  const print = (item: Json, margin: string): string => {
    if (typeof item === 'string') return text(item);
    if (typeof item === 'number') return printNumber(item);
    if (item === null || typeof item === 'boolean') return String(item);
    const inner = margin + indent;
    const [line, end] = indent === '' ? ['', ''] : [`\n${inner}`, `\n${margin}`];
    if (isArray(item)) {
      if (item.length === 0) return '[]';
      return `[${line}${item.map((each) => print(each, inner)).join(`,${line}`)}${end}]`;
    }
    const entries = sortKeys ? [...item].sort(([a], [b]) => (a < b ? -1 : 1)) : [...item];
    if (entries.length === 0) return '{}';
    const colon = indent === '' ? ':' : ': ';
    return `{${line}${entries.map(([key, each]) => `${text(key)}${colon}${print(each, inner)}`).join(`,${line}`)}${end}}`;
  };
  return print(value, '');
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (value === Number.POSITIVE_INFINITY) return '1.7976931348623157e+308';
  if (value === Number.NEGATIVE_INFINITY) return '-1.7976931348623157e+308';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const places = Number(exponent) + 1;
  const count = digits.replace(/[-.]/g, '').length;
  if (places > -4 && places <= count + 15) return plainNumber(value);
  return `${digits}e${exponent.replace(/^([-+])(\d)$/, '$10$2')}`;
}

/** Without an exponent, however long that is. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? BigInt(value).toString() : text;
}

/** Reads JSON texts one after the other. Throws `JqError` for what is none. */
export function* parseJson(text: string): Generator<Json> {
  const reader = new JsonReader(text);
  for (reader.blanks(); !reader.atEnd; reader.blanks()) yield reader.value(0);
}

const DEEPEST = 256;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  blanks(): void {
    while (/[ \t\r\n\ufeff]/.test(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #fail(): JqError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    return new JqError(`Invalid JSON text at line ${line}, column ${this.#at}`);
  }

  #match(sticky: RegExp): string {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  value(depth: number): Json {
    if (depth > DEEPEST) throw new JqError('Exceeds depth limit for parsing');
    this.blanks();
    const char = this.#text[this.#at];
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    if (char === '"') return this.#string();
    const word = this.#match(/true|false|null|nan/y);
    if (word !== '') return word === 'true' ? true : word === 'false' ? false : null;
    const number = this.#match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])/y);
    if (number === '') throw this.#fail();
    return Number(number);
  }

  #string(): string {
    const raw = this.#match(/"(?:[^"\\\n]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y);
    if (raw === '') throw this.#fail();
    return JSON.parse(
      raw.replace(/[\t\r]|[^ -\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
    );
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#at++;
    this.blanks();
    if (this.#match(/\]/y) !== '') return items;
    for (;;) {
      items.push(this.value(depth + 1));
      this.blanks();
      const mark = this.#match(/[,\]]/y);
      if (mark === ']') return items;
      if (mark === '') throw this.#fail();
    }
  }

  #object(depth: number): Json {
    const object = new Map<string, Json>();
    this.#at++;
    this.blanks();
    if (this.#match(/\}/y) !== '') return object;
    for (;;) {
      this.blanks();
      const key = this.#string();
      this.blanks();
      if (this.#match(/:/y) === '') throw this.#fail();
      object.set(key, this.value(depth + 1));
      this.blanks();
      const mark = this.#match(/[,}]/y);
      if (mark === '}') return object;
      if (mark === '') throw this.#fail();
    }
  }
}
