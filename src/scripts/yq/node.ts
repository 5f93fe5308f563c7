export type Kind = 'map' | 'seq' | 'scalar' | 'alias';
/** How a value is written; '' leaves it to the printer. */
export type Style = '' | 'single' | 'double' | 'literal' | 'folded' | 'flow';

/**
 * A YAML value as yq knows it: kind, tag and the text of the source. Documents share their nodes between runs,
 * so only a run that works on its own copy may change them.
 */
export interface YqNode {
  kind: Kind;
  tag: string;
  /** A scalar's text without quotes; an alias' name. */
  value: string;
  style: Style;
  /** Its tag is written out, and so is printed even where it says nothing new. */
  isTagged: boolean;
  /** Items of a list; keys and values of a map in turn. */
  content: readonly YqNode[];
  parent: YqNode | null;
  /** The key or index under which it stands. */
  key: YqNode | null;
  isKey: boolean;
  anchor: string;
  /** What an alias stands for. */
  target: YqNode | null;
  head: string;
  line: string;
  foot: string;
  /** A comment may be its own of which that is not known; it cannot be printed as YAML. */
  isUnsure: boolean;
  /** Of a document: the comments and marks before its first value, as they stand there. */
  leading: string;
  /** 0-based, of a document's top node. */
  document: number;
  file: number;
  /** Of documents that eval-all looks at together, and of what comes of them. */
  isTogether: boolean;
}

const BLANK = {
  style: '',
  isTagged: false,
  content: [],
  parent: null,
  key: null,
  isKey: false,
  anchor: '',
  target: null,
  head: '',
  line: '',
  foot: '',
  isUnsure: false,
  leading: '',
  document: 0,
  file: 0,
  isTogether: false,
} as const;

export function makeNode(kind: Kind, tag: string, value: string, more: Partial<YqNode> = {}): YqNode {
  return { ...BLANK, kind, tag, value, ...more };
}

export function text(value: string): YqNode {
  return makeNode('scalar', '!!str', value);
}

export function integer(value: number): YqNode {
  return makeNode('scalar', '!!int', String(value));
}

export function nothing(value = 'null'): YqNode {
  return makeNode('scalar', '!!null', value);
}

export function list(items: readonly YqNode[] = []): YqNode {
  const made = makeNode('seq', '!!seq', '');
  addItems(made, items);
  return made;
}

/** A copy that may be changed, with all that is in it. */
export function copyNode(node: YqNode): YqNode {
  const copy = { ...node, key: node.key && { ...node.key } };
  if (node.content.length === 0) return copy;
  copy.content =
    node.kind === 'map' ? copiedPairs(node, copy) : node.content.map((item, index) => copiedItem(item, copy, index));
  return copy;
}

/** A copy of a document whose aliases stand for what is in the copy, so that a change through an alias stays in it. */
export function copyDocument(document: YqNode): YqNode {
  const copies = new Map<YqNode, YqNode>();
  const copy = copyNode(document);
  const pending: [YqNode, YqNode][] = [[document, copy]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [original, own] = next;
    copies.set(original, own);
    for (const [index, child] of original.content.entries()) {
      const ownChild = own.content[index];
      if (ownChild) pending.push([child, ownChild]);
    }
  }
  for (const own of copies.values()) if (own.target) own.target = copies.get(own.target) ?? own.target;
  return copy;
}

function copiedPairs(map: YqNode, parent: YqNode): readonly YqNode[] {
  return [...pairs(map)].flatMap(([key, value]) => {
    const ownKey = copyNode(key);
    const ownValue = copyNode(value);
    return [
      Object.assign(ownKey, { parent, isKey: true }),
      Object.assign(ownValue, { parent, isKey: false, key: ownKey }),
    ];
  });
}

function copiedItem(item: YqNode, parent: YqNode, index: number): YqNode {
  const copy = copyNode(item);
  copy.parent = parent;
  copy.key = copy.key ? Object.assign(copy.key, { parent }) : { ...integer(index), parent };
  return copy;
}

/** A copy of `replacement` that stands where `node` stands. */
export function inPlaceOf(node: YqNode, replacement: YqNode): YqNode {
  return Object.assign(copyNode(replacement), { parent: node.parent, key: node.isKey ? node : node.key });
}

/** A truth value that stands where `node` stands. */
export function truth(value: boolean, node: YqNode | null): YqNode {
  const made = makeNode('scalar', '!!bool', value ? 'true' : 'false');
  return node ? inPlaceOf(node, made) : made;
}

