import { inOrder, isOrdered } from './compare.ts';
import { toJson, toTable } from './encode.ts';
import {
  addItems,
  addPair,
  copyNode,
  inPlaceOf,
  integer,
  isTrue,
  list,
  makeNode,
  nicePath,
  nothing,
  pairs,
  pathOf,
  tagOf,
  text,
  topOf,
  truth,
  type YqNode,
} from './node.ts';
import { floatOf, wholeOf } from './numbers.ts';
import { printYaml } from './print-yaml.ts';
import { readYaml } from './read-yaml.ts';
import { type Evaluate, each, type Handler, over, type Run, readOnly, type Scope, spend } from './run.ts';
import { Unsupported, YqError } from './signals.ts';
import { bytesIn } from './strings.ts';
import { childrenOf } from './traverse.ts';

function mustBeList(node: YqNode, message: string): void {
  if (node.kind !== 'seq') throw new YqError(message.replace('%', node.tag).replace('[]', `[${nicePath(node)}]`));
}

function replaced(node: YqNode, tag: string, value: string): YqNode {
  return inPlaceOf(node, makeNode('scalar', tag, value));
}

/** A list in the place of `node`, written as it was. */
function listInPlace(node: YqNode, items: readonly YqNode[]): YqNode {
  const { style, head, line, foot, isUnsure, leading } = node;
  const made = { ...inPlaceOf(node, makeNode('seq', '!!seq', '')), style, head, line, foot, isUnsure, leading };
  addItems(made, items);
  return made;
}

export const length = each((node) => {
  if (node.kind === 'map') return replaced(node, '!!int', String(node.content.length / 2));
  if (node.kind === 'seq') return replaced(node, '!!int', String(node.content.length));
  const isEmpty = node.kind === 'alias' || node.tag === '!!null';
  return replaced(node, '!!int', String(isEmpty ? 0 : bytesIn(node.value)));
});

export const keys = each((node) => {
  if (node.kind !== 'map' && node.kind !== 'seq') {
    throw new YqError(`Cannot get keys of ${node.tag}, keys only works for maps and arrays`);
  }
  const found =
    node.kind === 'map' ? [...pairs(node)].map(([key]) => key) : node.content.map((_, index) => integer(index));
  return makeNode('seq', '!!seq', '', { content: found });
});

export const key = each((node) => node.key ?? []);
export const isKey = each((node) => truth(node.isKey, node));
export const tag = each((node) => replaced(node, '!!str', node.tag));
export const kind = each((node) => replaced(node, '!!str', node.kind));
export const anchor = each((node) => replaced(node, '!!str', node.anchor));
export const alias = each((node) => replaced(node, '!!str', node.value));
export const not = each((node) => truth(!isTrue(node), node));
export const documentIndex = each((node) => replaced(node, '!!int', String(topOf(node).document)));
export const fileIndex = each((node) => replaced(node, '!!int', String(topOf(node).file)));

export const path = each((node) => {
  const made = inPlaceOf(node, makeNode('seq', '!!seq', ''));
  addItems(made, pathOf(node));
  return made;
});

export const parent: Handler = (_, scope, { operation }) => {
  const levels = operation.literal ? Number(operation.literal.value) : 1;
  return scope.nodes.flatMap((node) => {
    let at: YqNode | null = node;
    for (let level = 0; at && level < levels; level++) at = at.parent;
    return at ?? [];
  });
};

export const select: Handler = (run, scope, { right }, evaluate) =>
  scope.nodes.filter((node) => evaluate(run, readOnly(over(scope, [node])), right).some(isTrue));

export const has: Handler = (run, scope, { right }, evaluate) => {
  const [wanted = makeNode('scalar', '!!null', 'null')] = evaluate(run, readOnly(scope), right);
  return scope.nodes.map((node) => {
    if (node.kind === 'map')
      return truth(
        [...pairs(node)].some(([known]) => known.value === wanted.value),
        node,
      );
    const isIndex = node.kind === 'seq' && wanted.tag === '!!int';
    return truth(isIndex && node.content.length > Number(wholeOf(wanted.value)), node);
  });
};

export const toEntries = each((node) => {
  if (node.kind !== 'map' && node.kind !== 'seq') {
    if (node.tag !== '!!null') throw new YqError(`${node.tag} has no keys`);
    return [];
  }
  const entries =
    node.kind === 'map' ? [...pairs(node)] : node.content.map((item, index) => [integer(index), item] as const);
  const made = listInPlace(node, entries.map(entryOf));
  made.style = '';
  return made;
});

