import { own } from '../../../core/own.ts';
import { createMatcher, type Matcher } from '../../regex/matcher.ts';
import { arithmetic, splitText } from './operators.ts';
import { getPath, indexed, indicesOf, updatePath } from './paths.ts';
import { breakDown, formatTime, makeTime, parseTime } from './time.ts';
import {
  compareJson,
  isArray,
  isObject,
  isTruthy,
  JqError,
  JqHalt,
  type Json,
  parseJson,
  printJson,
  typeName,
} from './value.ts';

/** Several results instead of one. */
type Answer = Json | { readonly each: Iterable<Json> } | undefined;

/** A function of plain values; undefined where there is none of that name and number of arguments. */
export function builtin(name: string, value: Json, args: readonly Json[]): Answer {
  const table = args.length === 0 ? withoutArguments : withArguments;
  return table(name, value, args);
}

/** A mistake about a value, with its beginning. */
export function wrong(value: Json, what: string): JqError {
  return new JqError(`${typeName(value)} (${printJson(value).slice(0, 11)}) ${what}`);
}

/** A value as a list. Throws `JqError` with `what` where it is none. */
export function list(value: Json, what: string): readonly Json[] {
  if (isArray(value)) return value;
  throw wrong(value, what);
}

function text(value: Json, what: string): string {
  if (typeof value === 'string') return value;
  throw wrong(value, what);
}

function withoutArguments(name: string, value: Json): Answer {
  switch (name) {
    case 'not':
      return !isTruthy(value);
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    case 'type':
      return typeName(value);
    case 'length':
      return lengthOf(value);
    case 'utf8bytelength':
      return new TextEncoder().encode(text(value, 'only strings have UTF-8 byte length')).length;
    case 'keys':
    case 'keys_unsorted':
      if (isArray(value)) return [...value.keys()];
      if (!isObject(value)) throw wrong(value, 'has no keys');
      return name === 'keys' ? [...value.keys()].sort() : [...value.keys()];
    case 'add':
      return isObject(value) ? total([...value.values()]) : total(list(value, 'cannot be iterated over'));
    case 'tostring':
      return typeof value === 'string' ? value : printJson(value);
    case 'tojson':
      return printJson(value);
    case 'fromjson':
      return firstOf(parseJson(text(value, 'cannot be parsed as JSON')));
    case 'tonumber':
      return toNumber(value);
    case 'explode':
      return [...text(value, 'cannot be exploded')].map((char) => char.codePointAt(0) ?? 0);
    case 'implode':
      return list(value, 'cannot be imploded')
        .map((code) => String.fromCodePoint(Number(code)))
        .join('');
    case 'reverse':
      if (typeof value === 'string') return [...value].reverse().join('');
      return value === null ? [] : [...list(value, 'cannot be reversed')].reverse();
    case 'sort':
      return [...list(value, 'cannot be sorted, as it is not an array')].sort(compareJson);
    case 'unique':
      return uniqueOf([...list(value, 'cannot be sorted, as it is not an array')].sort(compareJson));
    case 'min':
      return extreme(list(value, 'cannot be compared'), -1);
    case 'max':
      return extreme(list(value, 'cannot be compared'), 1);
    case 'flatten':
      return flat(list(value, 'cannot be flattened'), Number.POSITIVE_INFINITY);
    case 'trim':
      return text(value, 'cannot be trimmed').trim();
    case 'ltrim':
      return text(value, 'cannot be trimmed').trimStart();
    case 'rtrim':
      return text(value, 'cannot be trimmed').trimEnd();
    case 'halt':
      throw new JqHalt(0, '');
    case 'infinite':
      return Number.POSITIVE_INFINITY;
    case 'nan':
      return Number.NaN;
    case 'isnan':
      return Number.isNaN(value);
    case 'isinfinite':
      return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
    case 'isnormal':
      return typeof value === 'number' && Number.isFinite(value) && value !== 0;
    case 'debug':
    case 'stderr':
      return value;
    case 'gmtime':
      return breakDown(Number(value));
    case 'mktime':
      return makeTime(value);
    case 'input_filename':
      return null;
    case 'builtins':
      return undefined;
    default:
      return mathematics(name, value);
  }
}

function mathematics(name: string, value: Json): Answer {
  const functions: Readonly<Record<string, (number: number) => number>> = {
    floor: Math.floor,
    ceil: Math.ceil,
    round: Math.round,
    sqrt: Math.sqrt,
    fabs: Math.abs,
    trunc: Math.trunc,
    log: Math.log,
    log2: Math.log2,
    log10: Math.log10,
    exp: Math.exp,
  };
  const calculate = own(functions, name);
  if (!calculate) return undefined;
  if (typeof value !== 'number') throw wrong(value, 'number required');
  return calculate(value);
}

