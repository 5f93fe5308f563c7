import { expandBraces } from './braces.ts';
import { Cursor } from './cursor.ts';
import { parseConditional } from './parse-conditional.ts';
import { findArithmeticEnd, readArithmetic, readHereDocument, readIndex, readWord } from './parse-word.ts';
import {
  type AndOr,
  type ArrayElement,
  type Assignment,
  type CaseItem,
  type Command,
  type Compound,
  type List,
  type Pipeline,
  type Redirect,
  ShellSyntaxError,
  type SimpleCommand,
  type Word,
} from './syntax.ts';

interface PendingHereDocument {
  readonly delimiter: string;
  readonly isQuoted: boolean;
  readonly stripsTabs: boolean;
  readonly fill: (text: Word) => void;
}

const RESERVED = new Set(['then', 'do', 'done', 'fi', 'else', 'elif', 'esac', '}', 'in']);
const DECLARATIONS = new Set(['declare', 'typeset', 'local', 'export', 'readonly']);
const OPERATOR = /&>>|&>|<<<|<<-|<<|<&|<>|>>|>&|>\||[<>]/y;
const ASSIGNED_NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Reads a script command by command, as bash does: what stands before a syntax error has run by then. */
export class Parser {
  readonly #cursor: Cursor;
  readonly #untilParenthesis: boolean;
  #pending: PendingHereDocument[] = [];

  constructor(source: string, at = 0, firstLine = 1, untilParenthesis = false) {
    this.#cursor = new Cursor(source, parseCommands, firstLine);
    this.#cursor.at = at;
    this.#untilParenthesis = untilParenthesis;
  }

  /** Whether `shopt extglob` is on for what is read next: only then do words hold the parentheses of extended patterns. */
  set isExtended(isExtended: boolean) {
    this.#cursor.isExtended = isExtended;
  }

