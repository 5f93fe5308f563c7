import { makeNode, nothing, text, type YqNode } from './node.ts';
import { type Operator, operator } from './operators.ts';
import { Unsupported, YqError } from './signals.ts';

export interface Operation {
  readonly operator: Operator;
  /** As it was written, for messages; a step's key, a variable's name, a string's text. */
  readonly text: string;
  readonly literal?: YqNode;
  /** `.a?`, `.[…]?` */
  readonly isOptional?: boolean;
}

export type Bracket = '(' | ')' | '[' | ']' | '{' | '}' | '.[';

export interface BracketToken {
  readonly bracket: Bracket;
  readonly isOptional: boolean;
}

/** `joins`: a step or bracket that follows goes on from it. */
export type Token = { readonly joins: boolean } & (BracketToken | { readonly operation: Operation });

type Maker = (raw: string) => Token | null;

function bracket(kind: Bracket, joins = false): Maker {
  return (raw) => ({ bracket: kind, isOptional: raw.endsWith('?'), joins });
}

function op(name: string, joins = false): Maker {
  return (raw) => ({ operation: { operator: operator(name), text: raw }, joins });
}

function value(tag: string): Maker {
  return (raw) => {
    const literal = tag === '!!null' ? nothing(raw) : makeNode('scalar', tag, raw);
    return { operation: { operator: operator('literal'), text: raw, literal }, joins: false };
  };
}

function step(isQuoted: boolean): Maker {
  return (raw) => {
    const isOptional = raw.endsWith('?');
    const key = raw.slice(1, isOptional ? -1 : undefined);
    const named = isQuoted ? key.slice(1, -1) : key;
    return { operation: { operator: operator('step'), text: named, isOptional }, joins: true };
  };
}

function string(raw: string): Token {
  const unescaped = raw.slice(1, -1).replaceAll('\\"', '"').replaceAll('\\n', '\n');
  return { operation: { operator: operator('string'), text: unescaped }, joins: false };
}

function variable(raw: string): Token {
  return { operation: { operator: operator('variable'), text: raw.slice(1) }, joins: true };
}

function environment(name: 'env' | 'strenv'): Maker {
  return (raw) => ({ operation: { operator: operator(name), text: raw.slice(name.length + 1, -1) }, joins: false });
}

function withNumber(name: string, joins = false): Maker {
  return (raw) => {
    const [number = '0'] = /\d+/.exec(raw.slice(raw.indexOf('('))) ?? [];
    const operation = { operator: operator(name), text: raw, literal: text(number) };
    return { operation, joins };
  };
}

const unsupported: Maker = (raw) => {
  throw new Unsupported(raw.trim());
};

const skipped: Maker = () => null;