function firstOf(values: Iterable<Json>): Json {
  for (const value of values) return value;
  return null;
}

function lengthOf(value: Json): Json {
  if (value === null) return 0;
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'number') return Math.abs(value);
  if (isArray(value)) return value.length;
  if (isObject(value)) return value.size;
  throw wrong(value, 'has no length');
}

function total(items: readonly Json[]): Json {
  let sum: Json = null;
  for (const item of items) sum = arithmetic('+', sum, item);
  return sum;
}

function toNumber(value: Json): Json {
  if (typeof value === 'number') return value;
  const given = text(value, 'cannot be parsed as a number');
  if (!/^-?\d*\.?\d+(?:[eE][-+]?\d+)?$|^-?\d+\.$/.test(given.trim()))
    throw new JqError(`Cannot be parsed as a number: ${given}`);
  return Number(given);
}

function uniqueOf(sorted: readonly Json[]): Json {
  return sorted.filter((item, index) => index === 0 || compareJson(item, sorted[index - 1] ?? null) !== 0);
}

function extreme(items: readonly Json[], sign: 1 | -1): Json {
  let best: Json | undefined;
  for (const item of items) if (best === undefined || sign * compareJson(item, best) >= (sign > 0 ? 0 : 1)) best = item;
  return best ?? null;
}

function flat(items: readonly Json[], depth: number): Json[] {
  return items.flatMap((item) => (isArray(item) && depth > 0 ? flat(item, depth - 1) : [item]));
}

function withArguments(name: string, value: Json, args: readonly Json[]): Answer {
  const [first = null, second = null] = args;
  switch (`${name}/${args.length}`) {
    case 'has/1':
      return hasKey(value, first);
    case 'contains/1':
      return contains(value, first);
    case 'startswith/1':
      return text(value, 'startswith() requires string inputs').startsWith(
        text(first, 'startswith() requires string inputs'),
      );
    case 'endswith/1':
      return text(value, 'endswith() requires string inputs').endsWith(
        text(first, 'endswith() requires string inputs'),
      );
    case 'ltrimstr/1':
      return typeof value === 'string' && typeof first === 'string' && value.startsWith(first)
        ? value.slice(first.length)
        : value;
    case 'rtrimstr/1':
      return typeof value === 'string' && typeof first === 'string' && first !== '' && value.endsWith(first)
        ? value.slice(0, -first.length)
        : value;
    case 'split/1':
      return splitText(text(value, 'cannot be split'), text(first, 'cannot be split'));
    case 'join/1':
      return joined(list(value, 'cannot be joined'), first);
    case 'flatten/1':
      return flat(list(value, 'cannot be flattened'), Number(first));
    case 'index/1':
    case 'rindex/1':
    case 'indices/1': {
      const found = places(value, first);
      if (name === 'indices') return found;
      return isArray(found) ? (found.at(name === 'index' ? 0 : -1) ?? null) : null;
    }
    case 'setpath/2':
      return updatePath(value, list(first, 'is no path'), () => second);
    case 'getpath/1':
      return getPath(value, list(first, 'is no path'));
    case 'tojson/1':
      return undefined;
    case 'strftime/1':
      return formatTime(typeof value === 'number' ? breakDown(value) : value, text(first, 'is no format'));
    case 'strptime/1':
      return parseTime(text(value, 'strptime/1 requires string inputs and arguments'), text(first, 'is no format'));
    case 'pow/2':
      return Number(first) ** Number(second);
    case '_by/2':
      return ordered(list(value, 'cannot be sorted, as it is not an array'), list(first, ''), String(second));
    case 'halt_error/1':
      if (typeof first !== 'number') throw new JqError('halt_error/1: number required');
      throw new JqHalt(first, typeof value === 'string' ? value : `${printJson(value)}\n`);
    case 'debug/1':
      return value;
    case 'test/2':
      return !matches(value, first, second).next().done;
    case 'match/2':
      return { each: matches(value, first, second) };
    case 'split/2':
      return splitBy(text(value, 'cannot be split'), first, second);
    case 'splits/1':
      return undefined;
    case 'in/1':
      return hasKey(first, value);
    case 'error/1':
      throw new JqError(first);
    default:
      return undefined;
  }
}

