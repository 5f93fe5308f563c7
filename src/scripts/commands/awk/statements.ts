import type { Channels } from './channels.ts';
import type { Expression, Statement } from './syntax.ts';
import { fromInput, isTrue, sprintf, toText, type Value } from './value.ts';
import type { World } from './world.ts';

/** What leaves the statement that is running. It is no error: to take its stack for each record would cost more than the record. */
export class Leave {
  readonly kind: 'next' | 'nextfile' | 'exit' | 'break' | 'continue' | 'return';
  readonly value: Value;

  constructor(kind: Leave['kind'], value: Value = undefined) {
    this.kind = kind;
    this.value = value;
  }
}

/** What statements need of the machine that runs them. */
export interface Executor {
  readonly world: World;
  readonly channels: Channels;
  /** `$0`. */
  readonly record: string;
  evaluate(expression: Expression): Value;
  evaluateText(expression: Expression): string;
  key(subscripts: readonly Expression[]): string;
  array(name: string): Map<string, Value>;
  text(name: string): string;
  setVariable(name: string, value: Value): void;
}

/** Runs a statement. Throws `Leave` for what ends more than itself. */
export function execute(machine: Executor, statement: Statement): void {
  switch (statement.kind) {
    case 'block':
      for (const each of statement.statements) execute(machine, each);
      return;
    case 'expression':
      machine.evaluate(statement.expression);
      return;
    case 'print':
      print(machine, statement);
      return;
    case 'if':
      if (isTrue(machine.evaluate(statement.condition))) execute(machine, statement.yes);
      else if (statement.no) execute(machine, statement.no);
      return;
    case 'while':
      if (statement.isDo && !round(machine, statement.body)) return;
      while (isTrue(machine.evaluate(statement.condition))) if (!round(machine, statement.body)) return;
      return;
    case 'for':
      if (statement.start) execute(machine, statement.start);
      while (!statement.condition || isTrue(machine.evaluate(statement.condition))) {
        if (!round(machine, statement.body)) return;
        if (statement.step) execute(machine, statement.step);
      }
      return;
    case 'for-in':
      for (const key of machine.world.inAnyOrder([...machine.array(statement.array).keys()])) {
        machine.setVariable(statement.name, fromInput(key));
        if (!round(machine, statement.body)) return;
      }
      return;
    case 'delete':
      if (statement.subscripts) machine.array(statement.array).delete(machine.key(statement.subscripts));
      else machine.array(statement.array).clear();
      return;
    case 'return':
    case 'exit':
      throw new Leave(statement.kind, statement.value ? machine.evaluate(statement.value) : undefined);
    default:
      throw new Leave(statement.kind);
  }
}

/** Runs a loop's body once; false after `break`. */
function round(machine: Executor, body: Statement): boolean {
  machine.world.step();
  try {
    execute(machine, body);
    return true;
  } catch (error) {
    if (!(error instanceof Leave) || (error.kind !== 'break' && error.kind !== 'continue')) throw error;
    return error.kind === 'continue';
  }
}

function print(
  machine: Executor,
  { isFormatted, args, redirect, target }: Extract<Statement, { kind: 'print' }>,
): void {
  const [format, ...rest] = args;
  let text: string;
  if (isFormatted)
    text = format
      ? sprintf(
          machine.evaluateText(format),
          rest.map((arg) => machine.evaluate(arg)),
          machine.text('CONVFMT'),
        )
      : '';
  else if (args.length === 0) text = machine.record + machine.text('ORS');
  else
    text =
      args.map((arg) => toText(machine.evaluate(arg), machine.text('OFMT'))).join(machine.text('OFS')) +
      machine.text('ORS');
  if (redirect === null || !target) {
    machine.world.write(text);
    return;
  }
  const name = machine.evaluateText(target);
  machine.channels.print(text, redirect, name);
}
