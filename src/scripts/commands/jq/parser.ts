import { type Definition, type Filter, JqSyntaxError, type Pattern } from './syntax.ts';

/** Parses a jq program. Throws `JqSyntaxError`. */
export function parseJq(source: string): Filter {
  return new JqParser(source).program();
}

const KEYWORDS = new Set([
  'def',
  'if',
  'then',
  'elif',
  'else',
  'end',
  'as',
  'reduce',
  'foreach',
  'try',
  'catch',
  'label',
  'and',
  'or',
  'import',
  'include',
  '__loc__',
]);
const TOKEN =
  /"|\?\/\/|\/\/=|\/\/|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\.\.|\.[A-Za-z_]\w*|\.\d+(?:[eE][-+]?\d+)?|\.|\$__loc__|\$[A-Za-z_]\w*(?:::\w+)*|@[A-Za-z0-9]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|[A-Za-z_]\w*(?:::\w+)*|[-+*/%=<>|,()[\]{}:;?]/y;
const ASSIGNMENTS = ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='];
/** Binding powers, from the loosest: whether it groups to the right is in the third place. */
const LEVELS: readonly (readonly [readonly string[], 'left' | 'right' | 'none'])[] = [
  [['//'], 'right'],
  [ASSIGNMENTS, 'none'],
  [['or'], 'left'],
  [['and'], 'left'],
  [['==', '!=', '<', '<=', '>', '>='], 'none'],
  [['+', '-'], 'left'],
  [['*', '/', '%'], 'left'],
];

class JqParser {
  readonly #source: string;
  #at = 0;
  #token = '';

  constructor(source: string) {
    this.#source = source;
    this.#advance();
  }

  program(): Filter {
    if (this.#token === '') return { kind: 'identity' };
    const filter = this.#pipe();
    if (this.#token !== '') throw this.#unexpected();
    return filter;
  }

  #unexpected(): JqSyntaxError {
    return new JqSyntaxError(`syntax error, unexpected ${this.#token === '' ? 'end of file' : this.#token}`);
  }

  #advance(): string {
    const before = this.#token;
    const blanks = /(?:\s|#[^\n]*)*/y;
    blanks.lastIndex = this.#at;
    this.#at += blanks.exec(this.#source)?.[0].length ?? 0;
    if (this.#at >= this.#source.length) {
      this.#token = '';
      return before;
    }
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#source)?.[0];
    if (found === undefined) throw new JqSyntaxError(`syntax error, unexpected INVALID_CHARACTER`);
    this.#token = found;
    this.#at += found.length;
    return before;
  }

  get #atEnd(): boolean {
    return this.#token === '';
  }

  #take(token: string): boolean {
    if (this.#token !== token) return false;
    this.#advance();
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#unexpected();
  }

