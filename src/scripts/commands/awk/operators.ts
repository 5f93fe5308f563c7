import { compare, toNumber, type Value } from './value.ts';

/** What a comparing or calculating operator gives. Throws for a division by zero. */
export function compareOrCalculate(operator: string, one: Value, other: Value, format: string): Value {
  const order = /^[<>=!]/.test(operator) ? compare(one, other, format) : 0;
  switch (operator) {
    case '<':
      return order < 0 ? 1 : 0;
    case '<=':
      return order <= 0 ? 1 : 0;
    case '==':
      return order === 0 ? 1 : 0;
    case '!=':
      return order !== 0 ? 1 : 0;
    case '>':
      return order > 0 ? 1 : 0;
    case '>=':
      return order >= 0 ? 1 : 0;
    default:
      return arithmetic(operator, toNumber(one), toNumber(other));
  }
}

export function arithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw new Error('division by zero');
      return left / right;
    case '%':
      if (right === 0) throw new Error('division by zero in %');
      return left % right;
    default:
      return left ** right;
  }
}
