import { addItems, addPair, copyNode, pairs, pathOf, tagOf, type YqNode } from './node.ts';
import { add, multiply, subtract } from './numbers.ts';
import { perCandidate } from './operands.ts';
import { type Handler, over, readOnly } from './run.ts';
import { Unsupported, YqError } from './signals.ts';
import { childrenOf } from './traverse.ts';

/** Gives `node` the value of `other`; it keeps its place, its style where the kind of value stays, and its comments. */
function update(node: YqNode, other: YqNode): void {
  if (node === other) return;
  const isEmptied = node.kind !== 'scalar' && node.content.length === 0;
  if (isEmptied || tagOf(node) !== tagOf(other) || (node.style === '' && !node.isTagged)) {
    node.style = other.style;
    node.isTagged = other.isTagged;
  }
  const source = copyNode(other);
  node.content = [];
  node.kind = other.kind;
  if (other.kind === 'map') for (const [key, value] of pairs(source)) addPair(node, key, value);
  else addItems(node, source.content);
  node.value = other.value;
  if (node.tag === '' || node.tag.startsWith('!!')) node.tag = other.tag;
  node.target = other.target;
  node.head = other.head || node.head;
  node.line = other.line || node.line;
  node.foot = other.foot || node.foot;
  node.isUnsure ||= other.isUnsure;
}

/** `=`: each value on the left becomes each on the right in turn, so the last one stays. */
export const assign: Handler = (run, scope, expression, evaluate) => {
  evaluate(run, scope, expression.left);
  const once = perCandidate((inner, { nodes }, { left, right }) => {
    for (const target of evaluate(inner, over(scope, nodes), left)) {
      for (const value of evaluate(inner, readOnly(over(scope, nodes)), right)) update(target, value);
    }
    return nodes;
  });
  once(run, scope, expression, evaluate);
  return scope.nodes;
};

/** `|=`: the right side sees each value on the left, the last one first. */
export const assignRelative: Handler = (run, scope, { left, right }, evaluate) => {
  for (const target of [...evaluate(run, scope, left)].reverse()) {
    const [value] = evaluate(run, over(scope, [target]), right);
    if (value) update(target, value);
  }
  return scope.nodes;
};

/** `+=`, `-=`, `*=` */
function assignCombined(combine: typeof add): Handler {
  return (run, scope, { left, right }, evaluate) => {
    for (const target of evaluate(run, scope, left)) {
      const original = copyNode(target);
      for (const value of evaluate(run, readOnly(scope), right)) {
        const combined = combine(copyNode(original), value);
        update(target, combined);
        target.anchor = combined.anchor;
      }
    }
    return scope.nodes;
  };
}

export const assignSum = assignCombined(add);
export const assignDifference = assignCombined(subtract);
export const assignProduct = assignCombined(multiply);

export const mapValues: Handler = (run, scope, { right }, evaluate) => {
  for (const node of scope.nodes) {
    if (node.tag === '!!null') throw new Unsupported('map_values of null');
    for (const child of [...childrenOf(run, node)].reverse()) {
      const [value] = evaluate(run, over(scope, [child]), right);
      if (value) update(child, value);
    }
  }
  return scope.nodes;
};

export const del: Handler = (run, scope, { right }, evaluate) => {
  let { nodes } = scope;
  for (const node of [...evaluate(run, readOnly(scope), right)].reverse()) {
    const { parent } = node;
    if (!parent) nodes = nodes.filter((known) => known !== node);
    else remove(parent, node);
  }
  return nodes;
};

function remove(parent: YqNode, node: YqNode): void {
  const last = pathOf(node).at(-1);
  const name = last?.value;
  if (parent.kind === 'map') {
    // A key that is a number leads to nothing in yq 4.44.1, which compares it with the key's text.
    if (last?.tag === '!!int') return;
    parent.content = [...pairs(parent)].flatMap(([key, value]) => (key.value === name ? [] : [key, value]));
  } else if (parent.kind === 'seq') {
    parent.content = parent.content.filter((_, index) => String(index) !== name);
  } else throw new YqError(`cannot delete nodes from parent of tag ${parent.tag}`);
}
