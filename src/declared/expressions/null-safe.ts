import { type CelFunc, CelScalar, type CelValue, celFunc, celList, isCelList, isCelMap } from '@bufbuild/cel';
import { asksForEncrypted, encryptedWith } from '../../core/content.ts';
import { Unavailable } from '../../core/signals.ts';
import { type Budget, stepsFor } from './budget.ts';
import type { Guarded } from './host.ts';
import { encryptedBelow, weightOf } from './values.ts';

/** What `rewrite` puts in the place of the operators that fail on a missing key, or that can grow without end. */
export const SAFE = {
  get: '@get',
  has: '@has',
  at: '@at',
  add: '@add',
  each: '@each',
  every: '@every',
  tick: '@tick',
  weigh: '@weigh',
} as const;

const { DYN, STRING, BOOL, INT, NULL } = CelScalar;
/** Beyond this, a text or list is nothing that a gate needs. */
const LONGEST = 1_000_000;

export function nullSafeFunctions(guarded: Guarded): readonly CelFunc[] {
  return [
    celFunc(SAFE.get, [DYN, STRING], DYN, (value, key) => inClear(getField(value, key), guarded)),
    celFunc(SAFE.has, [DYN, STRING], BOOL, (value, key) => getField(value, key) !== null),
    celFunc(SAFE.at, [DYN, DYN], DYN, (value, key) => inClear(itemAt(value, key), guarded)),
    celFunc(SAFE.add, [DYN, DYN], DYN, (one, other) => guarded((_, budget) => add(one, other, budget))),
    celFunc(SAFE.each, [DYN], DYN, (range) => inClear(range ?? celList([]), guarded)),
    celFunc(SAFE.every, [DYN], DYN, (range) => {
      if (range === null) throw new TypeError('nothing there to say `all` of: the list is null');
      return inClear(range, guarded);
    }),
    celFunc(SAFE.tick, [DYN, INT], DYN, (value, size) =>
      guarded((_, budget) => {
        budget.spend(stepsFor(Number(size)));
        return value;
      }),
    ),
    celFunc('@in', [DYN, NULL], BOOL, () => false),
    celFunc(SAFE.weigh, [DYN], DYN, (value) =>
      guarded((_, budget) => {
        budget.spend(weightOf(value) / 16);
        return inClear(value, guarded, true);
      }),
    ),
  ];
}

/**
 * A value that somebody looks at, or the items of a list: one that is encrypted says nothing of what it stands for.
 * Whoever asks whether it is encrypted names how that looks. Throws `Unavailable`.
 */
function inClear<T extends CelValue>(value: T, guarded: Guarded, isWhole = false): T {
  const by = typeof value === 'string' ? encryptedWith(value) : encryptedBelow(value, isWhole);
  if (by === undefined) return value;
  return guarded((_, __, source) => {
    if (asksForEncrypted(source)) return value;
    throw new Unavailable(`it asks for a value that is encrypted with ${by}`, { isLasting: true });
  });
}

function getField(value: CelValue, key: string): CelValue {
  if (value === null) return null;
  if (isCelMap(value)) return value.get(key) ?? null;
  const kind = isCelList(value) ? 'a list' : 'a single value';
  throw new TypeError(`\`.${key}\` asks for a map, and this is ${kind}`);
}

function itemAt(value: CelValue, key: CelValue): CelValue {
  if (value === null) return null;
  if (isCelList(value)) {
    if (typeof key === 'bigint' || typeof key === 'number') return value.get(Number(key)) ?? null;
    throw new TypeError('an item of a list is asked for by a number');
  }
  if (!isCelMap(value)) throw new TypeError('`[…]` asks for a list or a map, and this is a single value');
  if (typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean') return value.get(key) ?? null;
  return null;
}

function add(one: CelValue, other: CelValue, budget: Budget): CelValue {
  if (typeof one === 'string' && typeof other === 'string') {
    if (one.length + other.length > LONGEST) throw new TypeError(`a text of more than ${LONGEST} characters`);
    return one + other;
  }
  if (typeof one === 'bigint' && typeof other === 'bigint') return one + other;
  const isNumber = (value: CelValue) => typeof value === 'bigint' || typeof value === 'number';
  if (isNumber(one) && isNumber(other)) return Number(one) + Number(other);
  if (isCelList(one) && isCelList(other)) {
    budget.spend(1 + (one.size + other.size) / 16);
    return celList([...one, ...other]);
  }
  throw new TypeError(
    one === null || other === null
      ? 'nothing there to add: one side of `+` is null'
      : '`+` takes two numbers, two texts or two lists',
  );
}
