import { RE2JS } from 're2js';
import {
  addItems,
  addPair,
  copyNode,
  inPlaceOf,
  integer,
  makeNode,
  nothing,
  tagOf,
  text,
  truth,
  type YqNode,
} from './node.ts';
import type { Expression } from './parser.ts';
import { type Evaluate, each, type Handler, type Run, readOnly, type Scope, spend } from './run.ts';
import { Unsupported, YqError } from './signals.ts';

const REMEMBERED = 500;
const compiled = new Map<string, RE2JS>();

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  try {
    const made = RE2JS.compile(pattern);
    if (compiled.size >= REMEMBERED) compiled.clear();
    compiled.set(pattern, made);
    return made;
  } catch (error) {
    throw new YqError(error instanceof Error ? error.message : String(error));
  }
}

function mustBeText(node: YqNode, what: string): string {
  if (node.kind === 'alias') throw new Unsupported('text of an alias');
  if (tagOf(node) !== '!!str') throw new YqError(what.replace('%', node.tag));
  return node.value;
}

const HINT = `Hint: Most often you'll want to use '|=' over '=' for this operation`;
const CANNOT_MATCH = `cannot match with %, can only match strings. ${HINT}`;

/** The first value that an argument gives; '' where it gives none. */
function argument(run: Run, scope: Scope, expression: Expression | null, evaluate: Evaluate): string {
  return evaluate(run, scope, expression)[0]?.value ?? '';
}

interface Pattern {
  readonly regex: RE2JS;
  readonly isGlobal: boolean;
}

function patternOf(run: Run, scope: Scope, { right }: Expression, evaluate: Evaluate): Pattern {
  const isBlock = right?.operation.operator.name === ';';
  const source = argument(run, readOnly(scope), isBlock ? right.left : right, evaluate);
  const flags = isBlock ? argument(run, scope, right.right, evaluate) : '';
  if (flags.includes('i')) {
    throw new YqError(`'i' is not a valid option for match. To ignore case, use an expression like match("(?i)cat")`);
  }
  const others = flags.replaceAll('g', '');
  if (others !== '') {
    const where = 'please see docs at https://mikefarah.gitbook.io/yq/operators/string-operators';
    throw new YqError(`Unrecognised match params '${others}', ${where}`);
  }
  return { regex: compile(source), isGlobal: flags.includes('g') };
}

export const test: Handler = (run, scope, expression, evaluate) => {
  const { regex } = patternOf(run, scope, expression, evaluate);
  return scope.nodes.map((node) => truth(regex.matcher(mustBeText(node, CANNOT_MATCH)).find(), node));
};

/** `match` with all it found, `capture` with the groups only. */
export function matches(isCapture: boolean): Handler {
  return (run, scope, expression, evaluate) => {
    const { regex, isGlobal } = patternOf(run, scope, expression, evaluate);
    return scope.nodes.flatMap((node) => {
      const value = mustBeText(node, CANNOT_MATCH);
      const matcher = regex.matcher(value);
      const found: YqNode[] = [];
      while (matcher.find()) {
        spend(run, 10);
        const groups = groupsOf(regex, matcher);
        found.push(isCapture ? captured(node, groups) : matched(node, value, groups));
        if (!isGlobal) break;
      }
      return found;
    });
  };
}

interface Group {
  readonly name: string;
  /** Null where the group took no part. */
  readonly value: string | null;
  readonly start: number;
}

function groupsOf(regex: RE2JS, matcher: ReturnType<RE2JS['matcher']>): readonly Group[] {
  const names = new Map(Object.entries(regex.namedGroups()).map(([name, index]) => [Number(index), name]));
  return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => {
    const start = matcher.start(index);
    return { name: names.get(index) ?? '', value: start < 0 ? null : (matcher.group(index) ?? ''), start };
  });
}

function captured(node: YqNode, groups: readonly Group[]): YqNode {
  const made = inPlaceOf(node, makeNode('map', '!!map', ''));
  for (const { name, value } of groups.slice(1)) addPair(made, text(name), value === null ? nothing() : text(value));
  return made;
}

function matched(node: YqNode, whole: string, [all, ...groups]: readonly Group[]): YqNode {
  const made = inPlaceOf(node, makeNode('map', '!!map', ''));
  if (all) describe(made, whole, all);
  const captures = makeNode('seq', '', '');
  addItems(
    captures,
    groups.map((group) => {
      const capture = makeNode('map', '', '');
      describe(capture, whole, group);
      return capture;
    }),
  );
  addPair(made, text('captures'), captures);
  return made;
}