/** Tried in this order at each place: the first that fits is taken, even where a later one would be longer. */
const RULES: readonly (readonly [pattern: string, make: Maker])[] = [
  ['line_?comment|lineComment|head_?comment|headComment|foot_?comment|footComment', unsupported],
  [String.raw`\(`, bracket('(')],
  [String.raw`\)`, bracket(')', true)],
  [String.raw`\.\[`, bracket('.[')],
  [String.raw`\[`, bracket('[')],
  [String.raw`\]\??`, bracket(']', true)],
  [String.raw`\{`, bracket('{')],
  [String.raw`\}`, bracket('}', true)],
  [String.raw`\.\.\.`, op('...')],
  [String.raw`\.\.`, op('..')],
  [String.raw`\$[a-zA-Z_\-0-9]+`, variable],
  ['as', op('as')],
  ['ref', unsupported],
  [String.raw`:\s*`, op(':')],
  ['length', op('length')],
  ['line|column|eval', unsupported],
  ['to_?number', op('to_number')],
  ['map_?values', op('map_values')],
  ['map', op('map')],
  ['filter', op('filter')],
  ['pick|omit', unsupported],
  [String.raw`flatten\([0-9]+\)`, withNumber('flatten')],
  ['flatten', op('flatten')],
  ['format_datetime|now|tz|from_?unix|to_?unix|with_dtf', unsupported],
  ['error', unsupported],
  ['shuffle|sortKeys|sort_?keys|array_?to_?map', unsupported],
  [String.raw`to_?yaml\([0-9]+\)|to_?xml\([0-9]+\)`, unsupported],
  [String.raw`to_?json\([0-9]+\)`, withNumber('to_json')],
  ['from_?yaml|@yamld|from_?json|@jsond', op('from_yaml')],
  ['to_?yaml|@yaml', op('to_yaml')],
  ['to_?json', op('to_json')],
  ['@json', op('@json')],
  ['from_?props|@propsd|to_?props|@props|from_?xml|@xmld|to_?xml|@xml|from_?csv|@csvd', unsupported],
  ['to_?csv|@csv', op('@csv')],
  ['from_?tsv|@tsvd', unsupported],
  ['to_?tsv|@tsv', op('@tsv')],
  ['@base64d', op('@base64d')],
  ['@base64', op('@base64')],
  ['@urid|@uri|@sh', unsupported],
  ['load_?xml|xml_?load|load_?base64|load_?props|load_?str|str_?load|load|splitDoc|split_?doc', unsupported],
  ['select', op('select')],
  ['has', op('has')],
  ['unique_?by', op('unique_by')],
  ['unique', op('unique')],
  ['group_?by', op('group_by')],
  ['explode', unsupported],
  ['or', op('or')],
  ['and', op('and')],
  ['not', op('not')],
  ['ireduce', op('ireduce')],
  ['join', op('join')],
  ['sub', op('sub')],
  ['match', op('match')],
  ['capture', op('capture')],
  ['test', op('test')],
  ['sort_?by', op('sort_by')],
  ['sort', op('sort')],
  ['reverse', op('reverse')],
  ['any_c', op('any_c')],
  ['any', op('any')],
  ['all_c', op('all_c')],
  ['all', op('all')],
  ['contains', op('contains')],
  ['split', op('split')],
  [String.raw`parent\([0-9]+\)`, withNumber('parent', true)],
  ['parent', op('parent', true)],
  ['keys', op('keys')],
  ['key', op('key')],
  ['is_?key', op('is_key')],
  ['file_?name|fileName', unsupported],
  ['file_?index|fileIndex|fi', op('file_index')],
  ['path', op('path')],
  ['set_?path|del_?paths', unsupported],
  ['to_?entries|toEntries', op('to_entries', true)],
  ['from_?entries|fromEntries', op('from_entries')],
  ['with_?entries|withEntries', op('with_entries')],
  ['with', unsupported],
  ['collect', unsupported],
  ['del', op('del')],
  ['style', unsupported],
  ['tag|type', op('tag')],
  ['kind', op('kind')],
  ['anchor', op('anchor')],
  ['alias', op('alias')],
  [String.raw`comments\s*=|comments\s*\|=`, unsupported],
  [';', op(';')],
  [String.raw`\/\/`, op('//')],
  ['documentIndex|document_?index|di', op('document_index')],
  ['upcase|ascii_?upcase', op('upcase')],
  ['downcase|ascii_?downcase', op('downcase')],
  ['trim', op('trim')],
  ['to_?string', op('to_string')],
  ['0[xX][0-9A-Fa-f]+', value('!!int')],
  [String.raw`-?[1-9](\.\d+)?[Ee][-+]?\d+`, value('!!float')],
  [String.raw`-?\d+(\.\d+)`, value('!!float')],
  [String.raw`-?\d+`, value('!!int')],
  ['[Tt][Rr][Uu][Ee]', value('!!bool')],
  ['[Ff][Aa][Ll][Ss][Ee]', value('!!bool')],
  ['[Nn][Uu][Ll][Ll]|~', value('!!null')],
  [String.raw`"([^"\\]*(\\.[^"\\]*)*)"`, string],
  [String.raw`strenv\([^)]+\)`, environment('strenv')],
  [String.raw`env\([^)]+\)`, environment('env')],
  ['envsubst', unsupported],
  [String.raw`\s*==\s*`, op('==')],
  [String.raw`\s*!=\s*`, op('!=')],
  [String.raw`\s*>=\s*`, op('>=')],
  [String.raw`\s*<=\s*`, op('<=')],
  [String.raw`\s*>\s*`, op('>')],
  [String.raw`\s*<\s*`, op('<')],
  ['min', op('min')],
  ['max', op('max')],
  [String.raw`\|=c+|=c+`, unsupported],
  [String.raw`\|=`, op('|=')],
  ['=', op('=')],
  [String.raw`[ \t\n]+`, skipped],
  [String.raw`\."[^ "]+"\??`, step(true)],
  [String.raw`\.[^ ;}{:[\],|.()=\n!]+\??`, step(false)],
  [String.raw`\|`, op('|')],
  [String.raw`\.`, op('self')],
  [',', op(',')],
  [String.raw`\*=[+|?cdn]+|\*[+|?cdn]+`, unsupported],
  [String.raw`\*=`, op('*=')],
  [String.raw`\*`, op('*')],
  [String.raw`\/`, op('/')],
  ['%', op('%')],
  [String.raw`\+=`, op('+=')],
  [String.raw`\+`, op('+')],
  ['-=', op('-=')],
  ['-', op('-')],
  ['#.*', skipped],
  ['pivot', unsupported],
];
const COMPILED = RULES.map(([pattern, make]) => [new RegExp(pattern, 'y'), make] as const);

/** Cuts an expression into tokens. Throws `YqError` for what yq's own lexer refuses, `Unsupported` for what only yq knows. */
export function tokenize(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    const found = firstMatch(expression, at);
    if (!found) throw invalidText(expression, at);
    const [raw, make] = found;
    const token = make(raw);
    if (token) tokens.push(token);
    at += raw.length;
  }
  return tokens;
}

function firstMatch(expression: string, at: number): readonly [raw: string, make: Maker] | null {
  for (const [pattern, make] of COMPILED) {
    pattern.lastIndex = at;
    const [raw] = pattern.exec(expression) ?? [];
    if (raw) return [raw, make];
  }
  return null;
}

function invalidText(expression: string, at: number): YqError {
  const before = expression.slice(0, at).split('\n');
  const column = [...(before.at(-1) ?? '')].length + 1;
  const rest = [...expression.slice(at)];
  const sample = rest.length > 16 ? `${rest.slice(0, 16).join('')}...` : rest.join('');
  return new YqError(`${before.length}:${column}: invalid input text ${JSON.stringify(sample)}`);
}
