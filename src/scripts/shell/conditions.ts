import { createMatcher } from '../regex/matcher.ts';
import { BadExpression } from '../regex/translate.ts';
import { ArithmeticFault } from './arithmetic.ts';
import { collationOf } from './collation.ts';
import { expandPattern, expandRegularExpression, expandText } from './expand.ts';
import { absolute } from './file-system.ts';
import { matchesPattern } from './patterns.ts';
import type { Shell } from './shell.ts';
import type { Conditional } from './syntax.ts';

/** The test was written wrongly: status 2. */
export class BadTest extends Error {
  override readonly name = 'BadTest';
}

/** The value of `[[ … ]]`. Throws `BadTest`. */
export async function evaluateConditional(shell: Shell, condition: Conditional): Promise<boolean> {
  switch (condition.kind) {
    case 'and':
      return (await evaluateConditional(shell, condition.left)) && evaluateConditional(shell, condition.right);
    case 'or':
      return (await evaluateConditional(shell, condition.left)) || evaluateConditional(shell, condition.right);
    case 'not':
      return !(await evaluateConditional(shell, condition.of));
    case 'word':
      return (await expandText(shell, condition.word)) !== '';
    case 'unary':
      return unaryTest(shell, condition.operator, await expandText(shell, condition.word));
    default:
      return binaryConditional(shell, condition);
  }
}

async function binaryConditional(shell: Shell, condition: Extract<Conditional, { kind: 'binary' }>): Promise<boolean> {
  const { operator } = condition;
  const left = await expandText(shell, condition.left);
  const ignoreCase = shell.shopts.has('nocasematch');
  if (operator === '=~')
    return matchesExpression(shell, left, await expandRegularExpression(shell, condition.right), ignoreCase);
  if (operator === '==' || operator === '=' || operator === '!=') {
    const pattern = await expandPattern(shell, condition.right);
    return matchesPattern(left, pattern, { extended: true, ignoreCase }) === (operator !== '!=');
  }
  const right = await expandText(shell, condition.right);
  if (operator.startsWith('-') && !/^-[neo][tf]$/.test(operator)) {
    return compareValues(shell, operator, left, right);
  }
  if (operator === '<') return collationOf(shell)(left, right) < 0;
  if (operator === '>') return collationOf(shell)(left, right) > 0;
  return binaryTest(shell, left, operator, right);
}

function matchesExpression(shell: Shell, text: string, pattern: string, ignoreCase: boolean): boolean {
  try {
    const found = createMatcher([pattern], 'extended', { ignoreCase, longest: true }).find(text);
    shell.setArray('BASH_REMATCH', found ? found.groups.map((group) => group ?? '') : []);
    return found !== null;
  } catch (error) {
    if (!(error instanceof BadExpression)) throw error;
    if (error.isUnsupported) shell.host.needs(`the regular expression ${pattern}`);
    throw new BadTest('');
  }
}

/** What is no expression makes this comparison false, and gives nothing up. */
function compareValues(shell: Shell, operator: string, left: string, right: string): boolean {
  try {
    return compareNumbers(operator, shell.evaluate(left), shell.evaluate(right));
  } catch (error) {
    if (!(error instanceof ArithmeticFault)) throw error;
    shell.complain(`[[: ${error.message}`);
    return false;
  }
}

function compareNumbers(operator: string, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '-eq':
      return left === right;
    case '-ne':
      return left !== right;
    case '-lt':
      return left < right;
    case '-le':
      return left <= right;
    case '-gt':
      return left > right;
    default:
      return left >= right;
  }
}

async function unaryTest(shell: Shell, operator: string, operand: string): Promise<boolean> {
  if (operator === '-n') return operand !== '';
  if (operator === '-z') return operand === '';
  if (operator === '-v') return isSet(shell, operand);
  if (operator === '-o') return shell.options.has(operand);
  if (operator === '-t') return isTerminal(shell, Number(operand));
  if (operand === '') return false;
  const stat = await shell.host.files.stat(absolute(shell.cwd, operand), operator !== '-L' && operator !== '-h');
  // A trailing slash asks for a folder.
  if (operand.endsWith('/') && stat && stat.kind !== 'folder') return false;
  switch (operator) {
    case '-e':
    case '-a':
      return stat !== null;
    case '-f':
      return stat?.kind === 'file';
    case '-d':
      return stat?.kind === 'folder';
    case '-L':
    case '-h':
      return stat?.kind === 'link';
    case '-s':
      return stat !== null && stat.size > 0;
    case '-r':
      return stat !== null && mayOwner(shell, stat.mode, 0o400);
    case '-w':
      return stat !== null && mayOwner(shell, stat.mode, 0o200);
    case '-O':
    case '-G':
      if (stat) shell.host.leansOn('user');
      return stat !== null && shell.host.surroundings.user.isOwner;
    case '-x':
      return stat !== null && (stat.mode & 0o111) > 0;
    case '-c':
      return stat?.kind === 'device';
    case '-p':
    case '-S':
    case '-b':
    case '-g':
    case '-u':
    case '-k':
      return false;
    default:
      shell.host.needs(`test ${operator}`);
      throw new BadTest(`${operator}: unary operator expected`);
  }
}

