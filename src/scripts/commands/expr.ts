import { createMatcher } from '../regex/matcher.ts';
import { type Collation, collationOf } from '../shell/collation.ts';
import type { Program } from '../shell/shell.ts';

/** The expression is wrong: exit status 2. */
class BadExpression extends Error {
  override readonly name = 'BadExpression';
}

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['<', '<=', '=', '==', '!=', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%'],
  [':'],
];
const NUMBER = /^-?\d+$/;

/** `expr`: arithmetic, comparisons and matches, one word each. */
export const expr: Program = async (process) => {
  const words = process.args[0] === '--' ? process.args.slice(1) : process.args;
  try {
    const reader = new Expression(words, collationOf(process.shell));
    const value = reader.whole();
    process.output.write(`${value}\n`);
    return isNothing(value) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof BadExpression)) throw error;
    process.errors.write(`expr: ${error.message}\n`);
    return 2;
  }
};

function isNothing(value: string): boolean {
  return value === '' || /^-?0+$/.test(value);
}

class Expression {
  readonly #words: readonly string[];
  readonly #collate: Collation;
  #at = 0;

  constructor(words: readonly string[], collate: Collation) {
    this.#words = words;
    this.#collate = collate;
  }

  whole(): string {
    if (this.#words.length === 0) throw new BadExpression('missing operand');
    const value = this.#level(0);
    const left = this.#words[this.#at];
    if (left !== undefined) throw new BadExpression(`syntax error: unexpected argument '${left}'`);
    return value;
  }

  #level(depth: number): string {
    const operators = LEVELS[depth];
    if (!operators) return this.#operand();
    let value = this.#level(depth + 1);
    for (let operator = this.#words[this.#at]; operator !== undefined; operator = this.#words[this.#at]) {
      if (!operators.includes(operator)) return value;
      this.#at++;
      value = applied(operator, value, this.#level(depth + 1), this.#collate);
    }
    return value;
  }

  #operand(): string {
    const word = this.#words[this.#at++];
    if (word === undefined) {
      throw new BadExpression(`syntax error: missing argument after '${this.#words.at(-1)}'`);
    }
    if (word === '(') {
      const value = this.#level(0);
      if (this.#words[this.#at++] !== ')') throw new BadExpression("syntax error: expecting ')'");
      return value;
    }
    if (word === ')') throw new BadExpression("syntax error: unexpected ')'");
    if (word === '+') return this.#words[this.#at++] ?? missing(word);
    // A word that names a function is one only where something follows.
    if (word === 'length') return String([...this.#operand()].length);
    if (word === 'match') return matched(this.#operand(), this.#operand());
    if (word === 'index') {
      const [text, wanted] = [this.#operand(), this.#operand()];
      return String([...text].findIndex((char) => wanted.includes(char)) + 1);
    }
    if (word !== 'substr') return word;
    const [text, from, count] = [this.#operand(), this.#operand(), this.#operand()];
    if (!NUMBER.test(from) || !NUMBER.test(count) || Number(from) < 1 || Number(count) < 1) return '';
    return [...text].slice(Number(from) - 1, Number(from) - 1 + Number(count)).join('');
  }
}

function missing(word: string): never {
  throw new BadExpression(`syntax error: missing argument after '${word}'`);
}

function applied(operator: string, left: string, right: string, collate: Collation): string {
  switch (operator) {
    case '|':
      if (!isNothing(left)) return left;
      return isNothing(right) ? '0' : right;
    case '&':
      return isNothing(left) || isNothing(right) ? '0' : left;
    case ':':
      return matched(left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return calculated(operator, left, right);
    default:
      return compared(operator, left, right, collate) ? '1' : '0';
  }
}

function calculated(operator: string, left: string, right: string): string {
  if (!NUMBER.test(left) || !NUMBER.test(right)) throw new BadExpression('non-integer argument');
  const [one, other] = [BigInt(left), BigInt(right)];
  if (operator === '+') return String(one + other);
  if (operator === '-') return String(one - other);
  if (operator === '*') return String(one * other);
  if (other === 0n) throw new BadExpression('division by zero');
  return String(operator === '/' ? one / other : one % other);
}

function compared(operator: string, left: string, right: string, collate: Collation): boolean {
  const areNumbers = NUMBER.test(left) && NUMBER.test(right);
  const order = areNumbers ? Number(BigInt(left) - BigInt(right)) : collate(left, right);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  if (operator === '>=') return order >= 0;
  return (order === 0) !== (operator === '!=');
}

/** What a basic expression matches at the start: its first group where it has one, or how many characters. */
function matched(text: string, pattern: string): string {
  const found = createMatcher([pattern], 'basic').find(text);
  const isAtStart = found !== null && found.start === 0;
  if (/\\\(/.test(pattern)) return isAtStart ? (found.groups[1] ?? '') : '';
  return isAtStart ? String([...text.slice(0, found.end)].length) : '0';
}
