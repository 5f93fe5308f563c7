import type { Matcher } from '../../regex/matcher.ts';
import { splitBy } from './records.ts';
import { type Expression, isTarget } from './syntax.ts';
import { fromInput, sprintf, toNumber, type Value } from './value.ts';

/** What the functions need of the machine that runs the program. */
export interface Evaluator {
  readonly world: {
    needs(what: string): void;
    command(command: string, input: string): { output: string; status: number };
    write(text: string): void;
    handled(characters: number): void;
  };
  evaluate(expression: Expression): Value;
  evaluateText(expression: Expression): string;
  evaluateNumber(expression: Expression | undefined): number;
  operandMatcher(expression: Expression): Matcher;
  splitText(text: string, separator: string): string[];
  array(name: string): Map<string, Value>;
  text(name: string): string;
  setVariable(name: string, value: Value): void;
  close(name: string): number;
}

/** What a match costs besides its text, in characters handled. */
const MATCH = 100;

const RECORD: Expression = { kind: 'field', index: { kind: 'number', value: 0 } };

/** Calls a function of awk's own. */
export function call(
  machine: Evaluator & { set(target: never, value: Value): Value },
  name: string,
  args: readonly Expression[],
): Value {
  const [first = RECORD, second, third, fourth] = args;
  switch (name) {
    case 'length':
      if (first.kind === 'variable' && isArray(machine, first)) return machine.array(first.name).size;
      return [...machine.evaluateText(first)].length;
    case 'substr': {
      const characters = [...machine.evaluateText(first)];
      const start = Math.round(machine.evaluateNumber(second));
      const end = third ? start + Math.round(machine.evaluateNumber(third)) : Number.POSITIVE_INFINITY;
      return characters.slice(Math.max(0, start - 1), Math.max(0, end - 1)).join('');
    }
    case 'index': {
      const text = machine.evaluateText(first);
      const at = text.indexOf(second ? machine.evaluateText(second) : '');
      return at < 0 ? 0 : [...text.slice(0, at)].length + 1;
    }
    case 'split':
      return split(machine, first, second, third);
    case 'sub':
    case 'gsub':
      return substitute(machine, name === 'gsub', first, second, third ?? RECORD);
    case 'gensub':
      return generalSubstitute(machine, first, second, third, fourth ?? RECORD);
    case 'match':
      return match(machine, first, second, third);
    case 'sprintf':
      return sprintf(
        machine.evaluateText(first),
        args.slice(1).map((arg) => machine.evaluate(arg)),
        machine.text('CONVFMT'),
      );
    case 'tolower':
      return machine.evaluateText(first).toLowerCase();
    case 'toupper':
      return machine.evaluateText(first).toUpperCase();
    case 'close':
      return machine.close(machine.evaluateText(first));
    case 'fflush':
      return 0;
    case 'system': {
      const { output, status } = machine.world.command(machine.evaluateText(first), '');
      machine.world.write(output);
      return status;
    }
    default:
      return mathematics(machine, name, args);
  }
}

function isArray(machine: Evaluator, expression: Extract<Expression, { kind: 'variable' }>): boolean {
  return machine.evaluate(expression) === undefined && machine.array(expression.name).size > 0;
}

function mathematics(machine: Evaluator, name: string, args: readonly Expression[]): Value {
  const [first, second] = args.map((arg) => machine.evaluateNumber(arg));
  const one = first ?? 0;
  switch (name) {
    case 'int':
      return Math.trunc(one);
    case 'sqrt':
      return Math.sqrt(one);
    case 'exp':
      return Math.exp(one);
    case 'log':
      return Math.log(one);
    case 'sin':
      return Math.sin(one);
    case 'cos':
      return Math.cos(one);
    case 'atan2':
      return Math.atan2(one, second ?? 0);
    case 'and':
      return Number(BigInt(one) & BigInt(second ?? 0));
    case 'or':
      return Number(BigInt(one) | BigInt(second ?? 0));
    default:
      machine.world.needs(`awk ${name}()`);
      return 0;
  }
}

