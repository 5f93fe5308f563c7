import { isTrue, pairs, tagOf, type YqNode } from './node.ts';
import { floatOf, wholeOf } from './numbers.ts';
import { type Run, spend } from './run.ts';
import { Unsupported, YqError } from './signals.ts';

/** JSON with `indent` blanks a level, 0 for one line; aliases and merges are written out. No line break at the end. */
export function toJson(run: Run, node: YqNode, indent: number): string {
  return json(run, node, indent, '', 0);
}

function json(run: Run, node: YqNode, indent: number, margin: string, depth: number): string {
  spend(run, 1);
  if (depth > 1000) throw new Unsupported('value that is nested in itself');
  if (node.kind === 'alias') return node.target ? json(run, node.target, indent, margin, depth + 1) : 'null';
  if (node.kind === 'scalar') return scalarJson(node);
  const inner = margin + ' '.repeat(indent);
  const items =
    node.kind === 'seq'
      ? node.content.map((item) => json(run, item, indent, inner, depth + 1))
      : pairsOf(run, node).map(
          ([key, value]) =>
            `${jsonText(key.value)}:${indent > 0 ? ' ' : ''}${json(run, value, indent, inner, depth + 1)}`,
        );
  const [open, close] = node.kind === 'seq' ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  if (indent === 0) return `${open}${items.join(',')}${close}`;
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${margin}${close}`;
}

type Pair = readonly [key: YqNode, value: YqNode];

/** A map's pairs with its merges written out, in the order and with the overrides of yq's `explode`. */
function pairsOf(run: Run, map: YqNode): readonly Pair[] {
  const own = [...pairs(map)];
  if (!own.some(isMerge)) return own;
  const found: Pair[] = [];
  for (const [index, pair] of own.entries()) {
    spend(run, 1);
    if (!isMerge(pair)) put(found, own, pair, index);
    else for (const [source, start] of mergedMaps(pair[1], index)) mergeFrom(run, found, own, source, start);
  }
  return found;
}

function isMerge([key]: Pair): boolean {
  return key.value === '<<';
}

/** What is merged, and from which of the map's own pairs on one of the same name comes instead. A list counts by its own places, as in yq. */
function mergedMaps(value: YqNode, index: number): readonly (readonly [YqNode, number])[] {
  if (value.kind !== 'seq') return value.kind === 'alias' && value.target ? [[value.target, index]] : [];
  if (value.content.length > 1) throw new Unsupported('list of maps to merge');
  return value.content.flatMap(({ target }) => (target ? [[target, 0] as const] : []));
}

function mergeFrom(run: Run, found: Pair[], own: readonly Pair[], source: YqNode, start: number): void {
  if (source.kind !== 'map') {
    throw new YqError(`merge anchor only supports maps, got ${source.tag} instead`);
  }
  const merged = [...pairs(source)];
  if (merged.some(isMerge)) throw new Unsupported('merge of a map that has merges');
  spend(run, merged.length * own.length);
  for (const pair of merged) put(found, own, pair, start);
}

/** Adds a pair, or replaces the value of one that is there; leaves it out where the map has its own further down. */
function put(found: Pair[], own: readonly Pair[], [key, value]: Pair, start: number): void {
  const at = found.findIndex(([known]) => known.value === key.value);
  if (at >= 0) found[at] = [found[at]?.[0] ?? key, value];
  else if (!own.slice(start + 1).some(([known]) => known.value === key.value)) found.push([key, value]);
}

function scalarJson(node: YqNode): string {
  switch (tagOf(node)) {
    case '!!int':
      return String(wholeOf(node.value));
    case '!!float':
      return floatJson(floatOf(node.value));
    case '!!bool':
      return String(isTrue(node));
    case '!!null':
      return 'null';
    default:
      return jsonText(node.value);
  }
}

function floatJson(number: number): string {
  if (Number.isFinite(number)) return Object.is(number, -0) ? '-0' : JSON.stringify(number).replace(/e-(\d)$/, 'e-0$1');
  const word = Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
  throw new YqError(`json: unsupported value: ${word}`);
}

function jsonText(value: string): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Rows with `separator`; a list of scalars is one row, a list of maps a table with a head. No line break at the end. */
export function toTable(node: YqNode, separator: ',' | '\t'): string {
  if (hasAlias(node)) throw new Unsupported('table with an alias');
  if (node.kind === 'scalar') return node.value;
  if (node.kind !== 'seq') throw new YqError(`csv encoding only works for arrays, got: ${node.tag}`);
  const [first] = node.content;
  if (!first) return '';
  if (first.kind === 'map') return objectRows(node.content, separator);
  if (first.kind === 'scalar') return row(node.content, separator);
  return node.content
    .map((item, index) => {
      if (item.kind !== 'seq') throw notScalars(item, index);
      return row(item.content, separator);
    })
    .join('\n');
}

function hasAlias(node: YqNode): boolean {
  return node.kind === 'alias' || node.content.some(hasAlias);
}

function objectRows(items: readonly YqNode[], separator: ',' | '\t'): string {
  const keys = [...pairs(items[0] as YqNode)].map(([key]) => key);
  const rows = items.map((item, index) => {
    if (item.kind !== 'map') {
      const rule =
        'csv object encoding only works for arrays of flat objects (string key => string/numbers/boolean value)';
      throw new YqError(`${rule}, child[${index}] is a ${item.tag}`);
    }
    const values = keys.map((wanted) => [...pairs(item)].find(([key]) => key.value === wanted.value)?.[1]);
    return values.map((value, at) => field(scalarIn(value, at), separator)).join(separator);
  });
  return [row(keys, separator), ...rows].join('\n');
}

function scalarIn(node: YqNode | undefined, index: number): string {
  if (node && node.kind !== 'scalar') throw notScalars(node, index);
  return node?.value ?? '';
}

function notScalars(node: YqNode, index: number): YqError {
  const rule = 'csv encoding only works for arrays of scalars (string/numbers/booleans)';
  return new YqError(`${rule}, child[${index}] is a ${node.tag}`);
}

function row(items: readonly YqNode[], separator: ',' | '\t'): string {
  const fields = items.map((item, index) => field(scalarIn(item, index), separator));
  return fields.join(separator);
}

function field(value: string, separator: ',' | '\t'): string {
  const needsQuotes = value === '\\.' || value.includes(separator) || /["\r\n]/.test(value) || /^\s/u.test(value);
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}
