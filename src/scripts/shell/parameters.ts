import { matchesPattern, replaced, trimmed } from './patterns.ts';
import { quoteForShell } from './quote.ts';
import type { Shell } from './shell.ts';
import { DiscardCommand, ExitShell } from './signals.ts';
import type { Operation, ParameterPart, Word } from './syntax.ts';

/** A part of an expansion; a break ends a field. */
export type Piece = { readonly text: string; readonly isQuoted: boolean; readonly isSplit: boolean } | 'break';

interface Expanders {
  text(shell: Shell, word: Word): Promise<string>;
  pattern(shell: Shell, word: Word): Promise<string>;
  pieces(shell: Shell, word: Word): Promise<readonly Piece[]>;
}

/** One value, or several for `@` and `*`; undefined where the parameter is not set. */
type Value = { readonly many: readonly string[]; readonly isJoined: boolean } | { readonly one: string | undefined };

/** What `${…}` expands to. */
export async function parameterPieces(
  shell: Shell,
  part: ParameterPart,
  inFields: boolean,
  expand: Expanders,
): Promise<readonly Piece[]> {
  const { operation } = part;
  let value = await valueNamed(shell, part, expand);
  if (part.query === 'length') return piecesOf(shell, part, { one: lengthOf(shell, part, value) }, inFields);
  if (operation && 'emptyToo' in operation) {
    const isMissing = isUnset(value, operation.emptyToo);
    const usesWord = operation.kind === 'alternative' ? !isMissing : isMissing;
    if (operation.kind === 'alternative' && !usesWord && isNone(value)) return [];
    if (operation.kind === 'alternative' && !usesWord) return piecesOf(shell, part, { one: '' }, inFields, true);
    if (usesWord) return wordInstead(shell, part, operation, expand);
  } else {
    refuseUnset(shell, part, value);
    if (operation) value = await apply(shell, part, value, operation, expand);
  }
  return piecesOf(shell, part, value, inFields);
}

async function valueNamed(shell: Shell, part: ParameterPart, expand: Expanders): Promise<Value> {
  if (part.query === 'names') {
    shell.host.needs(`all variables whose names begin with ${part.name}`);
    const names = shell.variables.names().filter((name) => name.startsWith(part.name));
    return { many: names, isJoined: part.index === '*' };
  }
  if (part.query === 'keys') {
    return { many: elements(shell, part.name).map(([key]) => key), isJoined: part.index === '*' };
  }
  const value = await plainValue(shell, part.name, part.index, expand);
  if (part.query !== 'indirect') return value;
  const variable = shell.variables.find(part.name);
  if (variable?.isReference) return { one: variable.value };
  const target = 'one' in value ? value.one : value.many.join(' ');
  if (target === undefined) throw shell.fatal(`${part.name}: invalid indirect expansion`);
  const [, name = target, index = null] = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(target) ?? [];
  if (!/^(?:[A-Za-z_]\w*|\d+|[@*#?$!-])$/.test(name)) throw shell.fatal(`${target}: invalid variable name`);
  if (index === '@' || index === '*') return plainValue(shell, name, index, expand);
  if (index !== null) return { one: shell.getElement(name, index) };
  return plainValue(shell, name, null, expand);
}

async function plainValue(
  shell: Shell,
  name: string,
  index: ParameterPart['index'],
  expand: Expanders,
): Promise<Value> {
  if (index === '@' || index === '*')
    return { many: elements(shell, name).map(([, value]) => value), isJoined: index === '*' };
  if (index !== null) return { one: element(shell, name, await expand.text(shell, index)) };
  if (name === '@' || name === '*') return { many: shell.positional, isJoined: name === '*' };
  if (/^[0-9]+$/.test(name)) return { one: name === '0' ? shell.name : shell.positional[Number(name) - 1] };
  return { one: single(shell, name) };
}

function single(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '#':
      return String(shell.positional.length);
    case '?':
      return String(shell.status);
    case '$':
      shell.host.leansOn('names');
      return shell.number;
    case '!':
      if (shell.lastBackground === '') return undefined;
      shell.host.leansOn('names');
      return shell.lastBackground;
    case '-':
      return flagsOf(shell);
    case 'PATH':
      if (shell.get(name)?.includes(shell.host.surroundings.programs.path)) shell.host.leansOn('programs');
      return shell.get(name);
    default:
      return shell.get(name) ?? callStack(shell, name)[0] ?? shell.special(shell.variables.resolve(name));
  }
}

function flagsOf(shell: Shell): string {
  const letters = { errexit: 'e', noglob: 'f', hashall: 'h', nounset: 'u', xtrace: 'x', braceexpand: 'B' };
  return Object.entries(letters)
    .filter(([option]) => shell.options.has(option))
    .map(([, letter]) => letter)
    .join('');
}

/** `BASH_SOURCE`, `FUNCNAME`, `BASH_LINENO`: arrays that the call stack makes. */
function callStack(shell: Shell, name: string): readonly string[] {
  if (shell.isSh) return [];
  const frames = [...shell.frames].reverse();
  if (name === 'BASH_SOURCE') return frames.map((frame) => frame.source);
  if (name === 'BASH_LINENO') return frames.map((frame) => String(frame.calledAt));
  if (name === 'FUNCNAME') return frames.length > 1 ? frames.map((frame) => frame.name) : [];
  return [];
}

function elements(shell: Shell, name: string): readonly (readonly [string, string])[] {
  const own = shell.elements(name);
  if (own.length > 0 || shell.variables.find(name)) return own;
  if (name === 'DIRSTACK') shell.special(name);
  const stack = callStack(shell, name);
  if (stack.length > 0) return stack.map((value, index) => [String(index), value] as const);
  const special = shell.special(name);
  return special === undefined ? [] : [['0', special]];
}

function element(shell: Shell, name: string, key: string): string | undefined {
  const stack = callStack(shell, name);
  if (name === 'DIRSTACK') shell.special(name);
  if (stack.length > 0) return stack.at(Number(shell.arithmetic(key)));
  if (!shell.variables.find(name)) return shell.arithmetic(key) === 0n ? shell.special(name) : undefined;
  return shell.getElement(name, key);
}

/** `@` that stands for nothing at all. */
function isNone(value: Value): boolean {
  return 'many' in value && !value.isJoined && value.many.length === 0;
}

function isUnset(value: Value, emptyToo: boolean): boolean {
  if ('many' in value) return value.many.length === 0 || (emptyToo && value.many.join('') === '');
  return value.one === undefined || (emptyToo && value.one === '');
}

function refuseUnset(shell: Shell, part: ParameterPart, value: Value): void {
  if (!shell.options.has('nounset') || 'many' in value || value.one !== undefined) return;
  const index = part.index === null || typeof part.index === 'string' ? '' : `[${textOf(part.index)}]`;
  throw shell.fatal(`${part.query === 'indirect' ? '!' : ''}${part.name}${index}: unbound variable`);
}

function textOf(word: Word): string {
  return word
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'parameter' ? `$${part.name}` : '…'))
    .join('');
}

