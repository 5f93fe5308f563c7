import type { YamlValue } from '../../../core/yaml/value.ts';

/** Whether nothing is stated there, as most scripts test it: absent, null, false, an empty text or the word `null`. */
export function isUnset(value: YamlValue): boolean {
  return saysNothing(value.or(''));
}

/** Whether a text that a script got says nothing: empty, or the word `null`. */
export function saysNothing(text: string): boolean {
  return text === '' || text === 'null';
}
