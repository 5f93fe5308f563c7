import { list, wrong } from './builtins.ts';
import { isArray, isObject, JqError, type Json, printJson, typeName } from './value.ts';

/** `@csv`, `@tsv` and their like. Throws `JqError`. */
export function formatted(name: string, value: Json): string {
  const plain = typeof value === 'string' ? value : printJson(value);
  const cell = (item: Json, quote: (text: string) => string) => {
    if (isArray(item) || isObject(item)) throw wrong(item, `is not valid in a ${name} row`);
    if (typeof item === 'string') return quote(item);
    return item === null ? '' : printJson(item);
  };
  switch (name) {
    case 'text':
      return plain;
    case 'json':
      return printJson(value);
    case 'csv':
      return list(value, 'cannot be csv-formatted, only an array can be')
        .map((item) => cell(item, (each) => `"${each.replaceAll('"', '""')}"`))
        .join(',');
    case 'tsv':
      return list(value, 'cannot be tsv-formatted, only an array can be')
        .map((item) =>
          cell(item, (each) =>
            each.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r'),
          ),
        )
        .join('\t');
    case 'html':
      return plain.replace(
        /[<>&'"]/g,
        (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' })[char] ?? char,
      );
    case 'uri':
      return encodeURIComponent(plain).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      );
    case 'sh':
      return (isArray(value) ? value : [value]).map(quotedForShell).join(' ');
    case 'base64':
      return btoa(String.fromCharCode(...new TextEncoder().encode(plain)));
    case 'base64d':
      return new TextDecoder().decode(Uint8Array.from(atob(plain), (char) => char.charCodeAt(0)));
    default:
      throw new JqError(`${name} is not a valid format`);
  }
}

function quotedForShell(item: Json): string {
  if (typeof item === 'string') return `'${item.replaceAll("'", "'\\''")}'`;
  if (isArray(item) || isObject(item))
    throw new JqError(`${typeName(item)} (${printJson(item)}) can not be escaped for shell`);
  return printJson(item);
}
