import { compareJson, isArray, isObject, JqError, type Json, printJson, typeName } from './value.ts';

/** A part of a path: a key, a place, or a slice as an object with `start` and `end`. */
export function indexed(value: Json, key: Json): Json {
  if (isObject(value) && typeof key === 'string') return value.get(key) ?? null;
  if (isArray(value) && typeof key === 'number') {
    const place = Math.floor(key);
    return value[place < 0 ? value.length + place : place] ?? null;
  }
  if (isArray(value) && isArray(key)) return indicesOf(value, key);
  if (isObject(key) && (isArray(value) || value === null || typeof value === 'string'))
    return sliced(value, key.get('start') ?? null, key.get('end') ?? null);
  if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null)) return null;
  const shown = typeof key === 'string' ? `"${key}"` : typeName(key);
  throw new JqError(
    `Cannot index ${typeName(value)} with ${typeof key === 'string' && isArray(value) ? shown : shown}`,
  );
}

export function indicesOf(value: readonly Json[], key: readonly Json[]): Json {
  const found: number[] = [];
  if (key.length === 0) return null;
  for (let at = 0; at + key.length <= value.length; at++) {
    if (key.every((item, index) => printJson(item) === printJson(value[at + index] ?? null))) found.push(at);
  }
  return found;
}

export function sliced(value: Json, from: Json, to: Json): Json {
  if (value === null) return null;
  if (!isArray(value) && typeof value !== 'string') throw new JqError(`Cannot index ${typeName(value)} with object`);
  if ((from !== null && typeof from !== 'number') || (to !== null && typeof to !== 'number'))
    throw new JqError('Start and end indices of an array slice must be numbers');
  const items = typeof value === 'string' ? [...value] : value;
  const taken = items.slice(from === null ? 0 : Math.floor(from), to === null ? undefined : Math.ceil(to));
  return typeof value === 'string' ? taken.join('') : (taken as readonly Json[]);
}

export function getPath(value: Json, path: readonly Json[]): Json {
  let at = value;
  for (const key of path) {
    if (at === null) return null;
    at = indexed(at, key);
  }
  return at;
}

/** A copy of `value` in which the place at `path` holds what `change` makes of it. */
export function updatePath(value: Json, path: readonly Json[], change: (before: Json) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (typeof key === 'string') {
    if (value !== null && !isObject(value)) throw new JqError(`Cannot index ${typeName(value)} with "${key}"`);
    const copy = new Map(value ?? []);
    copy.set(key, updatePath(copy.get(key) ?? null, rest, change));
    return copy;
  }
  if (typeof key === 'number') return updateElement(value, key, rest, change);
  if (isObject(key)) return updateSlice(value, key, rest, change);
  throw new JqError(`Invalid path component ${printJson(key)}`);
}

function updateElement(value: Json, key: number, rest: readonly Json[], change: (before: Json) => Json): Json {
  if (value !== null && !isArray(value)) throw new JqError(`Cannot index ${typeName(value)} with number`);
  const copy = [...(value ?? [])];
  const place = key < 0 ? copy.length + Math.floor(key) : Math.floor(key);
  if (place < 0) throw new JqError('Out of bounds negative array index');
  while (copy.length < place) copy.push(null);
  copy[place] = updatePath(copy[place] ?? null, rest, change);
  return copy;
}

function updateSlice(
  value: Json,
  key: ReadonlyMap<string, Json>,
  rest: readonly Json[],
  change: (before: Json) => Json,
): Json {
  if (value !== null && !isArray(value)) throw new JqError('Cannot update field at array index of array');
  const items = value ?? [];
  const bounds = [key.get('start') ?? 0, key.get('end') ?? items.length].map((bound) => Number(bound));
  const [from = 0, to = 0] = bounds.map((bound) =>
    Math.min(items.length, Math.max(0, bound < 0 ? items.length + bound : bound)),
  );
  const replaced = updatePath(items.slice(from, to), rest, change);
  if (!isArray(replaced)) throw new JqError('A slice of an array can only be assigned another array');
  return [...items.slice(0, from), ...replaced, ...items.slice(Math.max(from, to))];
}

function deletePath(value: Json, path: readonly Json[]): Json {
  const [key, ...rest] = path;
  if (key === undefined || value === null) return null;
  if (rest.length > 0) {
    const inner = indexed(value, key);
    return inner === null ? value : updatePath(value, [key], () => deletePath(inner, rest));
  }
  if (isObject(value) && typeof key === 'string') {
    const copy = new Map(value);
    copy.delete(key);
    return copy;
  }
  if (isArray(value) && typeof key === 'number')
    return value.filter((_, index) => index !== (key < 0 ? value.length + key : key));
  if (isArray(value) && isObject(key)) return updateSlice(value, key, [], () => []);
  throw new JqError(
    `Cannot delete field at ${typeof key === 'string' ? 'object index' : 'array index'} of ${typeName(value)}`,
  );
}

/** The longest paths go first, so that the others stay true. */
export function withoutPaths(value: Json, paths: Json): Json {
  if (!isArray(paths)) throw new JqError('Paths must be specified as an array');
  let result = value;
  for (const path of [...paths].sort((one, other) => compareJson(other, one)))
    if (isArray(path)) result = deletePath(result, path);
  return result;
}
