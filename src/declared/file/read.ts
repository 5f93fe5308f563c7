import { type Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type GateEntry, KINDS, type Kind, TABLES, type TableEntry, TOP } from './form.ts';
import { type Mistake, mistakeOf, type NodePath, type Places, placesOf, unknownWord } from './mistakes.ts';

/** Something of a gate file that has the right form, with the place where it stands. */
export interface Placed<T> {
  readonly entry: T;
  readonly at: NodePath;
  readonly places: Places;
}

export interface PlacedTable extends Placed<TableEntry> {
  readonly name: string;
}

export interface PlacedGate extends Placed<GateEntry> {
  readonly kind: Kind;
}

/** A gate of which no more is known than its name: its mistakes say why. */
export interface BrokenGate {
  readonly id: string;
  readonly lane: string | undefined;
  readonly mistakes: readonly Mistake[];
}

/** What one gate file says, as far as it has the right form. */
export interface GateFile {
  readonly path: string;
  readonly include: readonly string[];
  readonly lane: string | undefined;
  /** Names of CI's checks. */
  readonly checks: readonly string[];
  readonly tables: readonly PlacedTable[];
  readonly gates: readonly PlacedGate[];
  readonly broken: readonly BrokenGate[];
  readonly mistakes: readonly Mistake[];
}

/** Gate files are written by hand; beyond this, somebody is up to something. */
const LIMITS = { characters: 200_000, gates: 500, tables: 200 };

