import type { parse } from '@bufbuild/cel';
import { type Expr, ExprSchema } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { create } from '@bufbuild/protobuf';
import { nearest } from '../nearest.ts';
import { compilePattern, PatternError } from '../pattern.ts';
import { ExpressionError } from './error.ts';
import { TABLE_FUNCTIONS } from './functions.ts';
import { SAFE } from './null-safe.ts';

/** How CEL's syntax tree writes `&&`. */
const AND = '_&&_';

/** What an expression may name. */
export interface Names {
  readonly functions: ReadonlySet<string>;
  /** How each function may be called, as `signature` writes it. */
  readonly signatures: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
}

/** A part of an expression that has to hold by itself: `a && b` has two. */
export interface Conjunct {
  readonly expr: Expr;
  /** Operators, names and values in it: what one evaluation costs, macros aside. */
  readonly size: number;
  /** Every path from `row`, in order. */
  readonly rowPaths: readonly (readonly string[])[];
}

interface Rewritten extends Conjunct {
  /** Its parts, in order; itself where it has only one. */
  readonly conjuncts: readonly Conjunct[];
  /** Tables that it asks for by name. */
  readonly tables: readonly string[];
}

type Parsed = ReturnType<typeof parse>;

/** Types and constants that CEL knows as names. */
const BUILT_IN = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type'];

/**
 * Puts null-safe, counted functions in the place of field access, indexes, `+` and macros, and sees to it that every name is known.
 * Gives the expression and the paths from `row` in it. Throws `ExpressionError`.
 */
export function rewrite(
  { expr, sourceInfo }: Parsed,
  source: string,
  { functions, signatures, variables, tables }: Names,
): Rewritten {
  const tableNames = new Set<string>();
  const rowPaths: (readonly string[])[] = [];
  let size = 0;
  const fail = ({ id }: Expr, message: string): never => {
    throw new ExpressionError(message, sourceInfo?.positions[String(id)] ?? 0);
  };

  function call(id: bigint, name: string, args: Expr[]): Expr {
    return create(ExprSchema, { id, exprKind: { case: 'callExpr', value: { function: name, args } } });
  }

  function walk(node: Expr | undefined, known: ReadonlySet<string>): Expr {
    if (!node) throw new ExpressionError('is incomplete', 0);
    size++;
    const { id, exprKind } = node;
    switch (exprKind.case) {
      case 'identExpr':
        return identifier(node, exprKind.value.name, known);
      case 'selectExpr': {
        const path = rowPathOf(node);
        if (path) rowPaths.push(path);
        const operand =
          path && !exprKind.value.testOnly ? inner(exprKind.value.operand, known) : walk(exprKind.value.operand, known);
        return call(id, exprKind.value.testOnly ? SAFE.has : SAFE.get, [operand, text(exprKind.value.field)]);
      }
      case 'callExpr': {
        const { function: name, target, args } = exprKind.value;
        const given = args.map((arg) => walk(arg, known));
        if (name === '_[_]') return call(id, SAFE.at, given);
        if (name === '_+_') return call(id, SAFE.add, given);
        const weighed = WEIGHED[name];
        const heavy = weighed === undefined ? undefined : given[weighed];
        if (weighed !== undefined && heavy) given[weighed] = call(heavy.id, SAFE.weigh, [heavy]);
        if (TABLE_FUNCTIONS.includes(name) && !target) tableNames.add(tableOf(node, args[0]));
        if (name === 'matches') checkPattern(node, args.at(-1));
        if (!functions.has(name) && !OPERATORS.has(name)) fail(node, unknown('function', name, functions));
        if (functions.has(name) && !signatures.has(signature(name, target !== undefined, args.length)))
          fail(node, miscalled(name, target !== undefined, signatures));
        const value = target
          ? { function: name, target: walk(target, known), args: given }
          : { function: name, args: given };
        return create(ExprSchema, { id, exprKind: { case: 'callExpr', value } });
      }
      case 'listExpr':
        exprKind.value.elements = exprKind.value.elements.map((element) => walk(element, known));
        return node;
      case 'structExpr':
        if (exprKind.value.messageName !== '') fail(node, 'messages have no place here; a map is `{"key": value}`');
        for (const entry of exprKind.value.entries) {
          if (entry.keyKind.case === 'mapKey') entry.keyKind.value = walk(entry.keyKind.value, known);
          entry.value = walk(entry.value, known);
        }
        return node;
      case 'comprehensionExpr': {
        const { value } = exprKind;
        const isAll =
          value.accuInit?.exprKind.case === 'constExpr' && value.accuInit.exprKind.value.constantKind.value === true;
        const within = new Set([...known, value.iterVar, value.accuVar]);
        value.iterRange = call(id, isAll ? SAFE.every : SAFE.each, [walk(value.iterRange, known)]);
        value.accuInit = walk(value.accuInit, known);
        const before = size;
        const condition = walk(value.loopCondition, within);
        value.loopStep = walk(value.loopStep, within);
        value.loopCondition = call(id, SAFE.tick, [condition, whole(size - before)]);
        value.result = walk(value.result, within);
        return node;
      }
      default:
        return node;
    }
  }

  /** A part of a path from `row`: the whole path is noted already. */
  function inner(node: Expr | undefined, known: ReadonlySet<string>): Expr {
    if (node?.exprKind.case !== 'selectExpr') return walk(node, known);
    return call(node.id, SAFE.get, [inner(node.exprKind.value.operand, known), text(node.exprKind.value.field)]);
  }

  function tableOf(node: Expr, argument: Expr | undefined): string {
    const name = constantText(argument);
    if (name === undefined) return fail(argument ?? node, 'the table is named in quotes, such as `rows("host")`');
    if (!tables.has(name)) fail(argument ?? node, unknown('table', name, tables));
    return name;
  }

  function checkPattern(node: Expr, argument: Expr | undefined): void {
    const pattern = constantText(argument);
    if (pattern === undefined) return;
    try {
      compilePattern(pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      fail(argument ?? node, error.message);
    }
  }

  function identifier(node: Expr, name: string, known: ReadonlySet<string>): Expr {
    if (known.has(name) || BUILT_IN.includes(name) || name.startsWith('@')) return node;
    if (tables.has(name)) {
      tableNames.add(name);
      return call(node.id, 'rows', [text(name)]);
    }
    const at = sourceInfo?.positions[String(node.id)] ?? 0;
    const isAfterDash = /[\w\]]-$/.test(source.slice(0, at));
    const hint = isAfterDash ? '; a key with `-` in it is written `row["some-key"]`' : '';
    return fail(node, `${unknown('name', name, [...known, ...tables])}${hint}`);
  }

  if (source.trim() === '') throw new ExpressionError('is empty', 0);
  const conjuncts: Conjunct[] = [];
  for (const part of conjunctsOf(expr)) {
    const before = { paths: rowPaths.length, size };
    const rewritten = walk(part, variables);
    conjuncts.push({ expr: rewritten, size: size - before.size, rowPaths: rowPaths.slice(before.paths) });
  }
  const [first, ...others] = conjuncts.map((conjunct) => conjunct.expr);
  if (!first) throw new ExpressionError('is empty', 0);
  let all = first;
  for (const other of others) all = call(other.id, AND, [all, other]);
  return { expr: all, size, rowPaths, conjuncts, tables: [...tableNames] };
}

