import { matchesWildcard } from '../../core/text/wildcard.ts';
import { isTrue, pairs, tagOf, truth, valueAt, type YqNode } from './node.ts';
import { described, floatOf, isNumber, wholeOf } from './numbers.ts';
import { Unsupported, YqError } from './signals.ts';

/** `==` and `!=`: null equals null only, scalars compare by their text, in which the right side's `*` and `?` are wildcards. */
export function equals(isNegated: boolean): (left: YqNode | null, right: YqNode | null) => YqNode {
  return (left, right) => truth(isEqual(left, right) !== isNegated, left ?? right);
}

function isEqual(left: YqNode | null, right: YqNode | null): boolean {
  if (!left || !right) return left === right || (left ?? right)?.tag === '!!null';
  if (left.tag === '!!null') return right.tag === '!!null';
  return left.kind === 'scalar' && right.kind === 'scalar' && matchesWildcard(left.value, right.value);
}

export type Comparison = '<' | '>' | '<=' | '>=';

export function compares(how: Comparison): (left: YqNode | null, right: YqNode | null) => YqNode {
  return (left, right) => {
    if (!left || !right) return truth(!left && !right && how.length === 2, left ?? right);
    return truth(isOrdered(left, right, how), left);
  };
}

export function isOrdered(left: YqNode, right: YqNode, how: Comparison): boolean {
  if (left.kind === 'alias') throw new Unsupported('comparison of an alias');
  if (left.kind === 'map') throw new YqError('maps not yet supported for comparison');
  if (left.kind === 'seq') throw new YqError('arrays not yet supported for comparison');
  if (right.kind !== 'scalar') throw new YqError(`${described(right)} cannot be subtracted from ${left.tag}`);
  const [leftTag, rightTag] = [tagOf(left), tagOf(right)];
  const stamps = stampsOf(left, right);
  if (stamps) return holds(stamps[0] - stamps[1], how);
  if (leftTag === '!!int' && rightTag === '!!int') {
    const difference = wholeOf(left.value) - wholeOf(right.value);
    return holds(difference === 0n ? 0 : difference > 0n ? 1 : -1, how);
  }
  if (isNumber(leftTag) && isNumber(rightTag)) return holds(floatOf(left.value) - floatOf(right.value), how);
  if (leftTag === '!!str' && rightTag === '!!str') return holds(bytewise(left.value, right.value), how);
  if (leftTag === '!!null' || rightTag === '!!null') return leftTag === rightTag && how.length === 2;
  throw new YqError(`${left.tag} not yet supported for comparison`);
}

function holds(difference: number, how: Comparison): boolean {
  if (difference === 0) return how.length === 2;
  return difference > 0 === how.startsWith('>');
}

const STAMP = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d))?$/;

/** Both as milliseconds, where the left one is a point in time. */
function stampsOf(left: YqNode, right: YqNode): readonly [number, number] | null {
  const isStamp = left.tag === '!!timestamp' || (tagOf(left) === '!!str' && instantOf(left.value) !== null);
  if (!isStamp) return null;
  const [one, other] = [instantOf(left.value), instantOf(right.value)];
  if (one === null) throw new Unsupported(`comparison with the time ${left.value}`);
  if (other === null) throw new YqError(`parsing time ${JSON.stringify(right.value)} as "2006-01-02T15:04:05Z07:00"`);
  return [one, other];
}

function instantOf(value: string): number | null {
  const instant = STAMP.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(instant) ? null : instant;
}

function bytewise(one: string, other: string): number {
  if (one === other) return 0;
  const [left, right] = [[...one], [...other]];
  for (const [index, char] of left.entries()) {
    const difference = (char.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return -1;
}

/** The order of `sort`: null, booleans, then numbers among themselves, all else by text. */
export function inOrder(left: YqNode, right: YqNode): number {
  const [leftTag, rightTag] = [tagOf(left), tagOf(right)];
  const ranks = [rank(leftTag), rank(rightTag)] as const;
  if (ranks[0] !== ranks[1]) return ranks[0] - ranks[1];
  if (leftTag === '!!bool') return Number(isTrue(left)) - Number(isTrue(right));
  if (leftTag === '!!timestamp' && rightTag === '!!timestamp') {
    const [one, other] = [instantOf(left.value), instantOf(right.value)];
    if (one !== null && other !== null) return one - other;
  }
  if (isNumber(leftTag) && isNumber(rightTag)) return numberOf(left, leftTag) - numberOf(right, rightTag);
  return bytewise(left.value, right.value);
}

function rank(tag: string): number {
  if (tag === '!!null') return 0;
  return tag === '!!bool' ? 1 : 2;
}

function numberOf(node: YqNode, tag: string): number {
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(node.value)) throw new Unsupported(`order of the number ${node.value}`);
  return tag === '!!int' ? Number(wholeOf(node.value)) : floatOf(node.value);
}

/** `contains`: of texts a part, of lists each item in some item, of maps each key's value in the value. */
export function containing(left: YqNode, right: YqNode): YqNode {
  if (left.kind !== right.kind) throw new YqError(`${right.tag} cannot check contained in ${left.tag}`);
  return truth(holdsIn(left, right), left);
}

function holdsIn(left: YqNode, right: YqNode): boolean {
  if (left.kind === 'map') {
    if (right.kind !== 'map') return false;
    return [...pairs(right)].every(([key, value]) => {
      const found = valueAt(left, key);
      return found !== null && holdsIn(found, value);
    });
  }
  if (left.kind === 'seq') {
    const wanted = right.kind === 'seq' ? right.content : [right];
    return wanted.every((value) => left.content.some((item) => holdsIn(item, value)));
  }
  if (left.kind === 'alias') throw new YqError(`${left.tag} not yet supported for contains`);
  if (right.kind !== 'scalar' || left.tag !== right.tag) return false;
  if (left.tag === '!!null') return true;
  return left.tag === '!!str' ? left.value.includes(right.value) : left.value === right.value;
}