function split(
  machine: Evaluator,
  text: Expression,
  target: Expression | undefined,
  separator: Expression | undefined,
): Value {
  if (target?.kind !== 'variable') return 0;
  const source = machine.evaluateText(text);
  let parts: string[];
  if (separator?.kind === 'regex') parts = source === '' ? [] : splitBy(source, machine.operandMatcher(separator));
  else parts = machine.splitText(source, separator ? machine.evaluateText(separator) : machine.text('FS'));
  const array = machine.array(target.name);
  array.clear();
  for (const [index, part] of parts.entries()) array.set(String(index + 1), fromInput(part));
  return parts.length;
}

/** The replacement of `sub`: `&` is what matched, `\\&` an ampersand. */
function replacementFor(text: string): (matched: string) => string {
  return (matched) =>
    text.replace(/\\\\&|\\&|&/g, (token) => (token === '&' ? matched : token === '\\&' ? '&' : `\\${matched}`));
}

function substitute(
  machine: Evaluator & { set(target: never, value: Value): Value },
  isGlobal: boolean,
  pattern: Expression,
  replacement: Expression | undefined,
  target: Expression,
): Value {
  const matcher = machine.operandMatcher(pattern);
  const fill = replacementFor(replacement ? machine.evaluateText(replacement) : '');
  const text = machine.evaluateText(target);
  let out = '';
  let at = 0;
  let count = 0;
  for (let from = 0; from <= text.length; ) {
    const found = matcher.find(text, from);
    if (!found) break;
    const isStale = found.end === found.start && count > 0 && found.start === at;
    machine.world.handled(MATCH);
    if (!isStale) {
      out += text.slice(at, found.start) + fill(text.slice(found.start, found.end));
      at = found.end;
      count++;
      if (!isGlobal) break;
    }
    from = found.end > found.start ? found.end : found.end + 1;
  }
  machine.world.handled(out.length + text.length - at);
  if (count > 0 && isTarget(target)) machine.set(target as never, out + text.slice(at));
  return count;
}

function generalSubstitute(
  machine: Evaluator,
  pattern: Expression,
  replacement: Expression | undefined,
  how: Expression | undefined,
  target: Expression,
): Value {
  const matcher = machine.operandMatcher(pattern);
  const template = replacement ? machine.evaluateText(replacement) : '';
  const which = how ? machine.evaluateText(how) : '1';
  const wanted = /^[gG]/.test(which) ? 0 : Math.max(1, toNumber(which));
  const text = machine.evaluateText(target);
  let out = '';
  let at = 0;
  let count = 0;
  for (let from = 0; from <= text.length; ) {
    const found = matcher.find(text, from);
    if (!found) break;
    machine.world.handled(MATCH);
    count++;
    if (wanted === 0 || count === wanted) {
      const filled = template.replace(/\\([\\&0-9])|&/g, (token, char: string | undefined) => {
        if (token === '&' || char === '0') return text.slice(found.start, found.end);
        return char !== undefined && /\d/.test(char) ? (found.groups[Number(char)] ?? '') : (char ?? '');
      });
      out += text.slice(at, found.start) + filled;
      at = found.end;
    }
    from = found.end > found.start ? found.end : found.end + 1;
  }
  machine.world.handled(out.length + text.length - at);
  return out + text.slice(at);
}

function match(
  machine: Evaluator,
  text: Expression,
  pattern: Expression | undefined,
  groups: Expression | undefined,
): Value {
  const source = machine.evaluateText(text);
  const found = pattern ? machine.operandMatcher(pattern).find(source) : null;
  const start = found ? [...source.slice(0, found.start)].length + 1 : 0;
  machine.setVariable('RSTART', start);
  machine.setVariable('RLENGTH', found ? [...source.slice(found.start, found.end)].length : -1);
  if (groups?.kind === 'variable') {
    const array = machine.array(groups.name);
    array.clear();
    for (const [index, group] of (found?.groups ?? []).entries())
      if (group !== undefined) array.set(String(index), fromInput(group));
  }
  return start;
}
