import { isAlias, isMap, isScalar, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Source } from './source.ts';

/** What the query tool prints for a node, trailing line breaks included. */
export function printNode(source: Source, node: Node): string {
  if (isAlias(node)) return `*${node.source}`;
  if (isScalar(node)) return scalarText(node);
  // A node is an alias, a scalar, a map or a list; the library's `Node` type says no more than that.
  const collection = node as YAMLMap | YAMLSeq;
  const anchor = collection.anchor === undefined ? '' : `&${collection.anchor}`;
  if (collection.flow || collection.items.length === 0)
    return `${anchor && `${anchor} `}${printFlow(source, collection)}`;
  return `${anchor && `${anchor}\n`}${printBlock(source, collection)}`;
}

/** A key of a map as text. */
export function keyText(source: Source, key: unknown): string {
  return key === null || key === undefined ? '' : printNode(source, key as Node);
}

/** A scalar as spelled, before it is given a type. */
export function plainText(scalar: Scalar): string {
  return scalar.source ?? String(scalar.value ?? '');
}

function scalarText(scalar: Scalar): string {
  return scalar.type === 'PLAIN' || scalar.value === null ? plainText(scalar) : String(scalar.value);
}

/** Block collections are printed as they stand in the source, moved to the left margin. */
function printBlock({ text, lines }: Source, collection: YAMLMap | YAMLSeq): string {
  const [start, end] = collection.range ?? [0, 0];
  const column = lines.linePos(start).col - 1;
  const block = text.slice(start, end).split(/\r?\n/);
  return block.map((line, index) => (index === 0 ? line : line.slice(Math.min(column, indentOf(line))))).join('\n');
}

/** Flow collections are printed in one line. */
function printFlow(source: Source, collection: YAMLMap | YAMLSeq): string {
  const inner = isMap(collection)
    ? collection.items.map(({ key, value }) => `${flowText(source, key)}: ${flowText(source, value)}`)
    : collection.items.map((item) => flowText(source, item));
  const [open, close] = isMap(collection) ? '{}' : '[]';
  const comment = collection.comment ? ` #${collection.comment}` : '';
  return `${open}${inner.join(', ')}${close}${comment}`;
}

/** Inside a flow collection, scalars keep their quotes. */
function flowText(source: Source, value: unknown): string {
  if (value === null || value === undefined) return '';
  const node = value as Node;
  return isScalar(node) && node.range ? source.text.slice(node.range[0], node.range[1]) : printNode(source, node);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
