import * as change from './change.ts';
import { compares, containing, equals } from './compare.ts';
import * as functions from './functions.ts';
import { addPair, copyNode, isTrue, list, makeNode, text, topOf, truth, type YqNode } from './node.ts';
import { add, divide, merge, modulo, multiply, subtract } from './numbers.ts';
import { alternative, forPairs, forPairsOrMissing, perCandidate } from './operands.ts';
import { type Expression, parseExpression } from './parser.ts';
import { printYaml } from './print-yaml.ts';
import { readYaml } from './read-yaml.ts';
import { type Evaluate, type Handler, over, type Run, readOnly, type Scope, spend } from './run.ts';
import { Unsupported, YqError } from './signals.ts';
import * as strings from './strings.ts';
import { descend, step, traverseArray } from './traverse.ts';

/** All values that an expression gives. Throws `YqError` where yq fails and `Unsupported` for what is not known here. */
export const evaluate: Evaluate = (run, scope, expression) => {
  if (!expression) return scope.nodes;
  spend(run, 1);
  const handler = HANDLERS.get(expression.operation.operator.name);
  if (!handler) throw new Unsupported(expression.operation.operator.name);
  return handler(run, scope, expression, evaluate);
};

const pipe: Handler = (run, scope, { left, right }) => {
  if (left?.operation.operator.name === 'as') return bind(run, scope, left, right);
  return evaluate(run, over(scope, evaluate(run, scope, left)), right);
};

/** `… as $x | body`: the body for each value. */
function bind(run: Run, scope: Scope, { left, right: name }: Expression, body: Expression | null): readonly YqNode[] {
  const once = (nodes: readonly YqNode[]): readonly YqNode[] => {
    const values = evaluate(run, readOnly(over(scope, nodes)), left);
    const variable = variableName(name);
    if (values.length === 0) return evaluate(run, over(scope, nodes), body);
    return values.flatMap((value) => {
      const variables = new Map(scope.variables).set(variable, [copyNode(value)]);
      return evaluate(run, { ...scope, nodes, variables }, body);
    });
  };
  if (scope.nodes.every((node) => node.isTogether)) return once(scope.nodes);
  return scope.nodes.flatMap((node) => once([node]));
}

function variableName(expression: Expression | null): string {
  if (expression?.operation.operator.name !== 'variable') {
    throw new YqError(`RHS of 'as' operator must be a variable name e.g. $foo`);
  }
  return expression.operation.text;
}

/** `… as $x ireduce (start; next)` */
const reduce: Handler = (run, scope, { left, right }) => {
  if (left?.operation.operator.name !== 'as') throw new YqError('reduce must be given a variables assignment');
  if (right?.operation.operator.name !== ';') throw new YqError('reduce must be given a block');
  let nodes = evaluate(run, scope, right.left);
  const variable = variableName(left.right);
  for (const value of evaluate(run, scope, left.left)) {
    const variables = new Map(scope.variables).set(variable, [value]);
    nodes = evaluate(run, { ...scope, nodes, variables }, right.right);
  }
  return nodes;
};

const collect: Handler = (run, scope, { right }) => {
  if (scope.nodes.length === 0) return [list()];
  const isTogether = scope.nodes.every((node) => node.isTogether);
  const groups = isTogether ? [scope.nodes] : scope.nodes.map((node) => [node]);
  return groups.map((nodes) => {
    const inner = isTogether ? readOnly(scope) : scope;
    const items = list(nodes.flatMap((node) => evaluate(run, over(inner, [node]), right)));
    spend(run, items.content.length);
    const [first] = nodes;
    return isTogether || !first
      ? items
      : Object.assign(items, { parent: first.parent, key: first.isKey ? first : first.key });
  });
};

/** `key: value` in braces: for each value given, one map for each pair of key and value. */
const createMap: Handler = (run, scope, { left, right }) => {
  const groups = scope.nodes.length > 0 ? scope.nodes.map((node) => [node]) : [[]];
  const rows = groups.map((nodes) => {
    const [first] = nodes;
    const { document, file } = first ? topOf(first) : { document: 0, file: 0 };
    const origin = { document, file };
    const made: YqNode[] = [];
    for (const key of evaluate(run, over(scope, nodes), left)) {
      for (const value of evaluate(run, over(scope, nodes), right)) {
        const map = makeNode('map', '!!map', '', origin);
        addPair(map, key, value);
        made.push(map);
      }
    }
    spend(run, made.length);
    return Object.assign(list(made), { style: 'flow' as const });
  });
  return [list(rows)];
};

/** Crosses what stands between commas in braces. */
const collectObject: Handler = (run, { nodes }) => {
  const [first] = nodes;
  if (!first) return [makeNode('map', '!!map', '')];
  return first.content.flatMap((_, index) => {
    let maps: readonly YqNode[] | null = null;
    for (const { content } of nodes) {
      const additions = content[index]?.content ?? [];
      maps = maps ? maps.flatMap((map) => additions.map((addition) => merge(map, addition))) : additions;
      spend(run, maps.length);
    }
    return (maps ?? []).map(strings.plainCopy);
  });
};

const literal: Handler = (_, scope, { operation }) => {
  const count = Math.max(1, scope.nodes.length);
  return Array.from({ length: count }, () => copyNode(operation.literal ?? text('')));
};

