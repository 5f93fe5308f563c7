import { matchesWildcard } from '../../core/text/wildcard.ts';
import { addItems, addPair, hasKeyTwice, integer, list, nothing, pairs, resolved, text, type YqNode } from './node.ts';
import type { Evaluate, Handler, Run, Scope } from './run.ts';
import { spend } from './run.ts';
import { Unsupported, YqError } from './signals.ts';

/** No list of a real repo is longer than this by an index alone. */
const LARGEST_INDEX = 10_000;

/** `.key`, `.key?` */
export const step: Handler = (run, scope, { operation }) => {
  spend(run, scope.nodes.length);
  const key = text(operation.text);
  return scope.nodes.flatMap((node) => stepInto(run, scope, node, key, operation.isOptional === true));
};

function stepInto(run: Run, scope: Scope, node: YqNode, key: YqNode, isOptional: boolean): readonly YqNode[] {
  const target = asContainer(run, scope, resolved(node), 'map');
  if (target.kind === 'map') return valuesAt(run, scope, target, key);
  return target.kind === 'seq' ? itemsAt(run, target, [key], isOptional) : [];
}

/** A null that something is looked up in becomes a map or list. */
function asContainer(run: Run, scope: Scope, node: YqNode, kind: 'map' | 'seq'): YqNode {
  if (node.tag !== '!!null' || scope.isReadOnly) return node;
  if (!run.isPrivate) {
    run.hasCreated = true;
    return { ...node, kind, tag: '', content: [] };
  }
  node.kind = kind;
  node.tag = '';
  return node;
}

function valuesAt(run: Run, scope: Scope, map: YqNode, key: YqNode): readonly YqNode[] {
  spend(run, map.content.length / 2);
  const found = new Map<string, YqNode>();
  collectValues(map, (name) => matchesWildcard(name, key.value), key.value === '<<', found, 0);
  if (found.size > 0 || scope.isReadOnly) return [...found.values()];
  if (map.content.length === 0 && run.isPrivate) map.style = '';
  if (run.isPrivate) return [addPair(map, key, nothing())];
  run.hasCreated = true;
  return [{ ...nothing(), parent: map, key: { ...key, parent: map, isKey: true } }];
}

/** The values of the keys that are wanted, merges followed; of keys that are equal the last one counts, in the place of the first. */
function collectValues(
  map: YqNode,
  isWanted: (key: string) => boolean,
  takesMerges: boolean,
  found: Map<string, YqNode>,
  depth: number,
): void {
  for (const [key, value] of pairs(map)) {
    if (key.tag === '!!merge' && !takesMerges) collectMerged(value, isWanted, found, depth + 1);
    else if (isWanted(key.value)) found.set(key.value, value);
  }
}

function collectMerged(
  value: YqNode,
  isWanted: (key: string) => boolean,
  found: Map<string, YqNode>,
  depth: number,
): void {
  if (depth > 100) throw new Unsupported('map that is merged into itself');
  if (value.kind === 'seq') for (const item of value.content) collectMerged(item, isWanted, found, depth + 1);
  if (value.kind !== 'alias' || !value.target) return;
  if (value.target.kind !== 'map') {
    throw new YqError(`can only use merge anchors with maps (!!map), but got ${value.target.tag}`);
  }
  collectValues(value.target, isWanted, false, found, depth);
}

function itemsAt(run: Run, seq: YqNode, indexes: readonly YqNode[], isOptional: boolean): readonly YqNode[] {
  const found: YqNode[] = [];
  for (const { value } of indexes) {
    const index = parseIndex(value);
    if (index === null && isOptional) continue;
    if (index === null) {
      throw new YqError(
        `cannot index array with '${value}' (strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax)`,
      );
    }
    found.push(itemAt(run, seq, index));
  }
  return found;
}

function parseIndex(value: string): number | null {
  if (/^0[xX][0-9a-fA-F]+$/.test(value)) return Number.parseInt(value.slice(2), 16);
  if (/^0o[0-7]+$/.test(value)) return Number.parseInt(value.slice(2), 8);
  return /^[-+]?\d+$/.test(value) ? Number(value) : null;
}