  /** The next commands, up to the end of a line at least; null at the end. Throws `ShellSyntaxError`. */
  next(): List | null {
    this.#skipNewlines();
    if (this.#cursor.atEnd) return null;
    const list: AndOr[] = [];
    while (!this.#cursor.atEnd && this.#cursor.char !== '\n') {
      list.push(this.#andOr());
      this.#blanks();
      if (!this.#cursor.atEnd && this.#cursor.char !== '\n' && !this.#endedList) throw this.#unexpected();
    }
    if (this.#cursor.char === '\n') this.#newline();
    return list;
  }

  /** Everything up to the closing parenthesis, or to the end. */
  all(): { list: List; end: number } {
    const list = this.#list([]);
    if (this.#untilParenthesis) {
      if (this.#cursor.char !== ')') throw this.#unexpected();
      this.#cursor.advance();
    } else if (!this.#cursor.atEnd) throw this.#unexpected();
    return { list, end: this.#cursor.at };
  }

  #endedList = false;

  #unexpected(): ShellSyntaxError {
    if (this.#cursor.atEnd) return this.#cursor.fail('unexpected end of file');
    return this.#cursor.fail(`unexpected token near \`${this.#cursor.rest(20).split('\n')[0]}'`);
  }

  /** Spaces, line continuations and comments. */
  #blanks(): void {
    const cursor = this.#cursor;
    for (;;) {
      if (cursor.char === ' ' || cursor.char === '\t') cursor.advance();
      else if (cursor.startsWith('\\\n')) cursor.at += 2;
      else if (cursor.char === '#') cursor.match(/[^\n]*/y);
      else return;
    }
  }

  #newline(): void {
    this.#cursor.advance();
    const pending = this.#pending;
    this.#pending = [];
    for (const document of pending) this.#readHereDocument(document);
  }

  #skipNewlines(): void {
    for (this.#blanks(); this.#cursor.char === '\n'; this.#blanks()) this.#newline();
  }

  #readHereDocument({ delimiter, isQuoted, stripsTabs, fill }: PendingHereDocument): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const lines: string[] = [];
    while (!cursor.atEnd) {
      const line = cursor.match(/[^\n]*/y);
      cursor.advance();
      const text = stripsTabs ? line.replace(/^\t+/, '') : line;
      if (text === delimiter) break;
      lines.push(`${text}\n`);
    }
    const text = lines.join('');
    if (isQuoted) {
      fill([{ kind: 'text', text, quoted: true }]);
      return;
    }
    const end = cursor.at;
    cursor.at = start;
    const body = new Cursor(text, parseCommands, cursor.line);
    cursor.at = end;
    fill(readHereDocument(body));
  }

  /** Whether one of `words` stands here as a word of its own. */
  #at(words: readonly string[]): boolean {
    this.#blanks();
    return words.some((word) => {
      if (!this.#cursor.startsWith(word)) return false;
      const next = this.#cursor.source[this.#cursor.at + word.length] ?? '';
      return next === '' || /[\s;&|()<>]/.test(next) || word === ';;' || word === ';&';
    });
  }

  #take(word: string): boolean {
    if (!this.#at([word])) return false;
    this.#cursor.at += word.length;
    return true;
  }

  #expect(word: string): void {
    this.#skipNewlines();
    if (!this.#take(word)) throw this.#unexpected();
  }

  /** Commands up to one of the words in `ends`, a closing parenthesis or the end of the text. */
  #list(ends: readonly string[]): List {
    const list: AndOr[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#cursor.atEnd || this.#cursor.char === ')' || this.#at(ends)) return list;
      list.push(this.#andOr());
      this.#blanks();
      const isSeparated = this.#endedList || this.#cursor.char === '\n' || this.#cursor.char === ')';
      if (!isSeparated && !this.#cursor.atEnd && !this.#at(ends)) throw this.#unexpected();
    }
  }

  #andOr(): AndOr {
    const first = this.#pipeline();
    const rest: { operator: '&&' | '||'; pipeline: Pipeline }[] = [];
    for (;;) {
      this.#blanks();
      const operator = this.#cursor.match(/&&|\|\|/y);
      if (operator !== '&&' && operator !== '||') break;
      this.#skipNewlines();
      rest.push({ operator, pipeline: this.#pipeline() });
    }
    const background = this.#cursor.char === '&';
    const isCaseEnd = this.#cursor.startsWith(';;') || this.#cursor.startsWith(';&');
    this.#endedList = background || (this.#cursor.char === ';' && !isCaseEnd);
    if (this.#endedList) this.#cursor.advance();
    return { first, rest, background };
  }

  #pipeline(): Pipeline {
    let negated = false;
    let timed = false;
    for (;;) {
      if (this.#take('!')) negated = !negated;
      else if (this.#take('time')) {
        timed = true;
        this.#take('-p');
      } else break;
    }
    const commands: Command[] = [this.#command()];
    for (;;) {
      this.#blanks();
      if (this.#cursor.char !== '|' || this.#cursor.startsWith('||')) break;
      const pipesStderr = this.#cursor.startsWith('|&');
      this.#cursor.at += pipesStderr ? 2 : 1;
      const last = commands.at(-1);
      if (pipesStderr && last) commands[commands.length - 1] = { ...last, pipesStderr };
      this.#skipNewlines();
      commands.push(this.#command());
    }
    return { negated, timed, commands };
  }

  #command(): Command {
    this.#blanks();
    const line = this.#cursor.line;
    const body = this.#compound();
    if (!body) return this.#simple(line);
    const redirects: Redirect[] = [];
    if (body.kind !== 'function') {
      for (let redirect = this.#redirect(); redirect; redirect = this.#redirect()) redirects.push(redirect);
    }
    return { kind: 'compound', line, body, redirects };
  }

  #compound(): Compound | null {
    const cursor = this.#cursor;
    if (cursor.startsWith('((')) {
      const end = findArithmeticEnd(cursor, cursor.at + 2);
      if (end >= 0) {
        const expression = readArithmetic(cursor.slice(cursor.at + 2, end));
        cursor.at = end + 2;
        return { kind: 'arithmetic', expression };
      }
    }
    if (cursor.char === '(') {
      cursor.advance();
      const list = this.#list([]);
      if (!cursor.startsWith(')')) throw this.#unexpected();
      cursor.advance();
      return { kind: 'subshell', list };
    }
    if (this.#take('{')) {
      const list = this.#list(['}']);
      this.#expect('}');
      return { kind: 'group', list };
    }
    if (this.#take('[[')) {
      const expression = parseConditional(cursor);
      return { kind: 'conditional', expression };
    }
    if (this.#take('if')) return this.#if();
    if (this.#take('for')) return this.#for();
    if (this.#take('while')) return this.#while(false);
    if (this.#take('until')) return this.#while(true);
    if (this.#take('case')) return this.#case();
    if (this.#at(['select', 'coproc'])) throw cursor.fail(`\`${cursor.rest(6)}' is not supported`);
    return this.#function();
  }

  #if(): Compound {
    const clauses: { condition: List; list: List }[] = [];
    do {
      const condition = this.#list(['then']);
      this.#expect('then');
      clauses.push({ condition, list: this.#list(['elif', 'else', 'fi']) });
    } while (this.#take('elif'));
    const otherwise = this.#take('else') ? this.#list(['fi']) : null;
    this.#expect('fi');
    return { kind: 'if', clauses, otherwise };
  }

  #body(): List {
    this.#skipNewlines();
    if (this.#take('{')) {
      const list = this.#list(['}']);
      this.#expect('}');
      return list;
    }
    this.#expect('do');
    const list = this.#list(['done']);
    this.#expect('done');
    return list;
  }

  #while(until: boolean): Compound {
    const condition = this.#list(['do']);
    return { kind: 'while', until, condition, list: this.#body() };
  }

  #for(): Compound {
    this.#blanks();
    const cursor = this.#cursor;
    if (cursor.startsWith('((')) return this.#arithmeticFor();
    const name = cursor.match(/[^\s;&|()<>]+/y);
    this.#skipNewlines();
    let words: Word[] | null = null;
    if (this.#take('in')) {
      words = [];
      for (this.#blanks(); ; this.#blanks()) {
        const word = readWord(cursor);
        if (word.length === 0) break;
        words.push(...expandBraces(word));
      }
    }
    this.#blanks();
    if (cursor.char === ';') cursor.advance();
    return { kind: 'for', name, words, list: this.#body() };
  }

  #arithmeticFor(): Compound {
    const cursor = this.#cursor;
    const end = findArithmeticEnd(cursor, cursor.at + 2);
    if (end < 0) throw this.#unexpected();
    const start = cursor.at + 2;
    const pieces = cursor.source.slice(start, end).split(';');
    if (pieces.length !== 3) throw cursor.fail('arithmetic for: three expressions are needed');
    const [first = '', second = '', third = ''] = pieces;
    const word = (text: string) => readArithmetic(new Cursor(text, parseCommands, cursor.line));
    const expressions = { start: word(first), condition: word(second), step: word(third) };
    cursor.at = end + 2;
    this.#blanks();
    if (cursor.char === ';') cursor.advance();
    return { kind: 'arithmetic-for', ...expressions, list: this.#body() };
  }

  #case(): Compound {
    const cursor = this.#cursor;
    this.#blanks();
    const word = readWord(cursor);
    this.#expect('in');
    const items: CaseItem[] = [];
    for (;;) {
      this.#skipNewlines();
      if (this.#take('esac')) return { kind: 'case', word, items };
      if (cursor.char === '(') cursor.advance();
      const patterns: Word[] = [];
      for (;;) {
        this.#blanks();
        const pattern = readWord(cursor);
        if (pattern.length === 0) throw this.#unexpected();
        patterns.push(pattern);
        this.#blanks();
        if (cursor.char !== '|') break;
        cursor.advance();
      }
      if (cursor.char !== ')') throw this.#unexpected();
      cursor.advance();
      const list = this.#list([';;', ';&', 'esac']);
      const ending = cursor.match(/;;&|;;|;&/y);
      const then = ({ ';&': 'next', ';;&': 'test-next' } as const)[ending] ?? 'end';
      items.push({ patterns, list, then });
    }
  }

  #function(): Compound | null {
    const cursor = this.#cursor;
    const start = cursor.at;
    const hasKeyword = this.#take('function');
    this.#blanks();
    const name = cursor.match(/[^\s;&|()<>$`'"\\#={}]+/y);
    this.#blanks();
    const hasParentheses = name !== '' && cursor.match(/\([ \t]*\)/y) !== '';
    if (name === '' || (!hasKeyword && !hasParentheses)) {
      cursor.at = start;
      return null;
    }
    this.#skipNewlines();
    return { kind: 'function', name, hasKeyword, command: this.#command() };
  }

  #simple(line: number): SimpleCommand {
    const assignments: Assignment[] = [];
    const words: (Word | Assignment)[] = [];
    const redirects: Redirect[] = [];
    let declares = false;
    for (;;) {
      this.#blanks();
      const redirect = this.#redirect();
      if (redirect) {
        redirects.push(redirect);
        continue;
      }
      const assignment = words.length === 0 || declares ? this.#assignment() : null;
      if (assignment && words.length === 0) assignments.push(assignment);
      else if (assignment) words.push(assignment);
      else {
        const start = this.#cursor.at;
        const word = readWord(this.#cursor);
        if (word.length === 0) break;
        const text = this.#cursor.source.slice(start, this.#cursor.at);
        if (words.length === 0 && RESERVED.has(text)) {
          this.#cursor.at = start;
          throw this.#unexpected();
        }
        words.push(...expandBraces(word));
        if (words.length === 1 || (text === 'command' && words.length === 2)) declares = DECLARATIONS.has(text);
      }
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.#unexpected();
    return { kind: 'simple', line, assignments, words, redirects };
  }

  #assignment(): Assignment | null {
    const cursor = this.#cursor;
    const start = cursor.at;
    const name = cursor.match(ASSIGNED_NAME);
    const index = name !== '' && cursor.char === '[' ? this.#subscript() : null;
    const operator = name === '' || index === undefined ? '' : cursor.match(/\+?=/y);
    if (operator === '') {
      cursor.at = start;
      return null;
    }
    const append = operator === '+=';
    if (cursor.char === '(') {
      const value = this.#arrayElements();
      return { kind: 'assignment', name, index: index ?? null, append, value, isArray: true };
    }
    return { kind: 'assignment', name, index: index ?? null, append, value: readWord(cursor), isArray: false };
  }

  /** `[…]` before `=`; undefined when it is no subscript after all. */
  #subscript(): Word | undefined {
    try {
      const index = readIndex(this.#cursor);
      return typeof index === 'string' ? [{ kind: 'text', text: index, quoted: false }] : index;
    } catch (error) {
      if (error instanceof ShellSyntaxError) return undefined;
      throw error;
    }
  }

  #arrayElements(): readonly ArrayElement[] {
    const cursor = this.#cursor;
    const elements: ArrayElement[] = [];
    cursor.advance();
    for (;;) {
      this.#skipNewlines();
      if (cursor.char === ')') {
        cursor.advance();
        return elements;
      }
      if (cursor.atEnd) throw this.#unexpected();
      const start = cursor.at;
      const index = cursor.char === '[' ? this.#subscript() : undefined;
      const operator = index ? cursor.match(/\+?=/y) : '';
      if (index && operator !== '') elements.push({ index, append: operator === '+=', value: readWord(cursor) });
      else {
        cursor.at = start;
        const word = readWord(cursor);
        if (word.length === 0) throw this.#unexpected();
        for (const value of expandBraces(word)) elements.push({ index: null, append: false, value });
      }
    }
  }

  #redirect(): Redirect | null {
    this.#blanks();
    const cursor = this.#cursor;
    const start = cursor.at;
    const digits = cursor.match(/\d+(?=[<>])/y);
    const variable = digits === '' ? cursor.match(/\{[A-Za-z_]\w*\}(?=[<>])/y).slice(1, -1) : '';
    const isProcess = /^[<>]\(/.test(cursor.rest(2));
    const operator = isProcess ? '' : cursor.match(OPERATOR);
    if (operator === '') {
      cursor.at = start;
      return null;
    }
    const common = { fd: digits === '' ? null : Number(digits), variable: variable === '' ? null : variable };
    this.#blanks();
    if (operator === '<<' || operator === '<<-') return this.#hereDocument(common, operator === '<<-');
    const target = readWord(cursor);
    if (target.length === 0) throw this.#unexpected();
    return { ...common, operator: operator as Redirect['operator'], target };
  }

  #hereDocument(common: { fd: number | null; variable: string | null }, stripsTabs: boolean): Redirect {
    const word = readWord(this.#cursor);
    const isQuoted = word.some((part) => part.kind === 'text' && part.quoted);
    const delimiter = word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const redirect: { -readonly [key in keyof Redirect]: Redirect[key] } = { ...common, operator: '<<', target: [] };
    const fill = (text: Word) => {
      redirect.target = text;
    };
    this.#pending.push({ delimiter, isQuoted, stripsTabs, fill });
    return redirect;
  }
}

function parseCommands(source: string, at: number, firstLine: number, untilParenthesis: boolean, isExtended: boolean) {
  const parser = new Parser(source, at, firstLine, untilParenthesis);
  parser.isExtended = isExtended;
  return parser.all();
}