const string: Handler = (run, scope, { operation }) => {
  const value = (nodes: readonly YqNode[]) =>
    text(strings.interpolate(operation.text, (inner) => firstText(run, over(scope, nodes), inner)));
  return scope.nodes.length === 0 ? [value([])] : scope.nodes.map((node) => value([node]));
};

function firstText(run: Run, scope: Scope, expression: string): string {
  const [first] = evaluate(run, scope, parseExpression(expression));
  if (!first) return '';
  return first.kind === 'scalar' ? first.value : printYaml(first).replace(/\n+$/, '');
}

const env: Handler = (run, _, { operation }) => {
  const value = run.env.get(operation.text) ?? '';
  if (value === '') throw new YqError(`value for env variable '${operation.text}' not provided in env()`);
  const [document] = readYaml(value);
  return document ? [document] : [];
};

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['self', (_, { nodes }) => nodes],
  ['empty', () => []],
  ['step', step],
  ['..', descend(false)],
  ['...', descend(true)],
  ['traverse array', traverseArray],
  ['|', pipe],
  ['short pipe', pipe],
  [',', (run, scope, { left, right }) => [...evaluate(run, scope, left), ...evaluate(run, scope, right)]],
  ['as', () => raise('must use variable with a pipe, e.g. `exp as $x | ...`')],
  [';', () => []],
  ['ireduce', reduce],
  ['variable', (_, { variables }, { operation }) => variables.get(operation.text) ?? []],
  ['literal', literal],
  ['string', string],
  ['env', env],
  ['strenv', (run, _, { operation }) => [text(run.env.get(operation.text) ?? '')]],
  ['collect', collect],
  [':', createMap],
  ['collect object', collectObject],
  ['//', alternative],
  ['==', forPairsOrMissing(equals(false))],
  ['!=', forPairsOrMissing(equals(true), undefined, true)],
  ['<', forPairsOrMissing(compares('<'))],
  ['>', forPairsOrMissing(compares('>'))],
  ['<=', forPairsOrMissing(compares('<='))],
  ['>=', forPairsOrMissing(compares('>='))],
  ['and', junction(false)],
  ['or', junction(true)],
  ['+', forPairs(add)],
  ['-', forPairs(subtract)],
  ['*', forPairs(multiply, false)],
  ['/', forPairs(divide)],
  ['%', forPairs(modulo)],
  ['contains', containsIn()],
  ['=', change.assign],
  ['|=', change.assignRelative],
  ['+=', change.assignSum],
  ['-=', change.assignDifference],
  ['*=', change.assignProduct],
  ['map_values', change.mapValues],
  ['del', change.del],
  ['select', functions.select],
  ['filter', functions.filter],
  ['map', functions.map],
  ['has', functions.has],
  ['length', functions.length],
  ['keys', functions.keys],
  ['key', functions.key],
  ['is_key', functions.isKey],
  ['tag', functions.tag],
  ['kind', functions.kind],
  ['anchor', functions.anchor],
  ['alias', functions.alias],
  ['not', functions.not],
  ['document_index', functions.documentIndex],
  ['file_index', functions.fileIndex],
  ['path', functions.path],
  ['parent', functions.parent],
  ['to_entries', functions.toEntries],
  ['from_entries', functions.fromEntries],
  ['with_entries', functions.withEntries],
  ['any', functions.quantifier('any')],
  ['any_c', functions.quantifier('any')],
  ['all', functions.quantifier('all')],
  ['all_c', functions.quantifier('all')],
  ['reverse', functions.reverse],
  ['flatten', functions.flatten],
  ['unique', functions.unique],
  ['unique_by', functions.unique],
  ['group_by', functions.groupBy],
  ['sort', functions.sort],
  ['sort_by', functions.sort],
  ['min', functions.extreme('<')],
  ['max', functions.extreme('>')],
  ['to_string', functions.toText],
  ['to_number', functions.toNumber],
  ['to_json', functions.encodeJson('as said')],
  ['@json', functions.encodeJson(0)],
  ['to_yaml', functions.encodeYaml],
  ['from_yaml', functions.decodeYaml],
  ['@csv', functions.encodeTable(',')],
  ['@tsv', functions.encodeTable('\t')],
  ['@base64', functions.encodeBase64],
  ['@base64d', functions.decodeBase64],
  ['test', strings.test],
  ['match', strings.matches(false)],
  ['capture', strings.matches(true)],
  ['sub', strings.sub],
  ['join', strings.join],
  ['split', strings.split],
  ['trim', strings.onText('trim', (value) => value.trim())],
  ['upcase', strings.onText('change case with', (value) => value.toUpperCase())],
  ['downcase', strings.onText('change case with', (value) => value.toLowerCase())],
]);

/** `and`, `or`: the left side alone decides where it can. */
function junction(decisive: boolean): Handler {
  return forPairsOrMissing(
    (left, right) => truth(isTrue(right), left ?? right),
    (left) => (isTrue(left) === decisive ? truth(decisive, left) : null),
    true,
  );
}

function containsIn(): Handler {
  return perCandidate((run, scope, { right }) =>
    scope.nodes.flatMap((node) => evaluate(run, readOnly(scope), right).map((wanted) => containing(node, wanted))),
  );
}

function raise(message: string): never {
  throw new YqError(message);
}
