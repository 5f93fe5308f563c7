import { compareJson, isArray, isObject, JqError, type Json, printJson, typeName } from './value.ts';

/** `+`, `-`, `*`, `/`, `%` on any values. Throws `JqError`. */
export function arithmetic(operator: string, one: Json, other: Json): Json {
  const refuse = (doing: string) => new JqError(`${describe(one)} and ${describe(other)} cannot be ${doing}`);
  switch (operator) {
    case '+':
      return sum(one, other) ?? fail(refuse('added'));
    case '-':
      if (typeof one === 'number' && typeof other === 'number') return one - other;
      if (isArray(one) && isArray(other))
        return one.filter((item) => !other.some((each) => compareJson(item, each) === 0));
      throw refuse('subtracted');
    case '*':
      if (typeof one === 'number' && typeof other === 'number') return one * other;
      if (typeof one === 'string' && typeof other === 'number')
        return other <= 0 ? null : one.repeat(Math.max(1, Math.floor(other)));
      if (isObject(one) && isObject(other)) return merged(one, other);
      throw refuse('multiplied');
    case '/':
      if (typeof one === 'number' && typeof other === 'number') {
        if (other === 0)
          throw new JqError(`${describe(one)} and ${describe(other)} cannot be divided because the divisor is zero`);
        return one / other;
      }
      if (typeof one === 'string' && typeof other === 'string') return splitText(one, other);
      throw refuse('divided');
    default:
      if (typeof one !== 'number' || typeof other !== 'number') throw refuse('divided');
      if (Math.trunc(other) === 0)
        throw new JqError(`${describe(one)} and ${describe(other)} cannot be divided because the divisor is zero`);
      return Math.trunc(one) % Math.abs(Math.trunc(other));
  }
}

function fail(error: JqError): never {
  throw error;
}

function sum(one: Json, other: Json): Json | undefined {
  if (one === null) return other;
  if (other === null) return one;
  if (typeof one === 'number' && typeof other === 'number') return one + other;
  if (typeof one === 'string' && typeof other === 'string') return one + other;
  if (isArray(one) && isArray(other)) return [...one, ...other];
  if (isObject(one) && isObject(other)) return new Map([...one, ...other]);
  return undefined;
}

function merged(one: ReadonlyMap<string, Json>, other: ReadonlyMap<string, Json>): Json {
  const result = new Map(one);
  for (const [key, value] of other) {
    const before = result.get(key);
    result.set(key, isObject(before) && isObject(value) ? merged(before, value) : value);
  }
  return result;
}

export function splitText(text: string, separator: string): Json {
  if (text === '') return [];
  return separator === '' ? [...text] : text.split(separator);
}

function describe(value: Json): string {
  const text = printJson(value);
  return value === null ? 'null' : `${typeName(value)} (${text.length > 11 ? `${text.slice(0, 10)}...` : text})`;
}
