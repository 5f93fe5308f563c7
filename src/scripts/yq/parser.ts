import { type Bracket, type BracketToken, type Operation, type Token, tokenize } from './lexer.ts';
import { integer } from './node.ts';
import { operator } from './operators.ts';
import { Unsupported, YqError } from './signals.ts';

/** An operator with its arguments; a function's one argument is on the right. */
export interface Expression {
  readonly operation: Operation;
  readonly left: Expression | null;
  readonly right: Expression | null;
}

/** Expressions come from a few hundred lines of scripts; a hostile script may make up more. */
const REMEMBERED = 2000;
const LONGEST = 20_000;
const remembered = new Map<string, Parsed | Error>();

/** An expression in its parts, and as a tree. */
interface Parsed {
  readonly tokens: readonly Token[];
  readonly tree: Expression | null;
}

/** Parses an expression; an empty one is null and changes nothing. Throws `YqError` and `Unsupported`. */
export function parseExpression(expression: string): Expression | null {
  return parsedOnce(expression).tree;
}

/** The parts of an expression that `parseExpression` reads. Throws `YqError` and `Unsupported`. */
export function tokensOf(expression: string): readonly Token[] {
  return parsedOnce(expression).tokens;
}

function parsedOnce(expression: string): Parsed {
  if (expression.length > LONGEST) throw new YqError('bad expression, please check expression syntax');
  const known = remembered.get(expression) ?? parse(expression);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(expression, known);
  if (known instanceof Error) throw known;
  return known;
}

function parse(expression: string): Parsed | Error {
  try {
    const tokens = tokenize(expression);
    return { tokens, tree: treeOf(postfixOf(withImplied(tokens))) };
  } catch (error) {
    if (error instanceof YqError || error instanceof Unsupported) return error;
    throw error;
  }
}

function implied(name: string, literal?: Operation['literal']): Token {
  return { operation: { operator: operator(name), text: name, ...(literal && { literal }) }, joins: false };
}

function isBracket(token: Token | undefined, kind: Bracket): boolean {
  return token !== undefined && 'bracket' in token && token.bracket === kind;
}

function isOperator(token: Token | undefined, name: string): boolean {
  return token !== undefined && 'operation' in token && token.operation.operator.name === name;
}

function isAssignable(token: Token): boolean {
  return ['tag', 'anchor', 'alias'].some((name) => isOperator(token, name));
}

/** Writes out what the short forms leave out: the pipe in `.a.b`, the traversal in `.a[0]`, the bounds in `.[:2]`. */
function withImplied(tokens: readonly Token[]): readonly Token[] {
  const full: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const [previous, next] = [tokens[index - 1], tokens[index + 1]];
    if (isAssignable(token) && (isOperator(next, '=') || isOperator(next, '|='))) {
      throw new Unsupported('assignment of a tag, an anchor or an alias');
    }
    const opensTraversal = isBracket(token, '.[');
    if (opensTraversal) full.push(implied('self'), implied('traverse array'));
    if (isOperator(token, ':') && isBracket(previous, '.[')) full.push(implied('literal', integer(0)));
    full.push(opensTraversal ? { bracket: '[', isOptional: false, joins: false } : token);
    if (isOperator(token, ':') && isBracket(next, ']')) full.push(implied('length'));
    const isEmpty = isBracket(token, '{') ? isBracket(next, '}') : !opensTraversal && isBracket(token, '[');
    if (isEmpty && (isBracket(next, ']') || isBracket(next, '}'))) full.push(implied('empty'));
    else if (opensTraversal && isBracket(next, ']')) full.push(implied('empty'));
    if (!token.joins) continue;
    if (isOperator(next, 'step') || isBracket(next, '.[')) full.push(implied('short pipe'));
    if (isBracket(next, '[')) full.push(implied('traverse array'));
  }
  return full;
}

/** Orders tokens so that arguments come before their operator. Operators of equal strength bind to the right, as in yq. */
function postfixOf(tokens: readonly Token[]): readonly Operation[] {
  const result: Operation[] = [];
  const stack: Token[] = [{ bracket: '(', isOptional: false, joins: false }];
  for (const token of [...tokens, { bracket: ')', isOptional: false, joins: false } as const]) {
    if ('operation' in token) {
      popStronger(stack, result, token.operation.operator.precedence);
      stack.push(token);
      continue;
    }
    if (token.bracket === '(' || token.bracket === '[' || token.bracket === '{') stack.push(token);
    else closeBracket(stack, result, token);
  }
  if (stack.length > 0) throw new YqError('bad expression - probably missing close bracket on (');
  return result;
}

function popStronger(stack: Token[], result: Operation[], precedence: number): void {
  for (let top = stack.at(-1); top && 'operation' in top; top = stack.at(-1)) {
    if (top.operation.operator.precedence <= precedence) return;
    result.push(top.operation);
    stack.pop();
  }
}

const OPENER = { ')': '(', ']': '[', '}': '{' } as const;
const CLOSER = { '(': ')', '[': ']', '{': '}' } as const;

function closeBracket(stack: Token[], result: Operation[], token: BracketToken): void {
  const closer = token.bracket;
  if (closer !== ')' && closer !== ']' && closer !== '}') return;
  for (let top = stack.pop(); ; top = stack.pop()) {
    if (!top) throw new YqError(unopened(closer));
    if ('operation' in top) {
      result.push(top.operation);
      continue;
    }
    if (top.bracket === OPENER[closer]) break;
    const open = top.bracket === '(' || top.bracket === '[' || top.bracket === '{' ? CLOSER[top.bracket] : ']';
    throw new YqError(`bad expression, could not find matching \`${open}\``);
  }
  if (closer === ')') return;
  const collector = closer === ']' ? 'collect' : 'collect object';
  result.push({ operator: operator(collector), text: collector });
  if (closer === '}') result.push({ operator: operator('short pipe'), text: '.' });
  const top = stack.at(-1);
  if (!top || !('operation' in top) || top.operation.operator.name !== 'traverse array') return;
  stack.pop();
  result.push({ ...top.operation, isOptional: token.isOptional });
}

function unopened(closer: ')' | ']' | '}'): string {
  return closer === ')'
    ? 'bad expression, got close brackets without matching opening bracket'
    : 'Bad path expression, got close collect brackets without matching opening bracket';
}

function treeOf(operations: readonly Operation[]): Expression | null {
  const stack: Expression[] = [];
  for (const operation of operations) {
    const { args } = operation.operator;
    if (stack.length < args) {
      const words = args === 1 ? '1 arg but received none' : `2 args but there is ${stack.length}`;
      throw new YqError(`'${operation.text.trim()}' expects ${words}`);
    }
    const right = args > 0 ? (stack.pop() ?? null) : null;
    const left = args > 1 ? (stack.pop() ?? null) : null;
    stack.push({ operation, left, right });
  }
  if (stack.length > 1) throw new YqError('bad expression, please check expression syntax');
  return stack[0] ?? null;
}

/** Whether any operator of the expression is one that `admits`. */
export function someOperator(expression: Expression | null, admits: (name: string) => boolean): boolean {
  if (!expression) return false;
  if (admits(expression.operation.operator.name)) return true;
  return someOperator(expression.left, admits) || someOperator(expression.right, admits);
}
