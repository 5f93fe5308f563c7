import { hasRunBeside } from './background.ts';
import { absolute } from './file-system.ts';
import { glob, hasWildcard } from './glob.ts';
import { type Piece, parameterPieces } from './parameters.ts';
import { escapePattern } from './patterns.ts';
import type { Shell } from './shell.ts';
import { DiscardCommand } from './signals.ts';
import { Capture } from './streams.ts';
import type { CommandPart, List, ProcessPart, TextPart, Word, WordPart } from './syntax.ts';

/** What an expansion is for: words are split and matched against files; texts and patterns are neither. */
type Purpose = 'fields' | 'text' | 'pattern' | 'assignment';

/** What a field costs, in characters handled. */
const FIELD = 20;

/** The fields that words expand to: arguments of a command, elements of an array. */
export async function expandFields(shell: Shell, words: readonly Word[]): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    const plain = plainText(word);
    if (plain !== null) fields.push(plain);
    else
      for (const field of fieldsOf(shell, await pieces(shell, word, 'fields')))
        for (const path of await paths(shell, field)) fields.push(path);
  }
  shell.host.budget.handled(FIELD * fields.length);
  return fields;
}

/** A word that is one piece of text without anything to expand. */
function plainText(word: Word): string | null {
  const [only] = word;
  if (word.length !== 1 || only?.kind !== 'text') return null;
  return only.quoted || !/[*?[~\\(]/.test(only.text) ? only.text : null;
}

/** A word as one text, neither split nor matched against files. */
export async function expandText(shell: Shell, word: Word, isAssignment = false): Promise<string> {
  const plain = plainText(word);
  if (plain !== null) return plain;
  const separator = ' ';
  return (await pieces(shell, word, isAssignment ? 'assignment' : 'text'))
    .map((piece) => (piece === 'break' ? separator : piece.text))
    .join('');
}

/** A word as a pattern: what was quoted matches itself. */
export async function expandPattern(shell: Shell, word: Word): Promise<string> {
  return (await pieces(shell, word, 'pattern'))
    .map((piece) => {
      if (piece === 'break') return ' ';
      return piece.isQuoted ? escapePattern(piece.text) : piece.text;
    })
    .join('');
}

/** A word as a regular expression: what was quoted matches itself. */
export async function expandRegularExpression(shell: Shell, word: Word): Promise<string> {
  return (await pieces(shell, word, 'pattern'))
    .map((piece) => {
      if (piece === 'break') return ' ';
      return piece.isQuoted ? piece.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : piece.text;
    })
    .join('');
}

export async function expandArithmetic(shell: Shell, word: Word): Promise<bigint> {
  return shell.arithmetic(await expandText(shell, word));
}

async function pieces(shell: Shell, word: Word, purpose: Purpose): Promise<readonly Piece[]> {
  const found: Piece[] = [];
  for (const [index, part] of word.entries()) {
    for (const piece of await partPieces(shell, part, purpose, index === 0, index === word.length - 1)) {
      if (piece !== 'break') shell.host.budget.handled(piece.text.length);
      found.push(piece);
    }
  }
  return found;
}

async function partPieces(
  shell: Shell,
  part: WordPart,
  purpose: Purpose,
  isFirst: boolean,
  isLast: boolean,
): Promise<readonly Piece[]> {
  switch (part.kind) {
    case 'text':
      return [
        {
          text: part.quoted ? part.text : withTilde(shell, part, purpose, isFirst, isLast),
          isQuoted: part.quoted,
          isSplit: false,
        },
      ];
    case 'arithmetic': {
      const value = String(await expandArithmetic(shell, part.expression));
      return [{ text: value, isQuoted: part.quoted, isSplit: !part.quoted }];
    }
    case 'command':
      return [{ text: await substitute(shell, part), isQuoted: part.quoted, isSplit: !part.quoted }];
    case 'process':
      return [{ text: await processPath(shell, part), isQuoted: true, isSplit: false }];
    default:
      return parameterPieces(shell, part, purpose === 'fields', expanders);
  }
}

/** What parameter expansion needs of this file; handed over, so that the two do not import each other. */
const expanders = {
  text: (shell: Shell, word: Word) => expandText(shell, word, true),
  pattern: expandPattern,
  pieces: (shell: Shell, word: Word) => pieces(shell, word, 'fields'),
};

function withTilde(shell: Shell, part: TextPart, purpose: Purpose, isFirst: boolean, isLast: boolean): string {
  if (!part.text.includes('~')) return part.text;
  const expand = (text: string, isWhole: boolean) => {
    const [, user = '', rest = ''] = /^~([^/]*)(.*)$/s.exec(text) ?? [];
    if (rest === '' && !isWhole) return text;
    if (user === '') return (shell.get('HOME') ?? '~') + rest;
    if (/^[-+]$/.test(user)) shell.needsOfSh(`~${user}`);
    if (user === '+') return (shell.get('PWD') ?? '~+') + rest;
    if (/^(?:[a-z_][a-z0-9_-]*|-)$/.test(user)) shell.host.needs(`what ~${user} is`);
    return text;
  };
  if (purpose !== 'assignment') return isFirst && part.text.startsWith('~') ? expand(part.text, isLast) : part.text;
  const sections = part.text.split(':');
  return sections
    .map((section, index) => {
      const startsHere = index > 0 || isFirst;
      const isWhole = isLast || index < sections.length - 1;
      return startsHere && section.startsWith('~') ? expand(section, isWhole) : section;
    })
    .join(':');
}

/** The output of `$(…)` without the line breaks at its end. */
async function substitute(shell: Shell, { list }: CommandPart): Promise<string> {
  const file = await readsFile(shell, list);
  if (file !== null) return file;
  const inner = shell.fork();
  const capture = new Capture();
  const { budget } = shell.host;
  inner.descriptors.set(1, { output: budget.counted(shell.host.races.watched(capture)) });
  if (!shell.shopts.has('inherit_errexit')) inner.options.delete('errexit');
  inner.tolerant = 0;
  budget.enter();
  shell.status = await shell.host.run(inner, list);
  budget.leave();
  shell.substitutionStatus = shell.status;
  return capture.text.replaceAll('\0', '').replace(/\n+$/, '');
}

/** `$(< file)`. */
async function readsFile(shell: Shell, list: List): Promise<string | null> {
  const [only] = list;
  const [command] = only?.first.commands ?? [];
  if (list.length !== 1 || only?.rest.length !== 0 || only.first.commands.length !== 1 || command?.kind !== 'simple')
    return null;
  const [redirect] = command.redirects;
  if (command.words.length + command.assignments.length > 0 || command.redirects.length !== 1) return null;
  if (redirect?.operator !== '<' || redirect.fd !== null) return null;
  const path = await expandText(shell, redirect.target);
  const text = await shell.host.files.read(absolute(shell.cwd, path));
  if (text === null) shell.complain(`${path}: No such file or directory`);
  shell.status = text === null ? 1 : 0;
  shell.substitutionStatus = shell.status;
  return (text ?? '').replaceAll('\0', '').replace(/\n+$/, '');
}

/** `<(…)`: the command runs to its end, and its output is a file from then on. */
async function processPath(shell: Shell, { direction, list }: ProcessPart): Promise<string> {
  const { files } = shell.host;
  let free = 63;
  while (await files.stat(`/dev/fd/${free}`)) free--;
  const path = `/dev/fd/${free}`;
  const file = await files.open(path, false);
  if ('fault' in file) throw new DiscardCommand();
  const number = shell.host.numbers.next();
  shell.processes.push({ path, list, direction, number });
  if (direction === '>') return path;
  const inner = shell.fork();
  inner.descriptors.set(1, { output: shell.host.budget.counted(file) });
  inner.options.delete('errexit');
  inner.tolerant = 0;
  hasRunBeside(shell, number, await shell.host.run(inner, list));
  return path;
}

interface Field {
  text: string;
  pattern: string;
  isQuoted: boolean;
}

/** Joins pieces into fields and splits where they may be split. */
function fieldsOf(shell: Shell, found: readonly Piece[]): readonly Field[] {
  const fields: Field[] = [];
  let current: Field | null = null;
  let last: 'none' | 'space' | 'hard' = 'none';
  const separators = shell.get('IFS') ?? ' \t\n';
  const isSpace = (char: string) => /[ \t\n]/.test(char);
  const end = () => {
    if (current) fields.push(current);
    current = null;
  };
  const add = (text: string, pattern: string, isQuoted: boolean) => {
    current ??= { text: '', pattern: '', isQuoted: false };
    current.text += text;
    current.pattern += pattern;
    current.isQuoted ||= isQuoted;
    last = 'none';
  };
  for (const piece of found) {
    if (piece === 'break') {
      end();
      last = 'none';
    } else if (!piece.isSplit) {
      if (piece.isQuoted) add(piece.text, escapePattern(piece.text), true);
      else if (piece.text !== '') add(piece.text, piece.text, false);
    } else {
      for (const char of piece.text) {
        if (!separators.includes(char)) add(char, char === '\\' ? '\\\\' : char, false);
        else if (isSpace(char)) {
          if (current) last = 'space';
          end();
        } else {
          if (current) end();
          else if (last !== 'space') fields.push({ text: '', pattern: '', isQuoted: false });
          last = 'hard';
        }
      }
    }
  }
  end();
  return fields;
}

/** A field as the paths that it matches, or as itself. */
async function paths(shell: Shell, field: Field): Promise<readonly string[]> {
  if (shell.options.has('noglob') || !hasWildcard(field.pattern, shell.extended)) return [field.text];
  const found = await glob(shell, field.pattern);
  if (found.length > 0) return found;
  if (shell.shopts.has('nullglob')) return [];
  if (!shell.shopts.has('failglob')) return [field.text];
  shell.complain(`no match: ${field.text}`);
  throw new DiscardCommand();
}