/** What rights forbid, they do not forbid root. */
function mayOwner(shell: Shell, mode: number, right: number): boolean {
  if ((mode & right) !== 0) return true;
  shell.host.leansOn('user');
  return shell.host.surroundings.user.number === 0;
}

/** Whether a descriptor is a terminal: it is what the script has not redirected, where there is one. */
export function isTerminal(shell: Shell, number: number): boolean {
  const descriptor = shell.descriptors.get(number);
  const isOwn =
    number === 0
      ? descriptor === undefined
      : descriptor && 'output' in descriptor && descriptor.output === shell.host.terminal;
  if (!isOwn) return false;
  shell.host.leansOn('terminal');
  return shell.host.surroundings.hasTerminal;
}

function isSet(shell: Shell, operand: string): boolean {
  const [, name = operand, index] = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(operand) ?? [];
  if (index === '@' || index === '*') return shell.elements(name).length > 0;
  return (
    (index === undefined
      ? (shell.get(name) ?? shell.positional[Number(operand) - 1] ?? shell.special(name))
      : shell.getElement(name, index)) !== undefined
  );
}

async function binaryTest(shell: Shell, left: string, operator: string, right: string): Promise<boolean> {
  if (operator === '=' || operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  if (operator === '-ef') {
    const { files } = shell.host;
    const real = await files.realPath(absolute(shell.cwd, left));
    return real !== null && real === (await files.realPath(absolute(shell.cwd, right)));
  }
  shell.host.needs('modification times');
  return false;
}

/** The value of `test` or `[`. Throws `BadTest`. */
export async function evaluateTest(shell: Shell, args: readonly string[]): Promise<boolean> {
  const test = new TestArguments(shell, args);
  return test.value();
}

const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);

class TestArguments {
  readonly #shell: Shell;
  readonly #args: readonly string[];
  #at = 0;

  constructor(shell: Shell, args: readonly string[]) {
    this.#shell = shell;
    this.#args = args;
  }

  async value(): Promise<boolean> {
    // POSIX decides by the number of arguments, so that any text may be an operand.
    const [first = '', second = '', third = '', fourth] = this.#args;
    switch (this.#args.length) {
      case 0:
        return false;
      case 1:
        return first !== '';
      case 2:
        if (first === '!') return second === '';
        if (!/^-[a-zA-Z]$/.test(first)) throw new BadTest(`${first}: unary operator expected`);
        return unaryTest(this.#shell, first, second);
      case 3:
        if (BINARY.has(second)) return this.#binary(first, second, third);
        if (second === '-a') return first !== '' && third !== '';
        if (second === '-o') return first !== '' || third !== '';
        if (first === '!') return !(await evaluateTest(this.#shell, [second, third]));
        if (first === '(' && third === ')') return second !== '';
        throw new BadTest(`${second}: binary operator expected`);
      case 4:
        if (first === '!') return !(await evaluateTest(this.#shell, [second, third, fourth ?? '']));
    }
    const value = await this.#or();
    if (this.#at < this.#args.length) throw new BadTest('too many arguments');
    return value;
  }

  async #or(): Promise<boolean> {
    let value = await this.#and();
    while (this.#args[this.#at] === '-o') {
      this.#at++;
      value = (await this.#and()) || value;
    }
    return value;
  }

  async #and(): Promise<boolean> {
    let value = await this.#primary();
    while (this.#args[this.#at] === '-a') {
      this.#at++;
      value = (await this.#primary()) && value;
    }
    return value;
  }

  async #primary(): Promise<boolean> {
    const [first, second = '', third] = this.#args.slice(this.#at);
    if (first === undefined) throw new BadTest('argument expected');
    if (BINARY.has(second) && third !== undefined) {
      this.#at += 3;
      return this.#binary(first, second, third);
    }
    this.#at++;
    if (first === '!') return !(await this.#primary());
    if (first === '(') {
      const value = await this.#or();
      if (this.#args[this.#at] !== ')') throw new BadTest("`)' expected");
      this.#at++;
      return value;
    }
    if (/^-[a-zA-Z]$/.test(first) && this.#at < this.#args.length) {
      this.#at++;
      return unaryTest(this.#shell, first, second);
    }
    return first !== '';
  }

  #binary(left: string, operator: string, right: string): Promise<boolean> | boolean {
    if (!/^-(?:eq|ne|lt|le|gt|ge)$/.test(operator)) return binaryTest(this.#shell, left, operator, right);
    return compareNumbers(operator, integer(left), integer(right));
  }
}

function integer(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new BadTest(`${text}: integer expression expected`);
  return BigInt.asIntN(64, BigInt(text.trim().replace(/^\+/, '')));
}
