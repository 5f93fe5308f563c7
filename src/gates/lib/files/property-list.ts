/** What a property list holds, as far as gates ask: texts and dictionaries; anything else is `other`. */
export type PropertyValue = string | ReadonlyMap<string, PropertyValue> | { readonly other: string };

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const PROLOGUE = /^\s*(?:<\?xml[^?]*\?>\s*)?(?:<!DOCTYPE plist[^[>]*>\s*)?<plist(?:\s[^>]*)?>([\s\S]*)<\/plist>\s*$/;
const TOKEN = /<(\/?)([a-z]+)(?:\s[^>]*)?(\/?)>|([^<]+)/y;

/** Reads an XML property list (Apple's format); undefined where it is not well-formed, or declares entities of its own. */
function readPropertyList(text: string): PropertyValue | undefined {
  const [, body] = PROLOGUE.exec(text.replace(/<!--(?:(?!--)[\s\S])*-->/g, '')) ?? [];
  if (body === undefined) return undefined;
  const tokens = tokensOf(body);
  if (!tokens) return undefined;
  const reader = { tokens, next: 0 };
  const value = readValue(reader);
  return reader.next === tokens.length ? value : undefined;
}

interface Token {
  readonly kind: 'open' | 'close' | 'empty' | 'text';
  readonly text: string;
}
interface Reader {
  readonly tokens: readonly Token[];
  next: number;
}

function tokensOf(body: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < body.length) {
    const found = TOKEN.exec(body);
    if (!found) return undefined;
    const [, slash, name = '', end, text] = found;
    if (text !== undefined) {
      const isBetweenTags = text.trim() === '' && !(tokens.at(-1)?.kind === 'open' && tokens.at(-1)?.text === 'string');
      if (!isBetweenTags) tokens.push({ kind: 'text', text });
    } else tokens.push({ kind: slash ? 'close' : end ? 'empty' : 'open', text: name });
  }
  return tokens;
}

function readValue(reader: Reader): PropertyValue | undefined {
  const token = reader.tokens[reader.next++];
  if (token?.kind === 'empty')
    return token.text === 'dict' ? new Map() : token.text === 'string' ? '' : { other: token.text };
  if (token?.kind !== 'open') return undefined;
  if (token.text === 'dict') return readDictionary(reader);
  if (token.text === 'array') {
    while (!isClose(reader, 'array')) if (readValue(reader) === undefined) return undefined;
    return { other: 'array' };
  }
  const text = readText(reader, token.text);
  return token.text === 'string' || text === undefined ? text : { other: token.text };
}

function readDictionary(reader: Reader): PropertyValue | undefined {
  const entries = new Map<string, PropertyValue>();
  while (!isClose(reader, 'dict')) {
    const token = reader.tokens[reader.next++];
    const key = token?.kind === 'open' && token.text === 'key' ? readText(reader, 'key') : undefined;
    const value = key === undefined ? undefined : readValue(reader);
    if (key === undefined || value === undefined) return undefined;
    entries.set(key, value);
  }
  return entries;
}

/** The text up to a closing tag, entities decoded; undefined where something else comes, or an entity is unknown. */
function readText(reader: Reader, name: string): string | undefined {
  let text = '';
  const token = reader.tokens[reader.next];
  if (token?.kind === 'text') {
    text = token.text;
    reader.next += 1;
  }
  if (!isClose(reader, name)) return undefined;
  let isKnown = true;
  const decoded = text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|([^;\s]*));?/gi,
    (all, decimal, hex, entity: string | undefined) => {
      if (!all.endsWith(';')) isKnown = false;
      if (decimal !== undefined || hex !== undefined)
        return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16));
      if (entity === undefined || !Object.hasOwn(ENTITIES, entity)) isKnown = false;
      return ENTITIES[entity ?? ''] ?? '';
    },
  );
  return isKnown ? decoded : undefined;
}

function isClose(reader: Reader, name: string): boolean {
  const token = reader.tokens[reader.next];
  if (token?.kind !== 'close' || token.text !== name) return false;
  reader.next += 1;
  return true;
}

/** A dictionary at the top of a property list; an empty one where the key is absent, undefined where it cannot be read as one. */
export function dictionaryIn(text: string, key: string): ReadonlyMap<string, PropertyValue> | undefined {
  const list = readPropertyList(text);
  if (!(list instanceof Map)) return undefined;
  const found = list.get(key) ?? new Map<string, PropertyValue>();
  return found instanceof Map ? found : undefined;
}
