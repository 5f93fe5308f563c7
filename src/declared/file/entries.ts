import type { z } from 'zod';
import { type GateEntry, KINDS, type Kind, TABLES, type TableEntry } from './form.ts';
import { type Mistake, mistakeOf, type NodePath, type Places } from './mistakes.ts';
import { type Meant, meantBy } from './slips.ts';

/** One table as it was meant; a mistake is said once, and what follows from it is not. */
export function readTable(
  name: string,
  value: unknown,
  places: Places,
): { readonly entry: TableEntry } | { readonly mistakes: readonly Mistake[] } {
  const at = ['data', name];
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    const message = `\`${name}\` is not a name for a table: letters, digits and \`_\`, a letter first`;
    return { mistakes: [places.mistake(at, message, { atKey: true })] };
  }
  if (!isRecord(value)) return { mistakes: [places.mistake(at, `\`${name}\` is not a map`)] };
  const words = [...new Set(Object.values(TABLES).flatMap((form) => Object.keys(form.shape)))];
  const meant = meantBy(value, words, at, places);
  const form = TABLES[meant.value.facts === undefined ? 'files' : 'facts'];
  return formed<TableEntry>(form, Object.keys(form.shape), meant, at, places);
}

export type ReadGate = { readonly kind: Kind; readonly entry: GateEntry } | { readonly mistakes: readonly Mistake[] };

/** One gate, in the same way. */
export function readGate(value: unknown, at: NodePath, places: Places): ReadGate {
  if (!isRecord(value)) return { mistakes: [places.mistake(at, 'a gate is a map that begins with `id`')] };
  const meant = meantBy(value, GATE_WORDS, at, places);
  const kind = kindOf(meant.value);
  if (kind !== undefined) {
    const form = KINDS[kind];
    const words = Object.keys(form.shape);
    const read = formed<GateEntry>(form, words, withoutOthers(meant, kind, words, at, places), at, places);
    return 'entry' in read ? { kind, entry: read.entry } : read;
  }
  const missing =
    value.each === undefined
      ? 'says nothing that could be checked: it needs `each` and `must`, or `unique`, `in`, `disjoint`, `text`, `files`, `schema` or `run`'
      : '`must` is missing: what has to hold for each row';
  return { mistakes: meant.mistakes.length > 0 ? meant.mistakes : [places.mistake(at, missing)] };
}

/** What was meant, if it has the form; else every mistake in it, without those that only follow from a slip. */
function formed<T>(
  form: z.ZodType<T>,
  words: readonly string[],
  { value, mistakes, slips, isUnclear }: Meant,
  at: NodePath,
  places: Places,
): { readonly entry: T } | { readonly mistakes: readonly Mistake[] } {
  const parsed = form.safeParse(value);
  if (parsed.success) return mistakes.length === 0 ? { entry: parsed.data } : { mistakes };
  const own = parsed.error.issues.filter((issue) => {
    const [first] = issue.path;
    const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
    const follows = issue.code === 'unrecognized_keys' && issue.keys.every((key) => slips.has(key));
    return !(isMissing && isUnclear) && !follows && !(typeof first === 'string' && slips.has(first));
  });
  return { mistakes: [...mistakes, ...own.flatMap((issue) => mistakeOf(issue, at, words, places))] };
}

/** A gate of one kind: words of the others are mistakes, since it says one thing. */
function withoutOthers(meant: Meant, kind: Kind, words: readonly string[], at: NodePath, places: Places): Meant {
  const others = Object.keys(meant.value).filter((word) => GATE_WORDS.includes(word) && !words.includes(word));
  const own = Object.entries(meant.value).filter(([word]) => !others.includes(word));
  const said = others
    .filter((word) => !meant.slips.has(word))
    .map((word) => {
      const why = Object.hasOwn(KINDS, word) ? ': a gate says one thing' : '';
      return places.mistake([...at, word], `\`${word}\` does not go with \`${kind}\`${why}`, { atKey: true });
    });
  return { ...meant, value: Object.fromEntries(own), mistakes: [...meant.mistakes, ...said] };
}

/** Every word that some kind of gate knows. */
export const GATE_WORDS = [...new Set(Object.values(KINDS).flatMap((form) => Object.keys(form.shape)))];

/** The first word of those that make a kind; `files` says less than any other. */
function kindOf(value: Readonly<Record<string, unknown>>): Kind | undefined {
  // Object.keys forgets what it is given.
  const kinds = Object.keys(KINDS) as Kind[];
  return kinds.find((kind) => value[kind] !== undefined);
}

/** A map, in the terms of a parsed document. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