function lengthOf(shell: Shell, part: ParameterPart, value: Value): string {
  if ('many' in value) return String(value.many.length);
  refuseUnset(shell, part, value);
  if (/[^\0-\x7f]/.test(value.one ?? '')) shell.needsOfSh(`the length of ${value.one}`);
  return String([...(value.one ?? '')].length);
}

/** `${name:-word}` and its like, where the word counts. */
async function wordInstead(
  shell: Shell,
  part: ParameterPart,
  operation: Extract<Operation, { word: Word }>,
  expand: Expanders,
): Promise<readonly Piece[]> {
  if (operation.kind === 'error') {
    const message = await expand.text(shell, operation.word);
    shell.complain(`${part.name}: ${message === '' ? 'parameter null or not set' : message}`);
    throw new ExitShell(1);
  }
  if (operation.kind === 'assign') {
    const text = await expand.text(shell, operation.word);
    if (part.index === null) shell.set(part.name, text);
    else if (typeof part.index !== 'string') shell.setElement(part.name, await expand.text(shell, part.index), text);
    return [{ text, isQuoted: part.quoted, isSplit: !part.quoted }];
  }
  const found = await expand.pieces(shell, operation.word);
  if (part.quoted) return found.length === 0 ? [{ text: '', isQuoted: true, isSplit: false }] : found.map(quoted);
  // The word's own unquoted text is split like the value would be.
  return found.map((piece) => (piece === 'break' || piece.isQuoted ? piece : { ...piece, isSplit: true }));
}

function quoted(piece: Piece): Piece {
  return piece === 'break' ? piece : { text: piece.text, isQuoted: true, isSplit: false };
}

async function apply(
  shell: Shell,
  part: ParameterPart,
  value: Value,
  operation: Operation,
  expand: Expanders,
): Promise<Value> {
  if (operation.kind === 'slice') return slice(shell, part, value, operation, expand);
  if (operation.kind === 'transform') return transform(shell, part, value, operation.letter);
  const change = await changer(shell, operation, expand);
  if ('many' in value) return { ...value, many: value.many.map(change) };
  return { one: value.one === undefined ? undefined : change(value.one) };
}

