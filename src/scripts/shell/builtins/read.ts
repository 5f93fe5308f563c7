import type { Shell } from '../shell.ts';
import { Input } from '../streams.ts';
import { assignList, assignNamed, type Builtin, takeOptions } from './builtin.ts';

function inputOf(shell: Shell, fd: number): Input | null {
  const descriptor = shell.descriptors.get(fd);
  return descriptor && 'input' in descriptor ? descriptor.input : null;
}

export const read: Builtin = (shell, args) => {
  const taken = takeOptions(shell, 'read', args, 'rse', 'adnNptu');
  if (!taken) return 2;
  const { options, rest } = taken;
  const input = inputOf(shell, Number(options.get('u') ?? 0));
  const limit = options.get('t') ?? '';
  if (options.has('t') && !/^\d*\.?\d*$/.test(limit)) {
    shell.complain(`read: ${limit}: invalid timeout specification`);
    return 1;
  }
  const hasLimit = options.has('t') || (shell.get('TMOUT') ?? '') !== '';
  if (hasLimit && (input?.isLive || (!input && Number(limit) === 0))) shell.host.needs('how long read waits');
  // It asks whether there is something to read, and of a file there always is.
  if (options.has('t') && Number(limit) === 0) return 0;
  if (!input) return 1;
  const delimiter = options.has('d') ? (options.get('d') ?? '').slice(0, 1) : '\n';
  const count = Number(options.get('n') ?? options.get('N') ?? 0);
  const isRaw = options.has('r');
  const { text, isComplete } =
    count > 0 ? readCharacters(input, count, delimiter, options.has('N')) : readLine(input, delimiter, isRaw);
  const arrayName = options.get('a');
  if (arrayName !== undefined) {
    const fields = splitFields(shell, text, Number.POSITIVE_INFINITY, isRaw);
    return assignList(shell, 'read', arrayName, fields) && isComplete ? 0 : 1;
  }
  if (rest.length === 0) shell.set('REPLY', unescaped(text, isRaw));
  else if (options.has('N')) return assignNamed(shell, 'read', rest[0] ?? '', text) && isComplete ? 0 : 1;
  else {
    const fields = splitFields(shell, text, rest.length, isRaw);
    for (const [index, name] of rest.entries()) if (!assignNamed(shell, 'read', name, fields[index] ?? '')) return 1;
  }
  return isComplete ? 0 : 1;
};

function unescaped(text: string, isRaw: boolean): string {
  return isRaw ? text : text.replace(/\\([\s\S]?)/g, '$1');
}

function readCharacters(
  input: Input,
  count: number,
  delimiter: string,
  isExact: boolean,
): { text: string; isComplete: boolean } {
  let text = '';
  while (text.length < count) {
    const char = input.characters(1);
    if (char === '') return { text, isComplete: false };
    if (char === delimiter && !isExact) return { text, isComplete: true };
    text += char;
  }
  return { text, isComplete: true };
}

/** Up to the delimiter; without `-r` a backslash at the end of a line joins it with the next. */
function readLine(input: Input, delimiter: string, isRaw: boolean): { text: string; isComplete: boolean } {
  let text = '';
  for (;;) {
    const line = input.line(delimiter);
    if (line === null) return { text, isComplete: false };
    const end = delimiter === '' ? '\0' : delimiter;
    const isComplete = line.endsWith(end);
    const piece = isComplete ? line.slice(0, -1) : line;
    const isJoined = !isRaw && isComplete && delimiter === '\n' && /(?<!\\)(?:\\\\)*\\$/.test(piece);
    if (!isJoined) return { text: (text + piece).replaceAll('\0', ''), isComplete };
    text += piece.slice(0, -1);
  }
}

/** Splits by `IFS` into at most `most` fields; the last one takes what is left. */
function splitFields(shell: Shell, text: string, most: number, isRaw: boolean): string[] {
  const separators = shell.get('IFS') ?? ' \t\n';
  const isSpace = (char: string) => separators.includes(char) && /[ \t\n]/.test(char);
  const fields: string[] = [];
  let at = 0;
  const skipSpace = () => {
    while (at < text.length && isSpace(text[at] ?? '')) at++;
  };
  skipSpace();
  while (at < text.length) {
    if (fields.length === most - 1) {
      fields.push(lastField(text.slice(at), separators, isSpace, isRaw));
      return fields;
    }
    let field = '';
    while (at < text.length && !separators.includes(text[at] ?? '')) {
      if (text[at] === '\\' && !isRaw) at++;
      field += text[at] ?? '';
      at++;
    }
    fields.push(field);
    skipSpace();
    if (at < text.length && separators.includes(text[at] ?? '') && !isSpace(text[at] ?? '')) {
      at++;
      skipSpace();
    }
  }
  return fields;
}

/** What the last name gets: the rest without the space at its end, nor a separator that only ends one more field. */
function lastField(rest: string, separators: string, isSpace: (char: string) => boolean, isRaw: boolean): string {
  let end = rest.length;
  while (end > 0 && isSpace(rest[end - 1] ?? '') && (isRaw || rest[end - 2] !== '\\')) end--;
  const text = rest.slice(0, end);
  const hard = [...text].filter((char) => separators.includes(char) && !isSpace(char));
  const endsField = hard.length === 1 && separators.includes(text.at(-1) ?? '') && !isSpace(text.at(-1) ?? '');
  return unescaped(endsField ? text.slice(0, -1) : text, isRaw);
}

/** What a line of `mapfile` costs, in characters handled. */
const LINE = 250;

export const mapfile: Builtin = (shell, args) => {
  const taken = takeOptions(shell, 'mapfile', args, 't', 'dnsuO');
  if (!taken) return 2;
  const { options, rest } = taken;
  if (options.has('O')) shell.host.needs('mapfile -O');
  const input = inputOf(shell, Number(options.get('u') ?? 0)) ?? new Input('');
  const delimiter = options.has('d') ? (options.get('d') ?? '').slice(0, 1) : '\n';
  const end = delimiter === '' ? '\0' : delimiter;
  const lines: string[] = [];
  const most = Number(options.get('n') ?? 0) || Number.POSITIVE_INFINITY;
  for (let skipped = Number(options.get('s') ?? 0); skipped > 0; skipped--) input.line(delimiter);
  for (
    let line = lines.length < most ? input.line(delimiter) : null;
    line !== null;
    line = lines.length < most ? input.line(delimiter) : null
  ) {
    const isStripped = (options.has('t') || delimiter === '') && line.endsWith(end);
    lines.push(isStripped ? line.slice(0, -1) : line);
  }
  shell.host.budget.handled(LINE * lines.length);
  return assignList(shell, 'mapfile', rest[0] ?? 'MAPFILE', lines) ? 0 : 1;
};
