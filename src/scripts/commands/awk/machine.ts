import type { Matcher } from '../../regex/matcher.ts';
import { type Array_, type Cell, lazyArray } from './cells.ts';
import { Channels } from './channels.ts';
import { expressionCache } from './expressions.ts';
import { call } from './functions.ts';
import { arithmetic, compareOrCalculate } from './operators.ts';
import { type Reader, splitFields, takeRecord } from './records.ts';
import { type Executor, execute, Leave } from './statements.ts';
import type { AwkProgram, Expression, Rule, Target } from './syntax.ts';
import { fromInput, isTrue, toNumber, toText, type Value } from './value.ts';
import type { World } from './world.ts';

const DEEPEST = 200;

function fieldNumber(value: number): number {
  const index = Math.trunc(value);
  if (index < 0) throw new Error(`negative field index $${index}`);
  return index;
}

/** Runs one awk program over its input. */
export class AwkMachine implements Executor {
  readonly #program: AwkProgram;
  readonly world: World;
  readonly #globals = new Map<string, Cell>();
  readonly #locals: Map<string, Cell>[] = [];
  record = '';
  #fields: string[] | null = [];
  #input: Reader | null = null;
  #inputIndex = 0;
  readonly channels: Channels;
  readonly #open = new Set<Rule>();
  readonly matcher = expressionCache();

  constructor(
    program: AwkProgram,
    world: World,
    variables: ReadonlyMap<string, string>,
    args: readonly string[],
    environment: Array_,
  ) {
    this.#program = program;
    this.world = world;
    this.channels = new Channels(world);
    const defaults: Readonly<Record<string, Value>> = {
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      NR: 0,
      FNR: 0,
      NF: 0,
      SUBSEP: '\x1c',
      CONVFMT: '%.6g',
      OFMT: '%.6g',
      RSTART: 0,
      RLENGTH: -1,
      FILENAME: '',
      ARGC: args.length,
    };
    for (const [name, value] of Object.entries(defaults)) this.#globals.set(name, { value });
    this.#globals.set('ARGV', { value: new Map(args.map((arg, index) => [String(index), fromInput(arg)])) });
    this.#globals.set('ENVIRON', { value: environment });
    for (const [name, value] of variables) this.setVariable(name, fromInput(value));
  }

  /** Runs it all and returns the exit status. */
  run(): number {
    let status = 0;
    const guarded = (body: () => void) => {
      try {
        body();
        return false;
      } catch (error) {
        if (!(error instanceof Leave) || error.kind !== 'exit') throw error;
        if (error.value !== undefined) status = toNumber(error.value) & 255;
        return true;
      }
    };
    const { rules } = this.#program;
    let isEnded = guarded(() => this.#runRules(rules.filter(({ pattern }) => pattern === 'BEGIN')));
    const main = rules.filter(({ pattern }) => pattern !== 'BEGIN' && pattern !== 'END');
    const ends = rules.filter(({ pattern }) => pattern === 'END');
    if (!isEnded && main.length + ends.length > 0) isEnded = guarded(() => this.#mainLoop(main));
    guarded(() => this.#runRules(ends));
    this.channels.finish();
    return status;
  }

  #runRules(rules: readonly Rule[]): void {
    for (const { action } of rules) if (action) execute(this, action);
  }

  #mainLoop(rules: readonly Rule[]): void {
    while (this.#nextRecord()) {
      this.world.step();
      try {
        for (const rule of rules) {
          if (!this.#selects(rule)) continue;
          if (rule.action) execute(this, rule.action);
          else this.world.write(this.record + this.text('ORS'));
        }
      } catch (error) {
        if (!(error instanceof Leave) || (error.kind !== 'next' && error.kind !== 'nextfile')) throw error;
        if (error.kind === 'nextfile') this.#input = null;
      }
    }
  }

  #selects(rule: Rule): boolean {
    const [first, second] = rule.pattern as readonly Expression[];
    if (!first) return true;
    if (!second) return isTrue(this.evaluate(first));
    if (!this.#open.has(rule)) {
      if (!isTrue(this.evaluate(first))) return false;
      this.#open.add(rule);
    }
    if (isTrue(this.evaluate(second))) this.#open.delete(rule);
    return true;
  }

  /** Reads the next record into `$0`. */
  #nextRecord(): boolean {
    const record = this.#readInput();
    if (record === null) return false;
    this.setRecord(record);
    return true;
  }

