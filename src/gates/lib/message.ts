import { YamlValue } from '../../core/yaml/value.ts';

/** What may stand for a placeholder. */
export type MessageValue = string | number | YamlValue;

/** The names in braces of a message, as types. */
export type PlaceholderOf<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

const EMPTY = '(empty)';

/** More of a value than this buries the sentence around it. */
const LONGEST_VALUE = 120;

/**
 * A message with its values in place. Nothing is shown as `(empty)`.
 * In code (`` `{name}` ``) a stray backtick, and blanks at either end, stay visible: two values that differ must look different.
 */
export function renderMessage(message: string, values: Readonly<Record<string, MessageValue>>): string {
  return message.replace(/`\{(\w+)\}`|\{(\w+)\}/g, (_, quoted: string | undefined, plain = '') => {
    const value = values[quoted ?? plain] ?? '';
    return quoted === undefined ? textOf(value) : quote(value);
  });
}

/** A value as code, for parts of a message that are put together by hand. */
export function quote(value: MessageValue): string {
  const text = textOf(value);
  return text === EMPTY ? EMPTY : `\`${visible(text)}\``;
}

function textOf(value: MessageValue): string {
  const text = value instanceof YamlValue ? spelled(value) : String(value);
  // What a script prints for a value that is not there is the word `null`.
  if (text.trim() === '' || text === 'null') return EMPTY;
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function spelled(value: YamlValue): string {
  return value.kind === 'absent' || value.kind === 'null' ? '' : value.raw;
}

function visible(text: string): string {
  return text.replaceAll('`', 'ˋ').replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length));
}