/** Places and lengths count bytes. */
function describe(map: YqNode, whole: string, { name, value, start }: Group): void {
  addPair(map, text('string'), value === null ? nothing() : text(value));
  addPair(map, text('offset'), integer(start < 0 ? -1 : bytesIn(whole.slice(0, start))));
  addPair(map, text('length'), integer(bytesIn(value ?? '')));
  if (name !== '') addPair(map, text('name'), text(name));
}

const encoder = new TextEncoder();

export function bytesIn(value: string): number {
  return encoder.encode(value).length;
}

export const sub: Handler = (run, scope, expression, evaluate) => {
  const block = expression.right;
  const regex = compile(argument(run, readOnly(scope), block?.left ?? null, evaluate));
  const template = argument(run, scope, block?.right ?? null, evaluate);
  const refusal = `cannot substitute with %, can only substitute strings. ${HINT}`;
  return scope.nodes.map((node) => inPlaceOf(node, text(replaceAll(run, regex, mustBeText(node, refusal), template))));
};

function replaceAll(run: Run, regex: RE2JS, value: string, template: string): string {
  const matcher = regex.matcher(value);
  const parts: string[] = [];
  let end = 0;
  while (matcher.find()) {
    spend(run, 1);
    const groups = groupsOf(regex, matcher);
    parts.push(value.slice(end, matcher.start()), filledIn(template, groups));
    end = matcher.end();
  }
  return parts.join('') + value.slice(end);
}

/** `$1`, `${name}` and `$$` as Go's regexp fills them in. */
function filledIn(template: string, groups: readonly Group[]): string {
  return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_, dollar?: string, bare?: string, braced?: string) => {
    if (dollar) return '$';
    const name = bare ?? braced ?? '';
    const group = /^\d+$/.test(name) ? groups[Number(name)] : groups.find((known) => known.name === name);
    return group?.value ?? '';
  });
}

export const join: Handler = (run, scope, { right }, evaluate) => {
  const separator = argument(run, readOnly(scope), right, evaluate);
  return scope.nodes.map((node) => {
    if (node.kind !== 'seq') throw new YqError(`cannot join with ${node.tag}, can only join arrays of scalars`);
    const parts = node.content.map(({ tag, value }) => (tag === '!!null' ? '' : value));
    return inPlaceOf(node, text(parts.join(separator)));
  });
};

export const split: Handler = (run, scope, { right }, evaluate) => {
  const separator = argument(run, readOnly(scope), right, evaluate);
  return scope.nodes.flatMap((node) => {
    if (node.tag === '!!null') return [];
    const value = mustBeText(node, 'cannot split %, can only split strings');
    const made = inPlaceOf(node, makeNode('seq', '!!seq', ''));
    const parts = separator === '' ? [...value] : value.split(separator);
    spend(run, parts.length);
    if (value !== '') addItems(made, parts.map(text));
    return made;
  });
};

/** A function from text to text. */
export function onText(what: string, apply: (value: string) => string): Handler {
  return each((node) => {
    const value = apply(mustBeText(node, `cannot ${what} %, can only operate on strings. `));
    return { ...inPlaceOf(node, makeNode('scalar', node.tag, value)), style: node.style };
  });
}

/** Replaces each `\(…)` by what the expression in it gives first. */
export function interpolate(template: string, answer: (expression: string) => string): string {
  let out = '';
  let inner: string | null = null;
  let depth = 0;
  for (let index = 0; index < template.length; index++) {
    const [char = '', next = ''] = [template[index], template[index + 1]];
    if (inner === null) {
      if (char === '\\' && next === '(') inner = '';
      else out += char;
      if (char === '\\' && (next === '(' || next === '\\')) index++;
    } else if (char === ')' && depth === 0) {
      out += answer(inner);
      inner = null;
    } else if (char === '\\' && (next === ')' || next === '\\')) {
      inner += next;
      index++;
    } else {
      if (char === '(') depth++;
      if (char === ')') depth--;
      inner += char;
    }
  }
  if (inner !== null) throw new YqError('unclosed interpolation string \\(');
  return out;
}

/** A copy without comments, style and place. */
export function plainCopy(node: YqNode): YqNode {
  return Object.assign(copyNode(node), { parent: null, key: null });
}