  #readInput(): string | null {
    for (;;) {
      const record = this.#input && this.#takeRecord(this.#input);
      if (record !== null && record !== undefined) {
        this.setVariable('NR', toNumber(this.variable('NR')) + 1);
        this.setVariable('FNR', toNumber(this.variable('FNR')) + 1);
        return record;
      }
      const next = this.world.nextInput(this.#inputIndex++);
      if (!next) return null;
      if ('assignment' in next) {
        const [, name = '', value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(next.assignment) ?? [];
        this.setVariable(name, fromInput(value));
        continue;
      }
      this.#input = { text: next.text, at: 0 };
      this.setVariable('FILENAME', next.name);
      this.setVariable('FNR', 0);
    }
  }

  #takeRecord(reader: Reader): string | null {
    return takeRecord(reader, this.text('RS'), this.matcher);
  }

  setRecord(text: string): void {
    this.record = text;
    this.#fields = null;
  }

  #split(): string[] {
    if (!this.#fields) {
      this.#fields = this.splitText(this.record, this.text('FS'));
      this.#globals.set('NF', { value: this.#fields.length });
    }
    return this.#fields;
  }

  splitText(text: string, separator: string): string[] {
    return splitFields(text, separator, this.text('RS') === '', this.matcher);
  }

  variable(name: string): Value {
    if (name === 'NF') this.#split();
    const cell = this.#cell(name);
    return cell.value instanceof Map ? undefined : cell.value;
  }

  text(name: string): string {
    return toText(this.variable(name), '%.6g');
  }

  #cell(name: string): Cell {
    const local = this.#locals.at(-1)?.get(name);
    if (local) return local;
    const known = this.#globals.get(name);
    if (known) return known;
    const made: Cell = { value: undefined };
    this.#globals.set(name, made);
    return made;
  }

  array(name: string): Array_ {
    const cell = this.#cell(name);
    if (!(cell.value instanceof Map)) cell.value = new Map();
    return cell.value;
  }

  setVariable(name: string, value: Value): void {
    if (name === 'NF') {
      const fields = this.#split();
      const count = Math.max(0, toNumber(value));
      while (fields.length < count) fields.push('');
      fields.length = count;
      this.#rebuild(fields);
    }
    this.#cell(name).value = value;
  }

  #rebuild(fields: readonly string[]): void {
    this.record = fields.join(this.text('OFS'));
  }

  key(subscripts: readonly Expression[]): string {
    return subscripts.map((each) => this.evaluateText(each)).join(subscripts.length > 1 ? this.text('SUBSEP') : '');
  }

  get(target: Target): Value {
    switch (target.kind) {
      case 'variable':
        return this.variable(target.name);
      case 'element': {
        const array = this.array(target.array);
        const key = this.key(target.subscripts);
        if (!array.has(key)) array.set(key, undefined);
        return array.get(key);
      }
      default: {
        const index = fieldNumber(toNumber(this.evaluate(target.index)));
        if (index === 0) return fromInput(this.record);
        return fromInput(this.#split()[index - 1] ?? '');
      }
    }
  }

  set(target: Target, value: Value): Value {
    switch (target.kind) {
      case 'variable':
        this.setVariable(target.name, value);
        break;
      case 'element':
        this.array(target.array).set(this.key(target.subscripts), value);
        break;
      default: {
        const index = fieldNumber(toNumber(this.evaluate(target.index)));
        const text = toText(value, this.text('CONVFMT'));
        if (index === 0) this.setRecord(text);
        else {
          const fields = this.#split();
          while (fields.length < index) fields.push('');
          fields[index - 1] = text;
          this.#globals.set('NF', { value: fields.length });
          this.#rebuild(fields);
        }
      }
    }
    return value;
  }

  evaluateText(expression: Expression): string {
    return toText(this.evaluate(expression), this.text('CONVFMT'));
  }

  evaluateNumber(expression: Expression | undefined): number {
    return expression ? toNumber(this.evaluate(expression)) : 0;
  }

  /** The matcher that an operand of `~` and its like means. */
  operandMatcher(expression: Expression): Matcher {
    const inner =
      expression.kind === 'group' && expression.items.length === 1 ? (expression.items[0] ?? expression) : expression;
    return this.matcher(inner.kind === 'regex' ? inner.source : this.evaluateText(inner));
  }

  evaluate(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value;
      case 'regex':
        return this.matcher(expression.source).isIn(this.record) ? 1 : 0;
      case 'variable':
      case 'element':
      case 'field':
        return this.get(expression);
      case 'unary': {
        const value = this.evaluate(expression.of);
        if (expression.operator === '!') return isTrue(value) ? 0 : 1;
        return expression.operator === '-' ? -toNumber(value) : toNumber(value);
      }
      case 'binary':
        return this.#binary(expression);
      case 'match': {
        const isMatch = this.operandMatcher(expression.right).isIn(this.evaluateText(expression.left));
        return isMatch !== expression.isNegated ? 1 : 0;
      }
      case 'conditional':
        return this.evaluate(isTrue(this.evaluate(expression.condition)) ? expression.yes : expression.no);
      case 'assign': {
        const value = this.evaluate(expression.value);
        if (expression.operator === '') return this.set(expression.target, value);
        return this.set(
          expression.target,
          arithmetic(expression.operator, toNumber(this.get(expression.target)), toNumber(value)),
        );
      }
      case 'increment': {
        const before = toNumber(this.get(expression.target));
        this.set(expression.target, before + expression.by);
        return expression.isPrefix ? before + expression.by : before;
      }
      case 'in':
        return this.array(expression.array).has(this.key(expression.subscripts)) ? 1 : 0;
      case 'call':
        return expression.isOwn
          ? this.#callOwn(expression.name, expression.args)
          : call(this, expression.name, expression.args);
      case 'getline':
        return this.#getline(expression);
      default:
        return expression.items.length === 1 && expression.items[0]
          ? this.evaluate(expression.items[0])
          : this.key(expression.items);
    }
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): Value {
    if (operator === '&&') return isTrue(this.evaluate(left)) && isTrue(this.evaluate(right)) ? 1 : 0;
    if (operator === '||') return isTrue(this.evaluate(left)) || isTrue(this.evaluate(right)) ? 1 : 0;
    const one = this.evaluate(left);
    const other = this.evaluate(right);
    const format = this.text('CONVFMT');
    if (operator === ' ') return this.#joined(toText(one, format), toText(other, format));
    return compareOrCalculate(operator, one, other, format);
  }

  #joined(one: string, other: string): string {
    this.world.handled(one.length + other.length);
    return one + other;
  }

  #callOwn(name: string, args: readonly Expression[]): Value {
    const called = this.#program.functions.get(name);
    if (!called) throw new Error(`function ${name} not defined`);
    if (this.#locals.length > DEEPEST) throw new Error('function calls nested too deeply');
    this.world.step();
    const frame = new Map<string, Cell>();
    for (const [index, parameter] of called.parameters.entries()) {
      const arg = args[index];
      // An array, or a name that may become one, is handed over itself.
      if (arg?.kind === 'variable') {
        const cell = this.#cell(arg.name);
        const isShared = cell.value instanceof Map || cell.value === undefined;
        frame.set(parameter, isShared ? cell : { value: cell.value });
        if (cell.value === undefined) frame.set(parameter, lazyArray(cell));
      } else frame.set(parameter, { value: arg ? this.evaluate(arg) : undefined });
    }
    this.#locals.push(frame);
    try {
      execute(this, called.body);
      return undefined;
    } catch (error) {
      if (!(error instanceof Leave) || error.kind !== 'return') throw error;
      return error.value;
    } finally {
      this.#locals.pop();
    }
  }

  #getline({ target, from, source }: Extract<Expression, { kind: 'getline' }>): Value {
    let record: string | null;
    if (from === 'input') record = this.#readInput();
    else {
      const name = source ? this.evaluateText(source) : '';
      const reader = this.channels.reader(name, from);
      if (!reader) return -1;
      record = this.#takeRecord(reader);
      if (record !== null && from === 'command') this.setVariable('NR', toNumber(this.variable('NR')) + 1);
    }
    if (record === null) return 0;
    if (target) this.set(target, fromInput(record));
    else this.setRecord(record);
    return 1;
  }

  close(name: string): number {
    return this.channels.close(name);
  }
}
