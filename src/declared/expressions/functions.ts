import {
  type CelFunc,
  type CelList,
  CelScalar,
  type CelValue,
  celFunc,
  celList,
  celMethod,
  listType,
} from '@bufbuild/cel';
import { HOUR } from '../../core/durations.ts';
import { instantOf } from '../instant.ts';
import { contains, overlap, parseAddress, parseRange } from '../network.ts';
import { filesMatching } from '../tables/files.ts';
import type { Row } from '../tables/row.ts';
import { compareVersions } from '../version.ts';
import type { Budget } from './budget.ts';
import type { Guarded, Host } from './host.ts';
import { celInWords, celOf, celText } from './values.ts';

/** Functions whose first argument names a table. */
export const TABLE_FUNCTIONS: readonly string[] = ['rows', 'keys', 'lookup'];

const { DYN, STRING, BOOL, INT, DOUBLE } = CelScalar;
const LIST = listType(DYN);
const LONGEST = 1_000_000;

/** What such checks need beyond CEL itself. */
export function hostFunctions(guarded: Guarded): readonly CelFunc[] {
  return [
    ...fileFunctions(guarded),
    ...tableFunctions(guarded),
    ...textFunctions(guarded),
    ...NETWORK,
    ...timeFunctions(guarded),
    ...LISTS,
  ];
}

function fileFunctions(guarded: Guarded): readonly CelFunc[] {
  return [
    celFunc('exists', [STRING], BOOL, (path) =>
      guarded(({ repo }) => repo.isFile(normalized(path)) || repo.isDirectory(normalized(path))),
    ),
    celFunc('readText', [STRING], STRING, (path) =>
      guarded(({ repo }, budget) => {
        const file = normalized(path);
        if (!repo.isFile(file)) throw new TypeError(`there is no file ${path}`);
        const text = repo.text(file);
        // Whoever asks for a text looks through it, and not every function of the library counts.
        budget.spend(1 + text.length / 128);
        return text;
      }),
    ),
    celFunc('glob', [STRING], LIST, (pattern) =>
      guarded(({ repo }, budget) => {
        const files = filesMatching(repo, [pattern], []);
        budget.spend(100 + files.length);
        return celList([...files]);
      }),
    ),
  ];
}

function tableFunctions(guarded: Guarded): readonly CelFunc[] {
  const found = (row: Row | undefined) => (row ? celOf(row.datum) : null);
  const keyOf = (value: CelValue) => {
    const text = celText(value);
    if (text === undefined && value !== null) throw new TypeError('`lookup` asks for a single value');
    return text;
  };
  const rowsOf = listsOf((row) => celOf(row.datum));
  const keysOf = listsOf(({ key }) => key);
  return [
    celFunc('rows', [STRING], LIST, (table) => guarded((host, budget) => rowsOf(host, table, budget))),
    celFunc('keys', [STRING], LIST, (table) => guarded((host, budget) => keysOf(host, table, budget))),
    celFunc('lookup', [STRING, DYN], DYN, (table, key) =>
      guarded((host) => {
        const text = keyOf(key);
        return text === undefined ? null : found(host.lookup(table, undefined, text));
      }),
    ),
    celFunc('lookup', [STRING, STRING, DYN], DYN, (table, path, value) =>
      guarded((host) => {
        const text = keyOf(value);
        return text === undefined ? null : found(host.lookup(table, path, text));
      }),
    ),
  ];
}

/** A list of all rows of a table, made once: gates ask for it again with every row. */
function listsOf(partOf: (row: Row) => CelValue) {
  const lists = new WeakMap<readonly Row[], CelList>();
  return (host: Host, table: string, budget: Budget): CelList => {
    const rows = host.rows(table);
    budget.spend(1);
    const known = lists.get(rows);
    if (known !== undefined) return known;
    budget.spend(rows.length / 4);
    const list = celList(rows.map(partOf));
    lists.set(rows, list);
    return list;
  };
}