/** Adds copies. What had a key keeps it. */
export function addItems(target: YqNode, items: readonly YqNode[]): void {
  const { length } = target.content;
  target.content = [...target.content, ...items.map((item, index) => copiedItem(item, target, length + index))];
}

/** Adds copies of a key and its value. */
export function addPair(target: YqNode, key: YqNode, value: YqNode): YqNode {
  const ownKey = Object.assign(copyNode(key), { parent: target, isKey: true });
  const ownValue = Object.assign(copyNode(value), { parent: target, isKey: false, key: ownKey });
  target.content = [...target.content, ownKey, ownValue];
  return ownValue;
}

export function* pairs(map: YqNode): Generator<readonly [key: YqNode, value: YqNode]> {
  for (let index = 0; index + 1 < map.content.length; index += 2) {
    const [key, value] = [map.content[index], map.content[index + 1]];
    if (key && value) yield [key, value];
  }
}

/** The node itself, or what an alias stands for. */
export function resolved(node: YqNode): YqNode {
  return node.kind === 'alias' && node.target ? node.target : node;
}

export function isTrue(node: YqNode | null | undefined): boolean {
  if (!node || node.tag === '!!null') return false;
  if (node.kind === 'scalar' && node.tag === '!!bool') return /^(?:y|yes|on|true)$/i.test(node.value);
  return true;
}

export function topOf(node: YqNode): YqNode {
  let top = node;
  while (top.parent) top = top.parent;
  return top;
}

/** Keys and indexes from the top down. */
export function pathOf(node: YqNode): readonly YqNode[] {
  const path: YqNode[] = [];
  for (let at: YqNode | null = node; at; at = at.parent) {
    const key: YqNode | null = at.isKey ? at : at.key;
    if (!key) break;
    path.unshift(/^[-+]?\d+$/.test(key.value) && key.tag !== '!!str' ? integer(Number(key.value)) : text(key.value));
  }
  return path;
}

/** A path as yq's messages have it: `a.b[0]`. */
export function nicePath(node: YqNode): string {
  return pathOf(node)
    .map(({ tag, value }, index) => (tag === '!!int' ? `[${value}]` : `${index > 0 ? '.' : ''}${value}`))
    .join('');
}

export function sameNode(one: YqNode, other: YqNode): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind === 'scalar' && tagOf(one) !== tagOf(other)) return false;
  if (one.tag === '!!null') return true;
  if (one.kind === 'scalar') return one.value === other.value;
  if (one.content.length !== other.content.length) return false;
  if (one.kind === 'seq') return one.content.every((item, index) => sameNode(item, other.content[index] ?? item));
  return [...pairs(one)].every(([key, value]) => {
    const found = valueAt(other, key);
    return found !== null && sameNode(value, found);
  });
}

/** Whether a map has two keys of the same text. */
export function hasKeyTwice(node: YqNode): boolean {
  if (node.kind !== 'map') return false;
  const keys = [...pairs(node)].map(([key]) => key.value);
  return new Set(keys).size < keys.length;
}

/** The value under an equal key, merges not followed. */
export function valueAt(map: YqNode, key: YqNode): YqNode | null {
  for (const [known, value] of pairs(map)) if (sameNode(known, key)) return value;
  return null;
}

/** The tag, guessed from the text where it is one of the author's own. */
export function tagOf(node: YqNode): string {
  return node.tag.startsWith('!!') || node.kind !== 'scalar' ? node.tag : plainTag(node.value);
}

const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[1-9][0-9_]*|0)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const ODD_FLOAT = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const STAMP = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;

/** The tag of a text that is written without quotes, as yq's YAML library resolves it. */
export function plainTag(value: string): string {
  if (/^(?:|~|null|Null|NULL)$/.test(value)) return '!!null';
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(value)) return '!!bool';
  if (value === '<<') return '!!merge';
  if (INTEGER.test(value)) return '!!int';
  // What is too large for a number is a text, such as a commit's name that is all digits but an e.
  if ((FLOAT.test(value) && Number.isFinite(Number(value))) || ODD_FLOAT.test(value)) return '!!float';
  const stamp = STAMP.exec(value);
  if (stamp && isDay(Number(stamp[1]), Number(stamp[2]), Number(stamp[3]))) return '!!timestamp';
  return '!!str';
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