  #pipe(): Filter {
    if (this.#token === 'def') {
      const definition = this.#definition();
      return { kind: 'define', definition, body: this.#atEnd ? { kind: 'identity' } : this.#pipe() };
    }
    if (this.#take('label')) {
      const name = this.#advance();
      this.#expect('|');
      return { kind: 'label', name, body: this.#pipe() };
    }
    const left = this.#comma();
    if (this.#take('as')) {
      const patterns = [this.#pattern()];
      while (this.#take('?//')) patterns.push(this.#pattern());
      this.#expect('|');
      return { kind: 'bind', source: left, patterns, body: this.#pipe() };
    }
    if (!this.#take('|')) return left;
    return { kind: 'pipe', left, right: this.#pipe() };
  }

  #definition(): Definition {
    this.#expect('def');
    const name = this.#advance();
    const parameters: string[] = [];
    if (this.#take('(')) {
      do parameters.push(this.#advance());
      while (this.#take(';'));
      this.#expect(')');
    }
    this.#expect(':');
    const body = this.#pipe();
    this.#expect(';');
    return { name, parameters, body };
  }

  #comma(): Filter {
    let left = this.#operators(0);
    while (this.#take(',')) left = { kind: 'comma', left, right: this.#operators(0) };
    return left;
  }

  #operators(level: number): Filter {
    const [operators, grouping] = LEVELS[level] ?? [];
    if (!operators) return this.#postfix();
    let left = this.#operators(level + 1);
    while (operators.includes(this.#token)) {
      const operator = this.#advance();
      const right = this.#operators(grouping === 'right' ? level : level + 1);
      left = { kind: 'binary', operator, left, right };
      if (grouping !== 'left') break;
    }
    return left;
  }

  #postfix(): Filter {
    if (this.#take('-')) return { kind: 'negate', of: this.#postfix() };
    const term = this.#suffixed();
    return this.#token === 'as' ? this.#bindTerm(term) : term;
  }

  /** A term and the ways into it that follow. */
  #suffixed(): Filter {
    // In parentheses, a way into a value is a filter like any other.
    let isGroup = this.#token === '(';
    let term = this.#term();
    for (; ; isGroup = false) {
      if (this.#take('?')) term = optional(term, isGroup);
      else if (this.#token === '?//') {
        term = optional(term, isGroup);
        this.#token = '//';
      } else if (/^\.[A-Za-z_]/.test(this.#token))
        term = { kind: 'index', of: term, key: { kind: 'literal', value: this.#advance().slice(1) } };
      else if (this.#token === '.' && this.#source[this.#at] === '"') {
        this.#advance();
        term = { kind: 'index', of: term, key: this.#string(null) };
      } else if (this.#token === '.' && this.#source[this.#at] === '[') {
        this.#advance();
        term = this.#bracket(term);
      } else if (this.#token === '[') term = this.#bracket(term);
      else return term;
    }
  }

  /** `term as $x | body` binds tighter than the operators around it. */
  #bindTerm(source: Filter): Filter {
    this.#expect('as');
    const patterns = [this.#pattern()];
    while (this.#take('?//')) patterns.push(this.#pattern());
    this.#expect('|');
    return { kind: 'bind', source, patterns, body: this.#pipe() };
  }

  #bracket(of: Filter): Filter {
    this.#expect('[');
    if (this.#take(']')) return { kind: 'iterate', of };
    if (this.#take(':')) {
      const to = this.#pipe();
      this.#expect(']');
      return { kind: 'slice', of, from: null, to };
    }
    const key = this.#pipe();
    if (this.#take(':')) {
      const to = this.#token === ']' ? null : this.#pipe();
      this.#expect(']');
      return { kind: 'slice', of, from: key, to };
    }
    this.#expect(']');
    return { kind: 'index', of, key };
  }

  #term(): Filter {
    const token = this.#token;
    if (token === '"') return this.#string(null);
    if (/^\.?\d/.test(token)) {
      this.#advance();
      return { kind: 'literal', value: Number(token) };
    }
    if (token === '.') return this.#dot();
    if (/^\.[A-Za-z_]/.test(token)) {
      this.#advance();
      return { kind: 'index', of: { kind: 'identity' }, key: { kind: 'literal', value: token.slice(1) } };
    }
    if (token === '..') {
      this.#advance();
      return { kind: 'recurse' };
    }
    if (token.startsWith('$')) {
      this.#advance();
      return { kind: 'variable', name: token.slice(1) };
    }
    if (token.startsWith('@')) {
      this.#advance();
      return this.#token === '"' ? this.#string(token.slice(1)) : { kind: 'format', name: token.slice(1) };
    }
    if (token === '(') {
      this.#advance();
      const inner = this.#pipe();
      this.#expect(')');
      return inner;
    }
    if (token === '[') {
      this.#advance();
      if (this.#take(']')) return { kind: 'array', body: null };
      const body = this.#pipe();
      this.#expect(']');
      return { kind: 'array', body };
    }
    if (token === '{') return this.#object();
    return this.#word(token);
  }

  #dot(): Filter {
    this.#advance();
    if (this.#token === '"') return { kind: 'index', of: { kind: 'identity' }, key: this.#string(null) };
    return { kind: 'identity' };
  }

  #word(token: string): Filter {
    if (token === 'if') return this.#if();
    if (token === 'reduce' || token === 'foreach') return this.#fold(token);
    if (token === 'try') {
      this.#advance();
      const body = this.#postfixTry();
      return { kind: 'try', body, handler: this.#take('catch') ? this.#postfixTry() : null };
    }
    if (token === 'def') {
      const definition = this.#definition();
      return { kind: 'define', definition, body: this.#pipe() };
    }
    if (token === 'break') {
      this.#advance();
      return { kind: 'break', name: this.#advance() };
    }
    if (!/^[A-Za-z_]/.test(token) || KEYWORDS.has(token)) throw this.#unexpected();
    this.#advance();
    const args: Filter[] = [];
    if (this.#take('(')) {
      do args.push(this.#pipe());
      while (this.#take(';'));
      this.#expect(')');
    }
    return { kind: 'call', name: token, args };
  }

  #postfixTry(): Filter {
    return this.#postfix();
  }

  #if(): Filter {
    const clauses: { condition: Filter; body: Filter }[] = [];
    this.#advance();
    do {
      const condition = this.#pipe();
      this.#expect('then');
      clauses.push({ condition, body: this.#pipe() });
    } while (this.#take('elif'));
    const otherwise = this.#take('else') ? this.#pipe() : null;
    this.#expect('end');
    return { kind: 'if', clauses, otherwise };
  }

  #fold(kind: 'reduce' | 'foreach'): Filter {
    this.#advance();
    const source = this.#suffixed();
    this.#expect('as');
    const pattern = this.#pattern();
    this.#expect('(');
    const start = this.#pipe();
    this.#expect(';');
    const update = this.#pipe();
    const extract = kind === 'foreach' && this.#take(';') ? this.#pipe() : null;
    this.#expect(')');
    return kind === 'reduce'
      ? { kind, source, pattern, start, update }
      : { kind, source, pattern, start, update, extract };
  }

  #pattern(): Pattern {
    if (this.#token.startsWith('$')) return { kind: 'name', name: this.#advance().slice(1) };
    if (this.#take('[')) {
      const items: Pattern[] = [];
      do items.push(this.#pattern());
      while (this.#take(','));
      this.#expect(']');
      return { kind: 'list', items };
    }
    this.#expect('{');
    const fields: { key: Filter; name: string | null; pattern: Pattern | null }[] = [];
    do {
      const isVariable = this.#token.startsWith('$');
      const name = isVariable ? this.#advance().slice(1) : null;
      const key: Filter = name === null ? this.#key() : { kind: 'literal', value: name };
      fields.push({ key, name, pattern: this.#take(':') ? this.#pattern() : null });
    } while (this.#take(','));
    this.#expect('}');
    return { kind: 'fields', fields };
  }

  #key(): Filter {
    if (this.#token === '"') return this.#string(null);
    if (this.#take('(')) {
      const key = this.#pipe();
      this.#expect(')');
      return key;
    }
    if (this.#token.startsWith('@')) {
      const format = this.#advance().slice(1);
      return this.#token === '"' ? this.#string(format) : { kind: 'format', name: format };
    }
    if (!/^[A-Za-z_0-9]/.test(this.#token)) throw this.#unexpected();
    return { kind: 'literal', value: this.#advance() };
  }

  #object(): Filter {
    const entries: { key: Filter; value: Filter }[] = [];
    this.#expect('{');
    while (!this.#take('}')) {
      if (this.#token.startsWith('$')) {
        const name = this.#advance().slice(1);
        entries.push({ key: { kind: 'literal', value: name }, value: { kind: 'variable', name } });
      } else {
        const key = this.#key();
        const value: Filter = this.#take(':') ? this.#objectValue() : { kind: 'index', of: { kind: 'identity' }, key };
        entries.push({ key, value });
      }
      if (this.#token !== '}') this.#expect(',');
    }
    return { kind: 'object', entries };
  }

  #objectValue(): Filter {
    let left = this.#operators(0);
    while (this.#take('|')) left = { kind: 'pipe', left, right: this.#operators(0) };
    return left;
  }

  /** A string that was just opened, with its interpolations. */
  #string(format: string | null): Filter {
    const parts: (string | Filter)[] = [];
    let text = '';
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined) throw new JqSyntaxError('syntax error, unexpected end of file in a string');
      this.#at++;
      if (char === '"') break;
      if (char !== '\\') {
        text += char;
        continue;
      }
      const next = this.#source[this.#at++] ?? '';
      if (next === '(') {
        parts.push(text);
        text = '';
        this.#advance();
        parts.push(this.#pipe());
        if (this.#token !== ')') throw this.#unexpected();
        // The string goes on right behind the parenthesis.
        continue;
      }
      if (next === 'u') {
        text += String.fromCharCode(Number.parseInt(this.#source.slice(this.#at, this.#at + 4), 16));
        this.#at += 4;
        continue;
      }
      const known = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '/': '/', '\\': '\\', '"': '"' }[next];
      if (known === undefined) throw new JqSyntaxError('syntax error, invalid escape');
      text += known;
    }
    this.#advance();
    parts.push(text);
    if (parts.length === 1 && format === null) return { kind: 'literal', value: text };
    return { kind: 'string', parts, format };
  }
}

/** A term with `?` behind it. */
function optional(term: Filter, isGroup: boolean): Filter {
  const isAccess = term.kind === 'index' || term.kind === 'slice' || term.kind === 'iterate';
  if (isAccess && !isGroup && !term.isOptional) return { ...term, isOptional: true };
  return { kind: 'try', body: term, handler: null };
}
