import { type Token, tokenize } from './lexer.ts';
import {
  type AwkFunction,
  type AwkProgram,
  AwkSyntaxError,
  type Expression,
  isTarget,
  type Rule,
  type Statement,
  type Target,
} from './syntax.ts';

/** Parses an awk program. Throws `AwkSyntaxError`. */
export function parseAwk(source: string): AwkProgram {
  return new AwkParser(tokenize(source)).program();
}

const COMPARISONS = ['<', '<=', '==', '!=', '>', '>='];
const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '^='];

class AwkParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  /** Inside the unparenthesized list of `print`, `>` redirects. */
  #noGreater = false;
  #noIn = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  program(): AwkProgram {
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (this.#separators(); this.#token.kind !== 'end'; this.#separators()) {
      if (this.#takeKeyword('function')) {
        const made = this.#function();
        functions.set(made.name, made);
      } else rules.push(this.#rule());
    }
    return { rules, functions };
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #is(text: string): boolean {
    return this.#token.kind === 'operator' && this.#token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #takeKeyword(text: string): boolean {
    if (this.#token.kind !== 'keyword' || this.#token.text !== text) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text))
      throw new AwkSyntaxError(`syntax error at or near ${this.#token.text.trim() || 'end of line'}`);
  }

  #newlines(): void {
    while (this.#token.kind === 'newline') this.#at++;
  }

  #separators(): void {
    while (this.#token.kind === 'newline' || this.#is(';')) this.#at++;
  }

  #name(): string {
    const token = this.#token;
    if (token.kind !== 'name' && token.kind !== 'call')
      throw new AwkSyntaxError(`syntax error at or near ${token.text}`);
    this.#at++;
    return token.text;
  }

  #function(): AwkFunction {
    const name = this.#name();
    this.#expect('(');
    const parameters: string[] = [];
    while (!this.#take(')')) {
      parameters.push(this.#name());
      this.#take(',');
      this.#newlines();
    }
    this.#newlines();
    return { name, parameters, body: this.#block() };
  }

  #rule(): Rule {
    if (this.#takeKeyword('BEGIN')) return { pattern: 'BEGIN', action: this.#block() };
    if (this.#takeKeyword('END')) return { pattern: 'END', action: this.#block() };
    const pattern: Expression[] = [];
    if (!this.#is('{')) {
      pattern.push(this.#expression());
      if (this.#take(',')) {
        this.#newlines();
        pattern.push(this.#expression());
      }
    }
    return { pattern, action: this.#is('{') ? this.#block() : null };
  }

  #block(): Statement {
    this.#newlines();
    this.#expect('{');
    const statements: Statement[] = [];
    for (this.#separators(); !this.#take('}'); this.#separators()) statements.push(this.#statement());
    return { kind: 'block', statements };
  }

  #end(): void {
    if (this.#token.kind === 'newline' || this.#is(';')) this.#at++;
    else if (!this.#is('}') && this.#token.kind !== 'end') {
      throw new AwkSyntaxError(`syntax error at or near ${this.#token.text}`);
    }
  }

  #body(): Statement {
    this.#newlines();
    if (this.#take(';')) return { kind: 'block', statements: [] };
    return this.#statement();
  }

  #statement(): Statement {
    if (this.#is('{')) return this.#block();
    if (this.#takeKeyword('if')) return this.#if();
    if (this.#takeKeyword('while')) {
      const condition = this.#parenthesized();
      return { kind: 'while', condition, body: this.#body(), isDo: false };
    }
    if (this.#takeKeyword('do')) {
      const body = this.#body();
      this.#separators();
      if (!this.#takeKeyword('while')) throw new AwkSyntaxError('syntax error: while expected');
      const condition = this.#parenthesized();
      this.#end();
      return { kind: 'while', condition, body, isDo: true };
    }
    if (this.#takeKeyword('for')) return this.#for();
    const statement = this.#simple();
    this.#end();
    return statement;
  }

  #parenthesized(): Expression {
    this.#expect('(');
    const expression = this.#expression();
    this.#expect(')');
    return expression;
  }

  #if(): Statement {
    const condition = this.#parenthesized();
    const yes = this.#body();
    const here = this.#at;
    this.#separators();
    if (this.#takeKeyword('else')) return { kind: 'if', condition, yes, no: this.#body() };
    this.#at = here;
    return { kind: 'if', condition, yes, no: null };
  }

  #for(): Statement {
    this.#expect('(');
    const [first, second, third, fourth] = this.#tokens.slice(this.#at, this.#at + 4);
    if (first?.kind === 'name' && second?.text === 'in' && third?.kind === 'name' && fourth?.text === ')') {
      this.#at += 4;
      return { kind: 'for-in', name: first.text, array: third.text, body: this.#body() };
    }
    const start = this.#is(';') ? null : this.#simple();
    this.#expect(';');
    this.#newlines();
    const condition = this.#is(';') ? null : this.#expression();
    this.#expect(';');
    this.#newlines();
    const step = this.#is(')') ? null : this.#simple();
    this.#expect(')');
    return { kind: 'for', start, condition, step, body: this.#body() };
  }

  #simple(): Statement {
    if (this.#takeKeyword('print')) return this.#print(false);
    if (this.#takeKeyword('printf')) return this.#print(true);
    for (const kind of ['next', 'nextfile', 'break', 'continue'] as const) if (this.#takeKeyword(kind)) return { kind };
    for (const kind of ['return', 'exit'] as const) {
      if (this.#takeKeyword(kind)) return { kind, value: this.#atEnd ? null : this.#expression() };
    }
    if (this.#takeKeyword('delete')) {
      const array = this.#name();
      return { kind: 'delete', array, subscripts: this.#is('[') ? this.#subscripts() : null };
    }
    return { kind: 'expression', expression: this.#expression() };
  }

  get #atEnd(): boolean {
    return this.#token.kind === 'newline' || this.#token.kind === 'end' || this.#is(';') || this.#is('}');
  }

  #print(isFormatted: boolean): Statement {
    let args: Expression[] = [];
    const redirects = () => this.#is('>') || this.#is('>>') || this.#is('|');
    if (!this.#atEnd && !redirects()) {
      const before = this.#noGreater;
      this.#noGreater = true;
      args = this.#list();
      this.#noGreater = before;
      const [only] = args;
      if (args.length === 1 && only?.kind === 'group' && only.items.length > 1) args = [...only.items];
    }
    if (!redirects()) return { kind: 'print', isFormatted, args, redirect: null, target: null };
    const redirect = this.#token.text === '>' ? '>' : this.#token.text === '>>' ? '>>' : '|';
    this.#at++;
    return { kind: 'print', isFormatted, args, redirect, target: this.#concatenation(true) };
  }

  #list(): Expression[] {
    const items = [this.#expression()];
    while (this.#take(',')) {
      this.#newlines();
      items.push(this.#expression());
    }
    return items;
  }

  #subscripts(): readonly Expression[] {
    this.#expect('[');
    const before = [this.#noIn, this.#noGreater] as const;
    this.#noIn = false;
    this.#noGreater = false;
    const items = this.#list();
    [this.#noIn, this.#noGreater] = before;
    this.#expect(']');
    return items;
  }

  #expression(): Expression {
    const left = this.#conditional();
    const operator = this.#token.kind === 'operator' ? this.#token.text : '';
    if (!ASSIGNMENTS.includes(operator) || !isTarget(left)) return left;
    this.#at++;
    this.#newlines();
    return { kind: 'assign', operator: operator.slice(0, -1), target: left, value: this.#expression() };
  }

  #conditional(): Expression {
    const condition = this.#or();
    if (!this.#take('?')) return condition;
    this.#newlines();
    const yes = this.#expression();
    this.#newlines();
    this.#expect(':');
    this.#newlines();
    return { kind: 'conditional', condition, yes, no: this.#expression() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('||')) {
      this.#newlines();
      left = { kind: 'binary', operator: '||', left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.#take('&&')) {
      this.#newlines();
      left = { kind: 'binary', operator: '&&', left, right: this.#in() };
    }
    return left;
  }

  #in(): Expression {
    let left = this.#matching();
    while (!this.#noIn && this.#takeKeyword('in')) {
      const subscripts = left.kind === 'group' ? left.items : [left];
      left = { kind: 'in', array: this.#name(), subscripts };
    }
    return left;
  }

  #matching(): Expression {
    let left = this.#comparison();
    while (this.#is('~') || this.#is('!~')) {
      const isNegated = this.#token.text === '!~';
      this.#at++;
      left = { kind: 'match', isNegated, left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): Expression {
    const left = this.#concatenation(false);
    const operator = this.#token.kind === 'operator' ? this.#token.text : '';
    if (!COMPARISONS.includes(operator) || (operator === '>' && this.#noGreater)) return this.#pipedGetline(left);
    this.#at++;
    return { kind: 'binary', operator, left, right: this.#concatenation(false) };
  }

  #pipedGetline(command: Expression): Expression {
    let left = command;
    while (this.#is('|') && this.#tokens[this.#at + 1]?.text === 'getline') {
      this.#at += 2;
      left = { kind: 'getline', target: this.#optionalTarget(), from: 'command', source: left };
    }
    return left;
  }

  #concatenation(isTarget_: boolean): Expression {
    let left = this.#additive();
    while (this.#startsOperand) {
      if (isTarget_) break;
      left = { kind: 'binary', operator: ' ', left, right: this.#additive() };
    }
    return left;
  }

  get #startsOperand(): boolean {
    const { kind, text } = this.#token;
    if (kind === 'keyword') return false;
    if (kind !== 'operator') return kind !== 'newline' && kind !== 'end';
    return ['$', '!', '(', '-', '+', '++', '--'].includes(text);
  }

  #additive(): Expression {
    let left = this.#multiplicative();
    while (this.#is('+') || this.#is('-')) {
      const operator = this.#token.text;
      this.#at++;
      left = { kind: 'binary', operator, left, right: this.#multiplicative() };
    }
    return left;
  }

  #multiplicative(): Expression {
    let left = this.#unary();
    while (this.#is('*') || this.#is('/') || this.#is('%')) {
      const operator = this.#token.text;
      this.#at++;
      left = { kind: 'binary', operator, left, right: this.#unary() };
    }
    return left;
  }

  #unary(): Expression {
    for (const operator of ['!', '-', '+'] as const) {
      if (!this.#is(operator)) continue;
      this.#at++;
      // `! x ~ y` negates the whole match, as every awk in use has it.
      if (operator === '!') return { kind: 'unary', operator, of: this.#notOperand() };
      return { kind: 'unary', operator, of: this.#unary() };
    }
    return this.#power();
  }

  #notOperand(): Expression {
    const operand = this.#unary();
    if (!this.#is('~') && !this.#is('!~')) return operand;
    const isNegated = this.#token.text === '!~';
    this.#at++;
    return { kind: 'match', isNegated, left: operand, right: this.#comparison() };
  }

  #power(): Expression {
    const base = this.#postfix();
    if (!this.#take('^')) return base;
    const exponent = this.#is('-') || this.#is('+') || this.#is('!') ? this.#unary() : this.#power();
    return { kind: 'binary', operator: '^', left: base, right: exponent };
  }

  #postfix(): Expression {
    const primary = this.#primary();
    if (!isTarget(primary) || (!this.#is('++') && !this.#is('--'))) return primary;
    const by = this.#token.text === '++' ? 1 : -1;
    this.#at++;
    return { kind: 'increment', by, isPrefix: false, target: primary };
  }

  #optionalTarget(): Target | null {
    if (this.#token.kind !== 'name' && !this.#is('$')) return null;
    const target = this.#primary();
    return isTarget(target) ? target : null;
  }

  #primary(): Expression {
    const token = this.#token;
    this.#at++;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'string':
        return { kind: 'string', value: token.text };
      case 'regex':
        return { kind: 'regex', source: token.text };
      case 'name':
        if (this.#is('[')) return { kind: 'element', array: token.text, subscripts: this.#subscripts() };
        return { kind: 'variable', name: token.text };
      case 'call':
        return { kind: 'call', name: token.text, args: this.#arguments(), isOwn: true };
      case 'builtin':
        return { kind: 'call', name: token.text, args: this.#is('(') ? this.#arguments() : [], isOwn: false };
      case 'keyword':
        if (token.text === 'getline') return this.#getline();
        break;
      case 'operator':
        return this.#operatorPrimary(token.text);
    }
    throw new AwkSyntaxError(`syntax error at or near ${token.text.trim() || 'end of line'}`);
  }

  #operatorPrimary(text: string): Expression {
    if (text === '$') {
      if (this.#is('++') || this.#is('--')) {
        const by = this.#token.text === '++' ? 1 : -1;
        this.#at++;
        const target = this.#primary();
        if (!isTarget(target)) throw new AwkSyntaxError('syntax error after $');
        return { kind: 'field', index: { kind: 'increment', by, isPrefix: true, target } };
      }
      if (this.#is('-')) {
        this.#at++;
        return { kind: 'field', index: { kind: 'unary', operator: '-', of: this.#primary() } };
      }
      return { kind: 'field', index: this.#primary() };
    }
    if (text === '++' || text === '--') {
      const target = this.#primary();
      if (!isTarget(target)) throw new AwkSyntaxError(`syntax error after ${text}`);
      return { kind: 'increment', by: text === '++' ? 1 : -1, isPrefix: true, target };
    }
    if (text === '-' || text === '+' || text === '!') return { kind: 'unary', operator: text, of: this.#unary() };
    if (text !== '(') throw new AwkSyntaxError(`syntax error at or near ${text}`);
    const before = [this.#noIn, this.#noGreater] as const;
    this.#noIn = false;
    this.#noGreater = false;
    const items = this.#list();
    [this.#noIn, this.#noGreater] = before;
    this.#expect(')');
    return { kind: 'group', items };
  }

  #arguments(): readonly Expression[] {
    this.#expect('(');
    const before = [this.#noIn, this.#noGreater] as const;
    this.#noIn = false;
    this.#noGreater = false;
    const args: Expression[] = [];
    this.#newlines();
    while (!this.#take(')')) {
      args.push(this.#expression());
      this.#newlines();
      if (!this.#is(')')) this.#expect(',');
      this.#newlines();
    }
    [this.#noIn, this.#noGreater] = before;
    return args;
  }

  #getline(): Expression {
    const target = this.#optionalTarget();
    if (!this.#take('<')) return { kind: 'getline', target, from: 'input', source: null };
    return { kind: 'getline', target, from: 'file', source: this.#primary() };
  }
}