function hasKey(value: Json, key: Json): Json {
  if (isObject(value) && typeof key === 'string') return value.has(key);
  if (isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
  throw new JqError(
    `Cannot check whether ${typeName(value)} has a ${typeof key === 'string' ? 'string' : typeName(key)} key`,
  );
}

function contains(one: Json, other: Json): boolean {
  if (isObject(one) && isObject(other))
    return [...other].every(([key, value]) => one.has(key) && contains(one.get(key) ?? null, value));
  if (isArray(one) && isArray(other))
    return other.every((item) => one.some((each) => typeName(each) === typeName(item) && contains(each, item)));
  if (typeof one === 'string' && typeof other === 'string') return one.includes(other);
  if (typeName(one) !== typeName(other))
    throw new JqError(`${typeName(one)} and ${typeName(other)} cannot have their containment checked`);
  return compareJson(one, other) === 0;
}

function joined(items: readonly Json[], separator: Json): Json {
  const between = text(separator, 'cannot join');
  return items
    .map((item) => {
      if (item === null) return '';
      if (isArray(item) || isObject(item)) throw new JqError(`Cannot join with ${typeName(item)}`);
      return typeof item === 'string' ? item : printJson(item);
    })
    .join(between);
}

function places(value: Json, key: Json): Json {
  if (value === null) return null;
  if (typeof value === 'string' && typeof key === 'string') {
    const found: number[] = [];
    for (let at = value.indexOf(key); at >= 0 && key !== ''; at = value.indexOf(key, at + 1))
      found.push([...value.slice(0, at)].length);
    return found;
  }
  if (isArray(value))
    return isArray(key)
      ? indicesOf(value, key)
      : value.flatMap((item, index) => (compareJson(item, key) === 0 ? [index] : []));
  return indexed(value, key);
}

/** What the functions with `_by` have in common: items by the values that were made of them. */
function ordered(items: readonly Json[], keys: readonly Json[], how: string): Json {
  const pairs = items.map((item, index) => ({ item, key: keys[index] ?? null }));
  if (how === 'min' || how === 'max') {
    let best = pairs[0];
    for (const pair of pairs) {
      const order = compareJson(pair.key, best?.key ?? null);
      if (how === 'min' ? order < 0 : order >= 0) best = pair;
    }
    return best?.item ?? null;
  }
  pairs.sort((one, other) => compareJson(one.key, other.key));
  if (how === 'sort') return pairs.map(({ item }) => item);
  const groups: { key: Json; items: Json[] }[] = [];
  for (const { item, key } of pairs) {
    const last = groups.at(-1);
    if (last && compareJson(last.key, key) === 0) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return how === 'group' ? groups.map((group) => group.items) : groups.map((group) => group.items[0] ?? null);
}

function expression(
  pattern: Json,
  flags: Json,
): { matcher: Matcher; isGlobal: boolean; names: readonly (string | null)[]; flags: string } {
  const [source = null, given = null] = isArray(pattern) ? pattern : [pattern, flags];
  const letters = given === null ? '' : text(given, 'is not a string');
  const regex = text(source, 'cannot be matched, as it is not a string');
  const names = [...regex.matchAll(/\\.|\((?:\?P?<([A-Za-z_]\w*)>|(?!\?))/g)]
    .filter(([token]) => !token.startsWith('\\'))
    .map((found) => found[1] ?? null);
  const plain = letters.includes('x') ? regex.replace(/\s+|#[^\n]*/g, '') : regex;
  return {
    matcher: createMatcher([plain], 'perl', { ignoreCase: letters.includes('i') }),
    isGlobal: letters.includes('g'),
    names,
    flags: letters,
  };
}

function* matches(value: Json, pattern: Json, flags: Json): Generator<Json> {
  const subject = text(value, 'cannot be matched, as it is not a string');
  const { matcher, isGlobal, names } = expression(pattern, flags);
  const offset = (at: number) => [...subject.slice(0, at)].length;
  for (let from = 0; from <= subject.length; ) {
    const found = matcher.find(subject, from);
    if (!found) return;
    const whole = subject.slice(found.start, found.end);
    let searched = found.start;
    const captures = found.groups.slice(1).map((group, index): Json => {
      const at = group === undefined ? -1 : subject.indexOf(group, searched);
      if (at >= 0) searched = at;
      return new Map<string, Json>([
        ['offset', at < 0 ? -1 : offset(at)],
        ['length', group === undefined ? 0 : [...group].length],
        ['string', group ?? null],
        ['name', names[index] ?? null],
      ]);
    });
    yield new Map<string, Json>([
      ['offset', offset(found.start)],
      ['length', [...whole].length],
      ['string', whole],
      ['captures', captures],
    ]);
    if (!isGlobal) return;
    from = found.end > found.start ? found.end : found.end + 1;
  }
}

function splitBy(subject: string, pattern: Json, flags: Json): Json {
  const { matcher } = expression(pattern, flags);
  const parts: string[] = [];
  let at = 0;
  for (let from = 0; from <= subject.length; ) {
    const found = matcher.find(subject, from);
    if (!found) break;
    parts.push(subject.slice(at, found.start));
    at = found.end;
    from = found.end > found.start ? found.end : found.end + 1;
  }
  return [...parts, subject.slice(at)];
}
