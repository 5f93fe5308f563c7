/** A text so that a shell reads it as one word, in the form that `printf %q` gives it. */
export function quoteArgument(text: string): string {
  if (text === '') return "''";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000-\u001f\u007f]/.test(text)) return ansiQuoted(text);
  return text.replace(/[^A-Za-z0-9_./:=@%+,\-\u0080-\u{10ffff}]/gu, '\\$&').replace(/^[~#]/, '\\$&');
}

/** A text in single quotes, in the form that `${name@Q}` gives it. */
export function quoteForShell(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000-\u001f\u007f]/.test(text)) return ansiQuoted(text);
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const NAMED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\x07': '\\a',
  '\b': '\\b',
  '\v': '\\v',
  '\f': '\\f',
  '\x1b': '\\E',
};

function ansiQuoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const escaped = text.replace(/['\\]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (char) => {
    return NAMED[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `$'${escaped}'`;
}