function entryOf([name, value]: readonly [YqNode, YqNode]): YqNode {
  const entry = makeNode('map', '!!map', '');
  addPair(entry, text('key'), name);
  addPair(entry, text('value'), value);
  return entry;
}

export const fromEntries = each((node) => {
  mustBeList(node, 'from entries only runs against arrays');
  return entriesToMap(node);
});

function entriesToMap(node: YqNode): YqNode {
  const made: YqNode = { ...copyNode({ ...node, content: [] }), kind: 'map', tag: '!!map' };
  for (const [index, entry] of node.content.entries()) {
    addPair(made, partOf(entry, 'key', index), partOf(entry, 'value', index));
  }
  return made;
}

function partOf(entry: YqNode, name: 'key' | 'value', index: number): YqNode {
  // yq takes the items of a list for keys and values, and may break off over it.
  if (entry.kind === 'seq') throw new Unsupported('from_entries of lists');
  const found = entry.kind === 'map' ? [...pairs(entry)].filter(([known]) => known.value === name) : [];
  const part = found.at(-1)?.[1];
  if (!part) throw new YqError(`expected to find one '${name}' entry but found 0 in position ${index}`);
  return part;
}

export const withEntries: Handler = (run, scope, expression, evaluate) =>
  toEntries(run, scope, expression, evaluate).map((entries) => {
    const results = entries.content.flatMap((entry) => evaluate(run, over(scope, [entry]), expression.right));
    const { head, foot, isUnsure, leading } = entries;
    return entriesToMap(Object.assign(list(results), { head, foot, isUnsure, leading }));
  });

export const map: Handler = (run, scope, { right }, evaluate) =>
  scope.nodes.map((node) => {
    const results = evaluate(run, over(scope, childrenOf(run, node)), right);
    return Object.assign(list(results), { style: node.style, isTagged: node.isTagged });
  });

export const filter: Handler = (run, scope, expression, evaluate) =>
  scope.nodes.map((node) => {
    const results = select(run, over(scope, childrenOf(run, node)), expression, evaluate);
    return Object.assign(list(results), { style: node.style, isTagged: node.isTagged });
  });

/** `any` and `all`, with a condition or without. */
export function quantifier(name: 'any' | 'all'): Handler {
  return (run, scope, { right }, evaluate) =>
    scope.nodes.map((node) => {
      mustBeList(node, `${name} only supports arrays, was %`);
      const looksFor = name === 'any';
      const found = node.content.some((item) => {
        const [answer] = right ? evaluate(run, readOnly(over(scope, [item])), right) : [item];
        return answer !== undefined && isTrue(answer) === looksFor;
      });
      return truth(found === looksFor, node);
    });
}

export const reverse = each((node) => {
  mustBeList(node, "node at path [] is not an array (it's a %)");
  return listInPlace(node, [...node.content].reverse());
});

export const flatten: Handler = (_, scope, { operation }) => {
  const depth = operation.literal ? Number(operation.literal.value) : Number.POSITIVE_INFINITY;
  return scope.nodes.map((node) => {
    mustBeList(node, 'only arrays are supported for flatten');
    const made = copyNode({ ...node, content: [] });
    addItems(made, flatItems(node.content, depth));
    return made;
  });
};

function flatItems(items: readonly YqNode[], depth: number): readonly YqNode[] {
  if (depth === 0) return items;
  const flat = items.flatMap((item) => (item.kind === 'seq' ? flatItems(item.content, depth - 1) : [item]));
  return flat.map((item) => ({ ...item, key: null }));
}

/** The text by which an item is grouped. */
function groupKey(run: Run, scope: Scope, item: YqNode, { right }: Parameters<Handler>[2], evaluate: Evaluate): string {
  const [first] = right ? evaluate(run, readOnly(over(scope, [item])), right) : [item];
  if (first && first.kind !== 'scalar') throw new Unsupported('grouping of maps and lists');
  return first?.value ?? 'null';
}

export const unique: Handler = (run, scope, expression, evaluate) =>
  scope.nodes.map((node) => {
    mustBeList(node, 'Only arrays are supported for unique');
    const found = new Map<string, YqNode>();
    for (const item of node.content) {
      const name = groupKey(run, scope, item, expression, evaluate);
      if (!found.has(name)) found.set(name, item);
    }
    return listInPlace(node, [...found.values()]);
  });

