import { type Document, isMap, isNode, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { z } from 'zod';
import { nearest } from '../nearest.ts';

/** Something in a gate file that cannot be used. */
export interface Mistake {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type NodePath = readonly (string | number)[];

/** Where the nodes of a gate file stand. */
export interface Places {
  /** A mistake about the value at `path`, or with `atKey` about its key; `within` is a column in the value's text. */
  mistake(path: NodePath, message: string, options?: { readonly atKey?: boolean; readonly within?: number }): Mistake;
}

/** Tells places in a parsed gate file. */
export function placesOf(file: string, document: Document, lines: LineCounter, text: string): Places {
  return {
    mistake(path, message, { atKey = false, within } = {}) {
      const node = (atKey ? keyAt(document, path) : nodeAt(document, path)) ?? nodeAt(document, path.slice(0, -1));
      const start = node?.range?.[0] ?? 0;
      const { line, col } = lines.linePos(start);
      return {
        path: file,
        line: Math.max(line, 1),
        column: Math.max(col, 1) + offsetWithin(text, node, within),
        message,
      };
    },
  };
}

/** How far into a value that stands in one line a column of its text is. */
function offsetWithin(text: string, node: Node | undefined, within: number | undefined): number {
  if (within === undefined || !node?.range || !isScalar(node)) return 0;
  const raw = text.slice(node.range[0], node.range[1]);
  if (raw.includes('\n')) return 0;
  return within + (/^["']/.test(raw) ? 1 : 0);
}

function nodeAt(document: Document, path: NodePath): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

function keyAt(document: Document, path: NodePath): Node | undefined {
  const parent = nodeAt(document, path.slice(0, -1));
  if (isSeq(parent) || !isMap(parent)) return undefined;
  const pair = parent.items.find(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(path.at(-1)),
  );
  return isNode(pair?.key) ? pair.key : undefined;
}

type Issue = z.core.$ZodIssue;

/** A validator's complaint as a mistake: what was expected, and the nearest known word. */
export function mistakeOf(
  issue: Issue,
  prefix: NodePath,
  known: readonly string[],
  places: Places,
): readonly Mistake[] {
  const path = [...prefix, ...issue.path.filter((part) => typeof part !== 'symbol')];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => places.mistake([...path, key], unknownWord(key, known), { atKey: true }));
  const name = path.at(-1);
  const where = typeof name === 'string' ? `\`${name}\` ` : '';
  if (issue.code === 'invalid_value')
    return [places.mistake(path, `${where}is one of ${issue.values.map(String).join(', ')}`)];
  // zod tells what it was given only in words.
  const isAbsent = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (isAbsent) return [places.mistake(prefix, `${where}is missing`)];
  if (issue.code === 'invalid_type') return [places.mistake(path, `${where}is not ${article(issue.expected)}`)];
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element')
    return [places.mistake(path, `${where}${issue.issues[0]?.message ?? issue.message}`, { atKey: true })];
  if (issue.code === 'invalid_union') return [places.mistake(path, `${where}is not a text or a list of texts`)];
  const isOwnWord = /^(?:is|names|has|needs) /.test(issue.message);
  return [places.mistake(path, `${where}${isOwnWord ? issue.message : `is not right: ${issue.message}`}`)];
}

/** A word that means nothing, with the known one that it may have been. */
export function unknownWord(word: string, known: readonly string[], near = nearest(word, known)): string {
  if (/[()=!<>"']/.test(word))
    return `\`${word}\` is the rest of an expression: put quotes around one that has a comma or \`: \` in it`;
  const hint = near === undefined ? `the words here are ${known.join(', ')}` : `did you mean \`${near}\`?`;
  return `\`${word}\` means nothing here: ${hint}`;
}

function article(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    record: 'a map',
    object: 'a map',
    array: 'a list',
    int: 'a whole number',
    string: 'a text',
  };
  return words[expected] ?? `a ${expected}`;
}