function textFunctions(guarded: Guarded): readonly CelFunc[] {
  const bounded = (length: number, make: () => string) =>
    guarded((_, budget) => {
      if (length > LONGEST) throw new TypeError(`a text of more than ${LONGEST} characters`);
      budget.spend(1 + length / 64);
      return make();
    });
  const lower = (text: string) => text.toLowerCase();
  const replace = (text: string, from: string, to: string) => {
    const count = from === '' ? text.length + 1 : text.split(from).length - 1;
    return bounded(text.length + count * to.length, () => text.replaceAll(from, () => to));
  };
  const split = (text: string, by: string) =>
    guarded((_, budget) => {
      const parts = text.split(by);
      budget.spend(1 + parts.length);
      return celList(parts);
    });
  const join = (list: Iterable<CelValue>, by: string) => {
    const parts = [...list].map(celInWords);
    return bounded(
      parts.reduce((sum, part) => sum + part.length + by.length, 0),
      () => parts.join(by),
    );
  };
  return [
    celFunc('lower', [STRING], STRING, lower),
    celMethod('lower', STRING, [], STRING, function () {
      return lower(this);
    }),
    celFunc('upper', [STRING], STRING, (text) => text.toUpperCase()),
    celMethod('upper', STRING, [], STRING, function () {
      return this.toUpperCase();
    }),
    celFunc('trim', [STRING], STRING, (text) => text.trim()),
    celFunc('replace', [STRING, STRING, STRING], STRING, replace),
    celMethod('replace', STRING, [STRING, STRING], STRING, function (from, to) {
      return replace(this, from, to);
    }),
    celFunc('split', [STRING, STRING], LIST, split),
    celMethod('split', STRING, [STRING], LIST, function (by) {
      return split(this, by);
    }),
    celFunc('join', [LIST, STRING], STRING, join),
    celMethod('join', LIST, [STRING], STRING, function (by) {
      return join(this, by);
    }),
    celFunc('text', [DYN], STRING, (value) => celText(value) ?? ''),
  ];
}

function addressOf(text: string) {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`\`${text}\` is not an address`);
  return { version: address.version, first: address.value, last: address.value };
}

function rangeOf(text: string) {
  const range = parseRange(text);
  if (!range) throw new TypeError(`\`${text}\` is not a prefix, range or address`);
  return range;
}

const NETWORK: readonly CelFunc[] = [
  celFunc(
    'isAddress',
    [DYN],
    BOOL,
    (value) => typeof value === 'string' && !value.includes('/') && parseAddress(value) !== undefined,
  ),
  celFunc(
    'isCidr',
    [DYN],
    BOOL,
    (value) => typeof value === 'string' && value.includes('/') && parseRange(value) !== undefined,
  ),
  celFunc('inCidr', [STRING, STRING], BOOL, (address, prefix) => contains(rangeOf(prefix), addressOf(address))),
  celFunc('subnetOf', [STRING, STRING], BOOL, (inner, outer) => contains(rangeOf(outer), rangeOf(inner))),
  celFunc('overlaps', [STRING, STRING], BOOL, (one, other) => overlap(rangeOf(one), rangeOf(other))),
];

function timeFunctions(guarded: Guarded): readonly CelFunc[] {
  const age = (text: string) =>
    guarded(({ clock }) => {
      const instant = instantOf(text);
      if (instant === undefined) throw new TypeError(`\`${text}\` is not a date`);
      return clock.ageInDays(instant);
    });
  /** Asks for the one moment at which the answer changes, so that the gate is judged again exactly then. */
  const isFresh = (text: string, hours: number) =>
    guarded(({ clock }, budget) => {
      const instant = instantOf(text);
      if (instant === undefined) throw new TypeError(`\`${text}\` is not a date`);
      budget.spend(1);
      return !clock.hasReached(instant + hours * HOUR);
    });
  return [
    celFunc('daysSince', [STRING], INT, (text) => BigInt(age(text))),
    celFunc('daysUntil', [STRING], INT, (text) => -BigInt(age(text))),
    celFunc('fresh', [STRING, INT], BOOL, (text, hours) => isFresh(text, Number(hours))),
    celFunc('fresh', [STRING, DOUBLE], BOOL, isFresh),
  ];
}

const LISTS: readonly CelFunc[] = [
  celFunc('compareVersions', [STRING, STRING], INT, (one, other) => {
    const order = compareVersions(one, other);
    if (order === undefined) throw new TypeError(`\`${one}\` or \`${other}\` is not a version`);
    return BigInt(Math.sign(order));
  }),
  celFunc('sum', [LIST], DOUBLE, (list) => {
    let sum = 0;
    for (const item of list) {
      if (typeof item !== 'bigint' && typeof item !== 'number') throw new TypeError('`sum` takes a list of numbers');
      sum += Number(item);
    }
    return sum;
  }),
];

/** Paths as people write them: relative to the repo's root, with `./`, `..` and doubled slashes taken out. One that leaves the repo leads nowhere. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length === 0) return '..';
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