function conjunctsOf(node: Expr | undefined): readonly (Expr | undefined)[] {
  if (node?.exprKind.case !== 'callExpr' || node.exprKind.value.function !== AND) return [node];
  return node.exprKind.value.args.flatMap(conjunctsOf);
}

/** Operators that look into lists and maps, and which of their sides they walk. */
const WEIGHED: Readonly<Record<string, number>> = { '_==_': 0, '_!=_': 0, '@in': 1 };
const OPERATORS: ReadonlySet<string> = new Set(['_?_:_', AND, '_||_', '@not_strictly_false', '__not_strictly_false__']);

/** What other languages call functions of CEL. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  len: 'size',
  length: 'size',
  count: 'size',
  includes: 'contains',
  any: 'exists',
  some: 'exists',
  every: 'all',
  str: 'text',
  toLowerCase: 'lower',
  toUpperCase: 'upper',
};

/** A function as it is called: on a value, or by itself; with how many others. */
export function signature(name: string, isMethod: boolean, count: number): string {
  return `${isMethod ? '.' : ''}${name}/${count}`;
}

function miscalled(name: string, isMethod: boolean, signatures: ReadonlySet<string>): string {
  const counts = [0, 1, 2, 3, 4].filter((count) => signatures.has(signature(name, isMethod, count)));
  if (counts.length > 0) return `\`${name}\` takes ${counts.join(' or ')} ${counts.at(-1) === 1 ? 'value' : 'values'}`;
  return isMethod ? `\`${name}\` is written \`${name}(value)\`` : `\`${name}\` is written \`value.${name}()\``;
}

function unknown(kind: string, name: string, known: Iterable<string>): string {
  const words = [...known].filter((word) => /^[a-z]\w*$/i.test(word));
  const near = nearest(name, words);
  const other = kind === 'function' ? ELSEWHERE[name] : undefined;
  if (other !== undefined) return `there is no function \`${name}\`; in CEL it is \`${other}\``;
  return `there is no ${kind} \`${name}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
}

function constantText(node: Expr | undefined): string | undefined {
  if (node?.exprKind.case !== 'constExpr') return undefined;
  const { constantKind } = node.exprKind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : undefined;
}

function text(value: string): Expr {
  return create(ExprSchema, {
    exprKind: { case: 'constExpr', value: { constantKind: { case: 'stringValue', value } } },
  });
}

function whole(value: number): Expr {
  return create(ExprSchema, {
    exprKind: { case: 'constExpr', value: { constantKind: { case: 'int64Value', value: BigInt(value) } } },
  });
}

function rowPathOf(node: Expr): readonly string[] | undefined {
  const { exprKind } = node;
  if (exprKind.case === 'identExpr') return exprKind.value.name === 'row' ? [] : undefined;
  if (exprKind.case !== 'selectExpr' || !exprKind.value.operand) return undefined;
  const path = rowPathOf(exprKind.value.operand);
  return path && [...path, exprKind.value.field];
}
