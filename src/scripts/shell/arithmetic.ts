/** What an expression may ask of the shell. Values are texts; names may be unset. */
export interface ArithmeticVariables {
  get(name: string, index: string | null): string | undefined;
  set(name: string, index: string | null, value: string): void;
  isAssociative(name: string): boolean;
}

/** The expression is none, or divides by zero. */
export class ArithmeticFault extends Error {
  override readonly name = 'ArithmeticFault';
}

/** Names that hold names: deeper than this is a circle. */
const DEEPEST = 100;

/** The value of a shell arithmetic expression, 64 bits wide. Throws `ArithmeticFault`. */
export function evaluate(expression: string, variables: ArithmeticVariables, depth = 0): bigint {
  if (depth > DEEPEST) throw new ArithmeticFault(`${expression}: expression recursion level exceeded`);
  const reader = new Reader(expression, variables, depth);
  if (reader.isEmpty) return 0n;
  const value = reader.comma();
  reader.expectEnd();
  return value;
}

interface Target {
  readonly name: string;
  readonly index: string | null;
}

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const OPERATOR = /\*\*|<<=|>>=|[-+*/%&|^]=|\|\||&&|==|!=|<=|>=|<<|>>|\+\+|--|[-+*/%&|^<>=!~?:,()]/y;
const NUMBER = /0[xX][0-9a-fA-F]+|\d+#[0-9A-Za-z@_]+|\d+/y;
const NAME = /[A-Za-z_]\w*/y;

class Reader {
  readonly #text: string;
  readonly #variables: ArithmeticVariables;
  readonly #depth: number;
  #at = 0;
  /** Greater than 0 where a short circuit has decided: nothing is assigned or divided there. */
  #skipping = 0;

  constructor(text: string, variables: ArithmeticVariables, depth: number) {
    this.#text = text;
    this.#variables = variables;
    this.#depth = depth;
  }

  get isEmpty(): boolean {
    return this.#text.trim() === '';
  }

  expectEnd(): void {
    this.#blanks();
    if (this.#at === this.#text.length) return;
    // A name is looked up before it is found to be out of place: with `set -u` that ends the script.
    const name = this.#match(NAME);
    if (name !== '') this.#variables.get(name, null);
    throw this.#fault('syntax error in expression');
  }

  comma(): bigint {
    let value = this.#assignment();
    while (this.#take(',')) value = this.#assignment();
    return value;
  }

  #fault(message: string): ArithmeticFault {
    return new ArithmeticFault(`${this.#text}: ${message} (error token is "${this.#text.slice(this.#at)}")`);
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #match(sticky: RegExp): string {
    this.#blanks();
    sticky.lastIndex = this.#at;
    return sticky.exec(this.#text)?.[0] ?? '';
  }

  #take(operator: string): boolean {
    if (this.#match(OPERATOR) !== operator) return false;
    this.#at += operator.length;
    return true;
  }

  #assignment(): bigint {
    const start = this.#at;
    const target = this.#target();
    const operator = target ? this.#match(OPERATOR) : '';
    if (!target || !/^(?:[-+*/%&|^]|<<|>>)?=$/.test(operator)) {
      this.#at = start;
      return this.#conditional();
    }
    this.#at += operator.length;
    if (operator === '=') {
      const value = this.#assignment();
      this.#store(target, value);
      return value;
    }
    const left = this.#value(target);
    const value = this.#apply(operator.slice(0, -1), left, this.#assignment());
    this.#store(target, value);
    return value;
  }

  #store(target: Target, value: bigint): void {
    if (this.#skipping === 0) this.#variables.set(target.name, target.index, String(value));
  }

  #skip<T>(isSkipped: boolean, read: () => T): T {
    if (isSkipped) this.#skipping++;
    try {
      return read();
    } finally {
      if (isSkipped) this.#skipping--;
    }
  }