async function changer(shell: Shell, operation: Operation, expand: Expanders): Promise<(text: string) => string> {
  const { extended } = shell;
  if (operation.kind === 'trim') {
    const pattern = await expand.pattern(shell, operation.pattern);
    return (text) => {
      if (/[^\0-\x7f]/.test(text)) shell.needsOfSh(`the pattern ${pattern} on ${text}`);
      return trimmed(text, pattern, operation.from, operation.longest, extended);
    };
  }
  if (operation.kind === 'replace') {
    const pattern = await expand.pattern(shell, operation.pattern);
    const replacement = await expand.text(shell, operation.replacement);
    const matchesNothing = pattern !== '' && matchesPattern('', pattern, { extended });
    return (text) => {
      if (matchesNothing && /[?*+@!]\(/.test(pattern))
        shell.host.needs('a pattern that matches nothing, in a replacement');
      const result =
        matchesNothing && text === '' ? replacement : replaced(text, pattern, replacement, operation.where, extended);
      if (result !== text && replacement.includes('&')) shell.host.needs('what & in a replacement is to this bash');
      return result;
    };
  }
  if (operation.kind !== 'case') return (text) => text;
  const pattern = await expand.pattern(shell, operation.pattern);
  const convert = (char: string) => {
    if (pattern !== '' && !matchesPattern(char, pattern, { extended })) return char;
    return operation.to === 'upper' ? char.toUpperCase() : char.toLowerCase();
  };
  return (text) => {
    const characters = [...text];
    return operation.all
      ? characters.map(convert).join('')
      : characters.map((char, index) => (index === 0 ? convert(char) : char)).join('');
  };
}

async function slice(
  shell: Shell,
  part: ParameterPart,
  value: Value,
  operation: Extract<Operation, { kind: 'slice' }>,
  expand: Expanders,
): Promise<Value> {
  const offset = Number(shell.arithmetic(await expand.text(shell, operation.offset)));
  const length = operation.length && Number(shell.arithmetic(await expand.text(shell, operation.length)));
  const isPositional = part.name === '@' || part.name === '*';
  const all = 'many' in value ? (isPositional ? [shell.name, ...value.many] : value.many) : [...(value.one ?? '')];
  const from = offset < 0 ? all.length + offset : offset;
  const isBeyond = from < 0 || from > all.length || ('one' in value && value.one === undefined);
  if (isBeyond) return 'many' in value ? { ...value, many: [] } : { one: '' };
  const isBelow = length !== null && length < 0;
  if (isBelow && ('many' in value || all.length + length < from))
    throw discarded(shell, `${length}: substring expression < 0`);
  const to = length === null ? all.length : isBelow ? all.length + length : from + length;
  const taken = all.slice(isPositional && offset === 0 ? from : from, to);
  return 'many' in value ? { ...value, many: taken } : { one: taken.join('') };
}

function discarded(shell: Shell, message: string): DiscardCommand {
  shell.complain(message);
  return new DiscardCommand(false);
}

function transform(shell: Shell, part: ParameterPart, value: Value, letter: string): Value {
  const change: Readonly<Record<string, (text: string) => string>> = {
    Q: quoteForShell,
    U: (text) => text.toUpperCase(),
    L: (text) => text.toLowerCase(),
    u: (text) => text.charAt(0).toUpperCase() + text.slice(1),
  };
  const convert = change[letter];
  if (!convert) {
    shell.host.needs(`\${${part.name}@${letter}}`);
    return value;
  }
  if ('many' in value) return { ...value, many: value.many.map(convert) };
  return { one: value.one === undefined ? undefined : convert(value.one) };
}

function piecesOf(
  shell: Shell,
  part: ParameterPart,
  value: Value,
  inFields: boolean,
  isPlain = false,
): readonly Piece[] {
  const piece = (text: string): Piece => ({ text, isQuoted: part.quoted, isSplit: !part.quoted });
  if ('one' in value) return part.quoted || value.one || isPlain ? [piece(value.one ?? '')] : [];
  const separators = shell.get('IFS') ?? ' \t\n';
  if (part.quoted && value.isJoined) return [piece(value.many.join(separators.slice(0, 1)))];
  if (!inFields) return [piece(value.many.join(value.isJoined ? separators.slice(0, 1) : ' '))];
  return value.many.flatMap((text, index) => (index === 0 ? [piece(text)] : ['break' as const, piece(text)]));
}