function itemAt(run: Run, seq: YqNode, index: number): YqNode {
  const { length } = seq.content;
  const at = index < 0 ? length + index : index;
  if (at < 0) throw new YqError(`index [${index}] out of range, array size is ${length}`);
  const item = seq.content[at];
  if (item) return item;
  if (at > LARGEST_INDEX) throw new Unsupported(`index ${at} beyond the end of a list`);
  if (run.isPrivate) {
    if (length === 0) seq.style = '';
    addItems(
      seq,
      Array.from({ length: at + 1 - length }, () => nothing()),
    );
    return seq.content[at] ?? nothing();
  }
  run.hasCreated = true;
  return { ...nothing(), parent: seq, key: { ...integer(at), parent: seq } };
}

/** All values of a map, merges followed, or items of a list; nothing else has any. */
export function childrenOf(run: Run, node: YqNode, followsMerges = true): readonly YqNode[] {
  const target = resolved(node);
  spend(run, target.content.length);
  if (target.kind === 'seq') return target.content;
  if (target.kind !== 'map') return [];
  const found = new Map<string, YqNode>();
  collectValues(target, () => true, !followsMerges, found, 0);
  return [...found.values()];
}

/** `.[…]` and `.[]`, `.["key"]`, `.[0]`, `.[1:3]` */
export const traverseArray: Handler = (run, scope, expression, evaluate) => {
  const { left, right, operation } = expression;
  if (right?.right?.operation.operator.name === ':') return slices(run, scope, expression, evaluate);
  const nodes = evaluate(run, scope, left);
  const [indexes] = evaluate(run, { ...scope, isReadOnly: true }, right);
  const wanted = indexes?.content ?? [];
  spend(run, nodes.length);
  return nodes.flatMap((node) => traverse(run, scope, node, wanted, operation.isOptional === true));
};

function traverse(
  run: Run,
  scope: Scope,
  node: YqNode,
  indexes: readonly YqNode[],
  isOptional: boolean,
): readonly YqNode[] {
  const becomesMap = indexes[0] !== undefined && indexes[0].tag !== '!!int';
  // Unlike a step by name, this makes something of a null even where nothing may be created.
  const target = asContainer(run, { ...scope, isReadOnly: false }, resolved(node), becomesMap ? 'map' : 'seq');
  if (indexes.length === 0) return childrenOf(run, target);
  if (target.kind === 'seq') return itemsAt(run, target, indexes, isOptional);
  return target.kind === 'map' ? indexes.flatMap((index) => valuesAt(run, scope, target, index)) : [];
}

function slices(run: Run, scope: Scope, expression: Parameters<Handler>[2], evaluate: Evaluate): readonly YqNode[] {
  // yq 4.44.1 cuts what the whole expression is given, not what stands before the bracket.
  if (expression.left?.operation.operator.name !== 'self') throw new Unsupported('slice of something other than `.`');
  const bounds = expression.right?.right;
  return scope.nodes.map((node) => {
    const bound = (of: typeof bounds) => {
      const found = evaluate(run, { ...scope, nodes: [node] }, of ?? null);
      const [only] = found;
      if (!only || found.length > 1) throw new YqError(`expected to find 1 number, got ${found.length} instead`);
      const number = parseIndex(only.value);
      if (number === null) throw new YqError(`strconv.ParseInt: parsing ${JSON.stringify(only.value)}: invalid syntax`);
      return number < 0 ? node.content.length + number : number;
    };
    const [from, to] = [bound(bounds?.left ?? null), bound(bounds?.right ?? null)];
    if (from < 0) throw new Unsupported('slice from before the beginning of a list');
    const items =
      node.kind === 'seq' || node.content.length === 0 ? node.content.slice(from, Math.max(from, to)) : null;
    if (!items) throw new Unsupported('slice of a map');
    return Object.assign(list(items), {
      parent: node.parent,
      key: node.key,
      tag: node.tag,
      isUnsure: node.isUnsure,
    });
  });
}

/** `..`, and `...` with the keys. */
export function descend(withKeys: boolean): Handler {
  return (run, { nodes }) => {
    const found: YqNode[] = [];
    const pending = [...nodes].reverse();
    for (let node = pending.pop(); node; node = pending.pop()) {
      found.push(node);
      spend(run, 1);
      if (node.kind === 'alias' || node.content.length === 0) continue;
      if (withKeys && hasKeyTwice(node)) throw new Unsupported('... over a map with a key twice');
      const children = node.kind === 'map' && withKeys ? node.content : childrenOf(run, node, false);
      for (const child of [...children].reverse()) pending.push(child);
    }
    return found;
  };
}