/** Reads the text of a gate file. Never throws: what cannot be used is a mistake, and the rest counts. */
export function readGateFile(path: string, text: string): GateFile {
  const lines = new LineCounter();
  const nothing = { path, include: [], lane: undefined, checks: [], tables: [], gates: [], broken: [] };
  const whole = (message: string, line = 1, column = 1) => ({
    ...nothing,
    mistakes: [{ path, line, column, message }],
  });
  if (text.length > LIMITS.characters) return whole(`is longer than ${LIMITS.characters} characters`);
  if (/[[{](?:[^[\]{}]*[[{]){64}/.test(text)) return whole('is nested more than 64 levels deep');
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const hint = /flow map|flow sequence|nested mappings/i.test(error.message)
      ? ' (put quotes around an expression that has a comma, a quote or `: ` in it)'
      : '';
    return whole(`is not readable as YAML: ${error.message.split('\n', 1)[0]}${hint}`, line, col);
  }
  const places = placesOf(path, document, lines, text);
  const top = plainOf(document);
  if (top === undefined) return whole('its aliases stand for too much');
  if (top === null) return whole('is empty');
  if (!isRecord(top))
    return { ...nothing, mistakes: [places.mistake([], 'a gate file is a map with `data` and `gates`')] };
  return { path, ...readTop(top, document, places) };
}

function readTop(top: Readonly<Record<string, unknown>>, document: Document, places: Places): Omit<GateFile, 'path'> {
  const mistakes: Mistake[] = [];
  const words = Object.keys(TOP);
  for (const key of Object.keys(top))
    if (!words.includes(key)) mistakes.push(places.mistake([key], unknownWord(key, words), { atKey: true }));
  const include = simple(TOP.include, 'include');
  const lane = simple(TOP.lane, 'lane');
  const checks = simple(TOP.checks, 'checks');
  const tables = readTables();
  const { gates, broken } = readGates();
  return {
    include: include === undefined ? [] : [include].flat(),
    lane,
    checks: checks === undefined ? [] : [checks].flat(),
    tables,
    gates,
    broken,
    mistakes: [...mistakes, ...repeatedKeys(document, places)],
  };

  function simple<T>(form: z.ZodType<T>, key: string): T | undefined {
    const parsed = form.safeParse(top[key]);
    if (!parsed.success) for (const issue of parsed.error.issues) mistakes.push(...mistakeOf(issue, [key], [], places));
    return parsed.data;
  }

  function readTables(): readonly PlacedTable[] {
    const data = top.data ?? {};
    if (!isRecord(data)) {
      mistakes.push(places.mistake(['data'], '`data` is a map of tables by name'));
      return [];
    }
    const entries = Object.entries(data);
    if (entries.length > LIMITS.tables)
      mistakes.push(places.mistake(['data'], `has more than ${LIMITS.tables} tables`));
    return entries.slice(0, LIMITS.tables).flatMap(([name, value]) => {
      const at = ['data', name];
      const isName = /^[A-Za-z_]\w*$/.test(name);
      if (!isName)
        mistakes.push(
          places.mistake(at, `\`${name}\` is not a name for a table: letters, digits and \`_\`, a letter first`, {
            atKey: true,
          }),
        );
      const form = TABLES[isRecord(value) && value.facts !== undefined ? 'facts' : 'files'];
      const parsed = form.safeParse(value);
      if (!parsed.success) {
        const words = [...new Set([...Object.keys(form.shape), ...Object.keys(TABLES)])];
        for (const issue of parsed.error.issues) mistakes.push(...mistakeOf(issue, at, words, places));
      }
      return parsed.success && isName ? [{ name, entry: parsed.data, at, places }] : [];
    });
  }

  function readGates(): { readonly gates: readonly PlacedGate[]; readonly broken: readonly BrokenGate[] } {
    const list = top.gates ?? [];
    const gates: PlacedGate[] = [];
    const broken: BrokenGate[] = [];
    if (!Array.isArray(list)) {
      mistakes.push(places.mistake(['gates'], '`gates` is a list of gates'));
      return { gates, broken };
    }
    if (list.length > LIMITS.gates) mistakes.push(places.mistake(['gates'], `has more than ${LIMITS.gates} gates`));
    for (const [index, value] of list.slice(0, LIMITS.gates).entries()) {
      const at = ['gates', index];
      const read = readGate(value, at, places);
      if ('kind' in read) gates.push({ ...read, at, places });
      else {
        mistakes.push(...read.mistakes);
        const { id, lane } = isRecord(value) ? value : {};
        if (typeof id === 'string')
          broken.push({ id, lane: typeof lane === 'string' ? lane : undefined, mistakes: read.mistakes });
      }
    }
    return { gates, broken };
  }
}

type ReadGate = { readonly kind: Kind; readonly entry: GateEntry } | { readonly mistakes: readonly Mistake[] };

function readGate(value: unknown, at: NodePath, places: Places): ReadGate {
  if (!isRecord(value)) return { mistakes: [places.mistake(at, 'a gate is a map that begins with `id`')] };
  const kind = kindOf(value);
  if (kind === undefined) {
    const said = Object.keys(value);
    const known = ['must', 'unique', 'in', 'of', 'disjoint', 'text', 'files', 'schema', 'run', 'each', ...COMMON_WORDS];
    const odd = said.filter((word) => !known.includes(word));
    const hint = odd.map((word) => places.mistake([...at, word], unknownWord(word, known), { atKey: true }));
    const missing =
      value.each === undefined
        ? 'says nothing that could be checked: it needs `each` and `must`, or `unique`, `in`, `disjoint`, `text`, `files`, `schema` or `run`'
        : '`must` is missing: what has to hold for each row';
    return { mistakes: hint.length > 0 ? hint : [places.mistake(at, missing)] };
  }
  const form = KINDS[kind];
  const parsed = form.safeParse(value);
  if (parsed.success) return { kind, entry: parsed.data };
  const words = Object.keys(form.shape);
  return { mistakes: parsed.error.issues.flatMap((issue) => mistakeOf(issue, at, words, places)) };
}

const COMMON_WORDS = ['id', 'say', 'why', 'fix', 'severity', 'lane', 'owner', 'min', 'when', 'same', 'fold', 'except'];

/** The first word of those that make a kind; `files` says less than any other. */
function kindOf(value: Readonly<Record<string, unknown>>): Kind | undefined {
  // Object.keys forgets what it is given.
  const kinds = Object.keys(KINDS) as Kind[];
  return kinds.find((kind) => value[kind] !== undefined);
}

/** The values of a document without anything that means something to JavaScript; undefined for an alias bomb. */
function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parser itself refuses repeated keys; a gate's name that stands twice is found when gates are compiled. */
function repeatedKeys(document: Document, places: Places): readonly Mistake[] {
  const { contents } = document;
  if (!isMap(contents)) return [];
  const gates = contents.get('gates', true);
  return isSeq(gates) && gates.items.length === 0 ? [places.mistake(['gates'], 'is empty')] : [];
}
