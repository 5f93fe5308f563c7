import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { GATE_WORDS, isRecord, readGate, readTable } from './entries.ts';
import { type GateEntry, type Kind, LIMITS, type TableEntry, TOP } from './form.ts';
import { type Mistake, mistakeOf, type NodePath, type Places, placesOf } from './mistakes.ts';
import { meantBy } from './slips.ts';

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

/** A table that gates may name and nobody can read. */
export interface BrokenTable {
  readonly name: string;
  readonly mistake: Mistake;
}

/** A gate of which no more is known than its name: its mistakes say why. */
export interface BrokenGate {
  readonly id: string;
  readonly lane: string | undefined;
  readonly mistakes: readonly Mistake[];
}

/** A path or glob of more gate files, with the mistake that it is where nothing is there. */
export interface Inclusion {
  readonly pattern: string;
  readonly absent: Mistake;
}

/** What one gate file says, as far as it has the right form. */
export interface GateFile {
  readonly path: string;
  readonly include: readonly Inclusion[];
  readonly lane: string | undefined;
  /** Names of CI's checks. */
  readonly checks: readonly string[];
  readonly tables: readonly PlacedTable[];
  readonly brokenTables: readonly BrokenTable[];
  readonly gates: readonly PlacedGate[];
  readonly broken: readonly BrokenGate[];
  readonly mistakes: readonly Mistake[];
}

const MOST_CHARACTERS = 200_000;

/** A gate file of which nothing can be used, because of one mistake. */
export function unusable(mistake: Mistake): GateFile {
  return {
    path: mistake.path,
    include: [],
    lane: undefined,
    checks: [],
    tables: [],
    brokenTables: [],
    gates: [],
    broken: [],
    mistakes: [mistake],
  };
}

/** Reads the text of a gate file. Never throws: what cannot be used is a mistake, and the rest counts. */
export function readGateFile(path: string, text: string): GateFile {
  const lines = new LineCounter();
  const whole = (message: string, line = 1, column = 1) => unusable({ path, line, column, message });
  if (text.length > MOST_CHARACTERS) return whole(`is longer than ${MOST_CHARACTERS} characters`);
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
  if (!isRecord(top)) return unusable(places.mistake([], 'a gate file is a map with `data` and `gates`'));
  return { path, ...readTop(top, document, places) };
}

function readTop(given: Readonly<Record<string, unknown>>, document: Document, places: Places): Omit<GateFile, 'path'> {
  const meant = meantBy(given, Object.keys(TOP), [], places);
  const top = meant.value;
  const mistakes = [...meant.mistakes];
  const include = simple(TOP.include, 'include');
  const lane = simple(TOP.lane, 'lane');
  const checks = simple(TOP.checks, 'checks');
  const { tables, brokenTables } = readTables();
  const { gates, broken } = readGates();
  return {
    include: inclusions(include),
    lane,
    checks: checks === undefined ? [] : [checks].flat(),
    tables,
    brokenTables,
    gates,
    broken,
    mistakes: [...mistakes, ...repeatedKeys(document, places)],
  };

  function simple<T>(form: z.ZodType<T>, key: string): T | undefined {
    if (meant.slips.has(key)) return undefined;
    const parsed = form.safeParse(top[key]);
    if (!parsed.success) for (const issue of parsed.error.issues) mistakes.push(...mistakeOf(issue, [key], [], places));
    return parsed.data;
  }

  function inclusions(given: string | readonly string[] | undefined): readonly Inclusion[] {
    return [given ?? []].flat().map((pattern, index) => {
      const at = typeof given === 'string' ? ['include'] : ['include', index];
      return { pattern, absent: places.mistake(at, `\`include\`: there is no file ${pattern}`) };
    });
  }

  /** The mistake in the name of a part of the file: whatever stands in it is not looked at. */
  function slipOf(part: string): Mistake | undefined {
    return meant.slips.has(part) ? meant.mistakes.find(({ message }) => message.includes(`\`${part}\``)) : undefined;
  }

  function readTables(): Pick<GateFile, 'tables' | 'brokenTables'> {
    const { data = {} } = top;
    const found: PlacedTable[] = [];
    const brokenTables: BrokenTable[] = [];
    const slip = slipOf('data');
    if (!isRecord(data)) {
      const message = data === null ? 'is empty' : '`data` is a map of tables by name';
      if (!slip) mistakes.push(places.mistake(['data'], message));
      return { tables: found, brokenTables };
    }
    const entries = Object.entries(data);
    if (entries.length > LIMITS.tables)
      mistakes.push(places.mistake(['data'], `has more than ${LIMITS.tables} tables`));
    for (const [name, value] of entries.slice(0, LIMITS.tables)) {
      const read = slip ? { mistakes: [] } : readTable(name, value, places);
      if ('entry' in read) found.push({ name, entry: read.entry, at: ['data', name], places });
      else {
        mistakes.push(...read.mistakes);
        const [mistake = slip] = read.mistakes;
        if (mistake) brokenTables.push({ name, mistake });
      }
    }
    return { tables: found, brokenTables };
  }

  function readGates(): { readonly gates: readonly PlacedGate[]; readonly broken: readonly BrokenGate[] } {
    const list = top.gates ?? [];
    const gates: PlacedGate[] = [];
    const broken: BrokenGate[] = [];
    const slip = slipOf('gates');
    if (!Array.isArray(list)) {
      if (!slip) mistakes.push(places.mistake(['gates'], '`gates` is a list of gates'));
      return { gates, broken };
    }
    if (list.length > LIMITS.gates) mistakes.push(places.mistake(['gates'], `has more than ${LIMITS.gates} gates`));
    for (const [index, value] of list.slice(0, LIMITS.gates).entries()) {
      const at = ['gates', index];
      const read = slip ? { mistakes: [slip] } : readGate(value, at, places);
      if ('kind' in read) gates.push({ ...read, at, places });
      else {
        if (!slip) mistakes.push(...read.mistakes);
        const { id, lane } = isRecord(value) ? meantBy(value, GATE_WORDS, at, places).value : {};
        if (typeof id === 'string')
          broken.push({ id, lane: typeof lane === 'string' ? lane : undefined, mistakes: read.mistakes });
      }
    }
    return { gates, broken };
  }
}

/** The values of a document without anything that means something to JavaScript; undefined for an alias bomb. */
function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** The parser itself refuses repeated keys; a gate's name that stands twice is found when gates are compiled. */
function repeatedKeys(document: Document, places: Places): readonly Mistake[] {
  const { contents } = document;
  if (!isMap(contents)) return [];
  const gates = contents.get('gates', true);
  const isNull = isScalar(gates) && gates.value === null;
  return isNull || (isSeq(gates) && gates.items.length === 0) ? [places.mistake(['gates'], 'is empty')] : [];
}