  #conditional(): bigint {
    const condition = this.#binary(0);
    if (!this.#take('?')) return condition;
    const yes = this.#skip(condition === 0n, () => this.comma());
    if (!this.#take(':')) throw this.#fault("`:' expected for conditional expression");
    const no = this.#skip(condition !== 0n, () => this.#conditional());
    return condition !== 0n ? yes : no;
  }

  #binary(level: number): bigint {
    const operators = BINARY[level];
    if (!operators) return this.#power();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#match(OPERATOR);
      if (!operators.includes(operator)) return left;
      this.#at += operator.length;
      const decided = (operator === '&&' && left === 0n) || (operator === '||' && left !== 0n);
      this.#blanks();
      const start = this.#at;
      const right = this.#skip(decided, () => this.#binary(level + 1));
      left = this.#apply(operator, left, right, start);
    }
  }

  #power(): bigint {
    const base = this.#unary();
    if (!this.#take('**')) return base;
    const exponent = this.#power();
    if (exponent < 0n) throw this.#fault('exponent less than 0');
    return this.#skipping > 0 ? 0n : powerOf(base, exponent);
  }

  #unary(): bigint {
    const operator = this.#match(OPERATOR);
    if (operator === '++' || operator === '--') {
      const start = this.#at;
      this.#at += 2;
      const target = this.#target();
      if (target) {
        const value = BigInt.asIntN(64, this.#value(target) + (operator === '++' ? 1n : -1n));
        this.#store(target, value);
        return value;
      }
      // Two signs, of which the second may begin another operator: `---i`.
      this.#at = start + 1;
      const value = this.#unary();
      return operator === '++' ? value : BigInt.asIntN(64, -value);
    }
    if (!['!', '~', '-', '+'].includes(operator)) return this.#postfix();
    this.#at++;
    const value = this.#unary();
    if (operator === '!') return value === 0n ? 1n : 0n;
    if (operator === '~') return ~value;
    return operator === '-' ? BigInt.asIntN(64, -value) : value;
  }

  #postfix(): bigint {
    if (this.#take('(')) {
      const value = this.comma();
      if (!this.#take(')')) throw this.#fault("missing `)'");
      return value;
    }
    const number = this.#match(NUMBER);
    if (number !== '') {
      this.#at += number.length;
      if (/[\w#.]/.test(this.#text[this.#at] ?? ' ')) {
        if (this.#text[this.#at] === '.') throw this.#fault('syntax error: invalid arithmetic operator');
        throw this.#fault('value too great for base');
      }
      return this.#number(number);
    }
    const target = this.#target();
    if (!target) throw this.#fault('syntax error: operand expected');
    const value = this.#value(target);
    const operator = this.#match(OPERATOR);
    if (operator !== '++' && operator !== '--') return value;
    this.#at += 2;
    this.#store(target, BigInt.asIntN(64, value + (operator === '++' ? 1n : -1n)));
    return value;
  }

  #target(): Target | null {
    const name = this.#match(NAME);
    if (name === '') return null;
    this.#at += name.length;
    if (this.#text[this.#at] !== '[') return { name, index: null };
    let depth = 0;
    const start = this.#at + 1;
    for (let i = this.#at; i < this.#text.length; i++) {
      if (this.#text[i] === '[') depth++;
      if (this.#text[i] === ']') depth--;
      if (depth > 0) continue;
      this.#at = i + 1;
      const raw = this.#text.slice(start, i);
      if (this.#variables.isAssociative(name)) return { name, index: raw };
      return { name, index: String(evaluate(raw, this.#variables, this.#depth + 1)) };
    }
    throw this.#fault('bad array subscript');
  }

  #value({ name, index }: Target): bigint {
    if (this.#skipping > 0) return 0n;
    // Bash looks at what follows a name before it looks at its value.
    this.#blanks();
    if (/[^\w\s*/%&|^<>=!~?:,()+-]/.test(this.#text[this.#at] ?? ' ')) {
      throw this.#fault('syntax error: invalid arithmetic operator');
    }
    const text = this.#variables.get(name, index) ?? '';
    return /^[1-9]\d{0,15}$/.test(text) ? BigInt(text) : evaluate(text, this.#variables, this.#depth + 1);
  }

  #number(text: string): bigint {
    if (/^0[xX]/.test(text)) return BigInt.asIntN(64, BigInt(text));
    const [base = '', digits] = text.split('#');
    if (digits !== undefined) return this.#inBase(digits, Number(base));
    if (!/^0\d/.test(text)) return BigInt.asIntN(64, BigInt(text));
    if (/[89]/.test(text)) throw new ArithmeticFault(`${text}: value too great for base (error token is "${text}")`);
    return BigInt.asIntN(64, BigInt(`0o${text}`));
  }

  #inBase(digits: string, base: number): bigint {
    if (base < 2 || base > 64) throw this.#fault('invalid arithmetic base');
    const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';
    let value = 0n;
    for (const digit of base <= 36 ? digits.toLowerCase() : digits) {
      const place = alphabet.indexOf(digit);
      if (place < 0 || place >= base) throw this.#fault('value too great for base');
      value = value * BigInt(base) + BigInt(place);
    }
    return BigInt.asIntN(64, value);
  }

  #apply(operator: string, left: bigint, right: bigint, start = this.#at): bigint {
    if ((operator === '/' || operator === '%') && right === 0n) {
      if (this.#skipping > 0) return 0n;
      this.#at = start;
      throw this.#fault('division by 0');
    }
    return BigInt.asIntN(64, calculate(operator, left, right));
  }
}

function powerOf(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let factor = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asIntN(64, result * factor);
    factor = BigInt.asIntN(64, factor * factor);
  }
  return result;
}

function calculate(operator: string, left: bigint, right: bigint): bigint {
  const truth = (is: boolean) => (is ? 1n : 0n);
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '<<':
      return left << (right & 63n);
    case '>>':
      return left >> (right & 63n);
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    case '>=':
      return truth(left >= right);
    case '&&':
      return truth(left !== 0n && right !== 0n);
    default:
      return truth(left !== 0n || right !== 0n);
  }
}