export const groupBy: Handler = (run, scope, expression, evaluate) =>
  scope.nodes.map((node) => {
    mustBeList(node, 'only arrays are supported for group by');
    const groups = new Map<string, YqNode[]>();
    for (const item of node.content) {
      const name = groupKey(run, scope, item, expression, evaluate);
      groups.set(name, [...(groups.get(name) ?? []), item]);
    }
    const made = inPlaceOf(node, makeNode('seq', '!!seq', ''));
    addItems(made, [...groups.values()].map(list));
    return made;
  });

export const sort: Handler = (run, scope, { right }, evaluate) =>
  scope.nodes.map((node) => {
    mustBeList(node, "node at path [] is not an array (it's a %)");
    const ranked = node.content.map((item) => ({
      item,
      ranks: right ? evaluate(run, readOnly(over(scope, [item])), right) : [item],
    }));
    spend(run, ranked.length * 10);
    ranked.sort((one, other) => {
      for (const [index, left] of one.ranks.entries()) {
        const right = other.ranks[index];
        const difference = right ? inOrder(left, right) : 0;
        if (difference !== 0) return difference;
      }
      return 0;
    });
    return listInPlace(
      node,
      ranked.map(({ item }) => item),
    );
  });

export function extreme(how: '<' | '>'): Handler {
  return each((node, run) => {
    const [first, ...rest] = childrenOf(run, node);
    if (!first) return [];
    return rest.reduce((best, item) => (isOrdered(item, best, how) ? item : best), first);
  });
}

export const toText = each((node, run) => {
  if (node.kind === 'scalar') {
    return {
      ...replaced(node, '!!str', node.value),
      style: node.tag === '!!str' ? ('' as const) : ('double' as const),
    };
  }
  return { ...replaced(node, '!!str', printYaml(node, run.indent).replace(/\n+$/, '')), style: 'double' as const };
});

export const toNumber = each((node) => {
  if (node.kind !== 'scalar')
    throw new YqError(`cannot convert node at path ${nicePath(node)} of tag ${node.tag} to number`);
  if (node.tag === '!!int' || node.tag === '!!float') return node;
  return replaced(node, numberTag(node), node.value);
});

function numberTag(node: YqNode): string {
  for (const [read, found] of [
    [wholeOf, '!!int'],
    [floatOf, '!!float'],
  ] as const) {
    try {
      read(node.value);
      return found;
    } catch (error) {
      if (!(error instanceof YqError)) throw error;
    }
  }
  throw new YqError(`cannot convert node value [${node.value}] at path ${nicePath(node)} of tag ${node.tag} to number`);
}

export function encodeJson(indent: number | 'as said'): Handler {
  return (run, scope, { operation }) => {
    const depth = indent === 'as said' ? Number(operation.literal?.value ?? 2) : indent;
    const end = depth === 0 ? '' : '\n';
    return scope.nodes.map((node) => replaced(node, '!!str', toJson(run, node, depth) + end));
  };
}

export const encodeYaml = each((node, run) => {
  if (node.leading !== '') throw new Unsupported('to_yaml of a document that begins with a comment or a mark');
  return replaced(node, '!!str', node.kind === 'scalar' && run.unwraps ? `${node.value}\n` : printYaml(node));
});

export function encodeTable(separator: ',' | '\t'): Handler {
  return each((node) => replaced(node, '!!str', toTable(node, separator).replace(/\n+$/, '')));
}

export const decodeYaml = each((node) => {
  if (node.tag === '!!null') throw new Unsupported('from_yaml of null');
  if (node.value.trim() === '') throw new YqError('EOF');
  const [document] = readYaml(node.value);
  if (!document) return nothing('');
  return { ...document, parent: node.parent, key: node.key };
});

export const encodeBase64 = each((node) => {
  if (tagOf(node) !== '!!str') throw new YqError(`cannot encode ${node.tag} as base64, can only operate on strings`);
  return replaced(node, '!!str', btoa(String.fromCharCode(...new TextEncoder().encode(node.value))));
});

export const decodeBase64 = each((node) => {
  try {
    const bytes = Uint8Array.from(atob(node.value), (char) => char.charCodeAt(0));
    return replaced(node, '!!str', new TextDecoder().decode(bytes));
  } catch {
    throw new Unsupported('@base64d of something that is no base64');
  }
});
