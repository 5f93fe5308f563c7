import { LimitReached } from './signals.ts';
import type { TextPart, Word, WordPart } from './syntax.ts';

/** How many words one word may become. */
const MOST_WORDS = 100_000;

/** It is nothing, and says how the word was written. */
const BRACES: TextPart = { kind: 'text', text: '', quoted: false, onlyInBash: '{ , }' };

/** A character of unquoted text, or a part as a whole. */
type Token = string | WordPart;

/** Brace expansion: `a{b,c}{1..3}`. It looks at unquoted text only, so it is done once, when the word is parsed. Throws `LimitReached`. */
export function expandBraces(word: Word): readonly Word[] {
  if (!word.some((part) => part.kind === 'text' && !part.quoted && part.text.includes('{'))) return [word];
  const tokens = word.flatMap((part): Token[] => (part.kind === 'text' && !part.quoted ? [...part.text] : [part]));
  const expanded = expand(tokens);
  if (expanded.length === 1 && expanded[0] === tokens) return [word];
  return expanded.map((each) => [...join(each), BRACES]);
}

function join(tokens: readonly Token[]): Word {
  const parts: WordPart[] = [];
  for (const token of tokens) {
    const last = parts.at(-1);
    if (typeof token !== 'string') parts.push(token);
    else if (last?.kind === 'parameter' && last.isBare && /^\w$/.test(token) && /^[A-Za-z_]/.test(last.name))
      parts[parts.length - 1] = { ...last, name: last.name + token };
    else if (last?.kind === 'text' && !last.quoted) parts[parts.length - 1] = { ...last, text: last.text + token };
    else parts.push({ kind: 'text', text: token, quoted: false } satisfies TextPart);
  }
  return parts;
}

function expand(tokens: readonly Token[]): readonly (readonly Token[])[] {
  for (let open = tokens.indexOf('{'); open >= 0; open = tokens.indexOf('{', open + 1)) {
    const found = alternatives(tokens, open);
    if (!found) continue;
    const before = tokens.slice(0, open);
    const after = expand(tokens.slice(found.end + 1));
    const middle = found.items.flatMap((item) => (found.isRange ? [item] : expand(item)));
    // Each pair multiplies.
    refuseMany(middle.length * after.length);
    return middle.flatMap((item) => after.map((rest) => [...before, ...item, ...rest]));
  }
  return [tokens];
}

function refuseMany(words: number): void {
  if (words > MOST_WORDS) throw new LimitReached(`braces that stand for more than ${MOST_WORDS} words`);
}

interface Alternatives {
  readonly items: readonly (readonly Token[])[];
  readonly isRange: boolean;
  readonly end: number;
}

function alternatives(tokens: readonly Token[], open: number): Alternatives | null {
  const items: Token[][] = [[]];
  let depth = 0;
  for (let i = open + 1; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) return null;
    if (token === '}' && depth === 0) {
      if (items.length > 1) return { items, isRange: false, end: i };
      const range = rangeOf(items[0] ?? []);
      return range && { items: range, isRange: true, end: i };
    }
    if (token === '{') depth++;
    if (token === '}') depth--;
    if (token === ',' && depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return null;
}

/** `1..5`, `01..10..2` or `a..e`. */
function rangeOf(tokens: readonly Token[]): readonly (readonly Token[])[] | null {
  if (tokens.some((token) => typeof token !== 'string')) return null;
  const text = tokens.join('');
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  const [, from = '', to = '', by] = numbers ?? letters ?? [];
  if (from === '') return null;
  const start = numbers ? Number(from) : from.charCodeAt(0);
  const end = numbers ? Number(to) : to.charCodeAt(0);
  const step = Math.abs(Number(by ?? 1)) || 1;
  refuseMany(Math.abs(end - start) / step);
  const isPadded = numbers && [from, to].some((side) => /^-?0\d/.test(side));
  const width = isPadded ? Math.max(from.length, to.length) : 0;
  const items: string[][] = [];
  for (let at = start; start <= end ? at <= end : at >= end; at += start <= end ? step : -step) {
    const digits = String(Math.abs(at)).padStart(at < 0 ? width - 1 : width, '0');
    items.push([numbers ? (at < 0 ? '-' : '') + digits : String.fromCharCode(at)]);
  }
  return items;
}
