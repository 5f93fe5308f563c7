import {
  addItems,
  addPair,
  copyNode,
  makeNode,
  nicePath,
  nothing,
  pairs,
  sameNode,
  tagOf,
  type YqNode,
} from './node.ts';
import { Unsupported, YqError } from './signals.ts';

const LARGEST = 2n ** 63n - 1n;

/** A whole number and how it was written; throws where Go's parser would. */
function wholeNumber(value: string): { readonly number: bigint; readonly print: (number: bigint) => string } {
  if (/^0[xX][0-9a-fA-F]+$/.test(value)) {
    return { number: BigInt(value.toLowerCase()), print: (number) => `0x${number.toString(16).toUpperCase()}` };
  }
  if (/^0o[0-7]+$/.test(value)) return { number: BigInt(value), print: (number) => `0o${number.toString(8)}` };
  if (!/^[-+]?\d+$/.test(value)) throw notANumber('Int', value);
  const number = BigInt(value.replace(/^\+/, ''));
  if (number > LARGEST || number < -LARGEST - 1n) {
    throw new YqError(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  }
  return { number, print: String };
}

function notANumber(kind: 'Int' | 'Float', value: string): YqError {
  return new YqError(`strconv.Parse${kind}: parsing ${JSON.stringify(value)}: invalid syntax`);
}

export function wholeOf(value: string): bigint {
  return wholeNumber(value).number;
}

export function floatOf(value: string): number {
  if (value.includes('_')) throw new Unsupported(`arithmetic with ${value}`);
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(value)) return Number(value);
  const word = /^([-+]?)(?:inf|infinity|(nan))$/i.exec(value);
  if (!word) throw notANumber('Float', value);
  if (word[2]) return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A number as Go prints it by default: an exponent below 1e-4 and from a million on. */
export function printFloat(number: number): string {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(number);
  if (number === 0 || (size >= 1e-4 && size < 1e6)) return Object.is(number, -0) ? '-0' : String(number);
  return number.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
}

/** Tag and path, for messages. */
export function described(node: YqNode): string {
  return `${node.tag} (${nicePath(node)})`;
}

export function isNumber(tag: string): boolean {
  return tag === '!!int' || tag === '!!float';
}

function result(left: YqNode, tag: string, value: string): YqNode {
  return { ...copyNode({ ...left, content: [] }), kind: 'scalar', tag, value };
}

function arithmetic(
  left: YqNode,
  right: YqNode,
  whole: ((one: bigint, other: bigint) => bigint) | null,
  float: (one: number, other: number) => number,
): YqNode | null {
  const [leftTag, rightTag] = [tagOf(left), tagOf(right)];
  if (whole && leftTag === '!!int' && rightTag === '!!int') {
    const { number, print } = wholeNumber(left.value);
    return result(left, left.tag, print(BigInt.asIntN(64, whole(number, wholeOf(right.value)))));
  }
  if (!isNumber(leftTag) || !isNumber(rightTag)) return null;
  const tag = left.tag.startsWith('!!') ? '!!float' : left.tag;
  return result(left, tag, printFloat(float(floatOf(left.value), floatOf(right.value))));
}

export function add(left: YqNode, right: YqNode): YqNode {
  if (left.kind === 'alias') throw new Unsupported('sum with an alias');
  if (left.tag === '!!null') return Object.assign(copyNode(right), { parent: left.parent, key: left.key });
  if (left.kind === 'seq') return addLists(left, right);
  if (left.kind === 'map') return addMaps(left, right);
  if (right.kind !== 'scalar') throw new YqError(`${described(right)} cannot be added to a ${described(left)}`);
  const [leftTag, rightTag] = [tagOf(left), tagOf(right)];
  if (left.tag === '!!timestamp') throw new Unsupported('sum with a time');
  if (leftTag === '!!str') return result(left, left.tag, rightTag === '!!null' ? left.value : left.value + right.value);
  if (rightTag === '!!str') return result(left, right.tag, left.value + right.value);
  const sum = arithmetic(
    left,
    right,
    (one, other) => one + other,
    (one, other) => one + other,
  );
  if (!sum) throw new YqError(`${leftTag} cannot be added to ${rightTag}`);
  return sum;
}

function addLists(left: YqNode, right: YqNode): YqNode {
  const made = { ...copyNode({ ...left, content: [] }), style: left.content.length === 0 ? ('' as const) : left.style };
  addItems(made, left.content);
  if (right.tag === '!!null') return made;
  const [first] = left.content;
  // A single item is written as the first one is.
  const style = first && first.style !== 'flow' ? first.style : '';
  addItems(made, right.kind === 'seq' ? right.content : [{ ...right, style, isTagged: first?.isTagged ?? false }]);
  return made;
}

function addMaps(left: YqNode, right: YqNode): YqNode {
  if (right.kind !== 'map') throw new YqError(`${described(right)} cannot be added to a ${described(left)}`);
  const made = copyNode(left);
  if (left.content.length === 0) made.style = '';
  for (const [key, value] of pairs(right)) putPair(made, key, value);
  return made;
}

/** Sets a key's value, in its place where there is one. */
function putPair(map: YqNode, key: YqNode, value: YqNode): void {
  const at = map.content.findIndex((known, index) => index % 2 === 0 && sameNode(known, key));
  if (at < 0) {
    addPair(map, key, value);
    return;
  }
  const old = map.content[at + 1] ?? value;
  const put = Object.assign(copyNode(value), { parent: map, key: old.key });
  map.content = map.content.map((known, index) => (index === at + 1 ? put : known));
}

/** One map on top of another, maps in maps likewise; lists are replaced. A map that gets its first key loses its brackets. */
export function merge(left: YqNode, right: YqNode): YqNode {
  if (right.kind !== 'map') return copyNode(right);
  const isNew = left.kind !== 'map' || left.content.length === 0;
  const made = left.kind === 'map' ? copyNode(left) : { ...copyNode(right), content: [] };
  made.style = isNew && right.content.length > 0 ? '' : left.style || right.style;
  made.anchor = right.anchor;
  for (const [key, value] of pairs(right)) {
    const at = made.content.findIndex((known, index) => index % 2 === 0 && known.value === key.value);
    const old = at < 0 ? undefined : made.content[at + 1];
    putPair(made, key, merge(old ?? nothing(), value));
  }
  return made;
}

export function subtract(left: YqNode, right: YqNode): YqNode {
  if (left.tag === '!!null') return Object.assign(copyNode(right), { parent: left.parent, key: left.key });
  if (left.kind === 'map') throw new YqError('maps not yet supported for subtraction');
  if (left.kind !== right.kind) throw new YqError(`${described(right)} cannot be subtracted from ${left.tag}`);
  if (left.kind === 'seq') {
    left.content = left.content.filter((item) => !right.content.some((other) => sameNode(item, other)));
    return left;
  }
  if (left.tag === '!!timestamp') throw new Unsupported('difference from a time');
  if (tagOf(left) === '!!str') throw new YqError('strings cannot be subtracted');
  const difference = arithmetic(
    left,
    right,
    (one, other) => one - other,
    (one, other) => one - other,
  );
  if (!difference) throw new YqError(`${left.tag} cannot be added to ${right.tag}`);
  return difference;
}

export function multiply(left: YqNode, right: YqNode): YqNode {
  if (right.tag === '!!null') return copyNode(left);
  const isOntoNull = left.tag === '!!null' && right.kind !== 'scalar';
  if (isOntoNull || (left.kind === 'map' && right.kind === 'map')) return merge(left, right);
  if (left.kind === 'seq' && right.kind === 'seq')
    return Object.assign(copyNode(right), { parent: left.parent, key: left.key });
  const [leftTag, rightTag] = [tagOf(left), tagOf(right)];
  if (leftTag === '!!str' && rightTag === '!!int') return repeat(left, left.value, right.value);
  if (leftTag === '!!int' && rightTag === '!!str') return repeat(right, right.value, left.value);
  const product = arithmetic(
    left,
    right,
    (one, other) => one * other,
    (one, other) => one * other,
  );
  if (!product) throw new YqError(`cannot multiply ${left.tag} with ${right.tag}`);
  return product;
}

function repeat(node: YqNode, value: string, times: string): YqNode {
  const count = Number(wholeOf(times));
  if (count < 0) throw new YqError(`cannot repeat string by a negative number (${times})`);
  if (count * value.length > 1_000_000) throw new YqError(`cannot repeat string by more than 100 million (${times})`);
  return result(node, '!!str', value.repeat(count));
}

export function divide(left: YqNode, right: YqNode): YqNode {
  if (tagOf(left) === '!!str' && tagOf(right) === '!!str') {
    const made: YqNode = { ...copyNode(left), kind: 'seq', tag: '!!seq', value: '', style: '', content: [] };
    if (left.value !== '')
      addItems(
        made,
        left.value.split(right.value).map((part) => makeNode('scalar', '!!str', part)),
      );
    return made;
  }
  const quotient = arithmetic(left, right, null, (one, other) => one / other);
  if (!quotient) throw new YqError(`${described(left)} cannot be divided by ${described(right)}`);
  return quotient;
}

export function modulo(left: YqNode, right: YqNode): YqNode {
  const isByZero = tagOf(left) === '!!int' && tagOf(right) === '!!int' && wholeOf(right.value) === 0n;
  if (isByZero) throw new YqError('cannot modulo by 0');
  const rest = arithmetic(
    left,
    right,
    (one, other) => one % other,
    (one, other) => one % other,
  );
  if (!rest) throw new YqError(`${described(left)} cannot modulo by ${described(right)}`);
  return rest;
}
