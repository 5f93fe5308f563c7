/** The published JSON Schema and the loader are two readers of one form: an editor that says yes where an audit says no helps nobody. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readGateFile } from '../../src/declared/file/read.ts';

const ROOT = join(import.meta.dirname, '../..');
const accepts = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'docs/lanekeeper.schema.json'), 'utf8')),
);

/** What the loader has against the form of a file; its expressions, patterns and paths are looked at later. */
function mistakesIn(value: unknown): readonly string[] {
  return readGateFile('lanekeeper.yaml', stringify(value, { aliasDuplicateObjects: false })).mistakes.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

function agreeOn(value: unknown): boolean {
  const mistakes = mistakesIn(value);
  const isAccepted = accepts(value);
  expect({ isAccepted, value }, mistakes.join('\n')).toEqual({ isAccepted: mistakes.length === 0, value });
  return isAccepted;
}

const HOST = { files: 'hosts.yaml', each: 'hosts[]' };
const EACH = { id: 'g', each: 'host', must: 'true' };
const withGate = (gate: unknown) => ({ data: { host: HOST }, gates: [gate] });
const withTable = (host: unknown) => ({ data: { host }, gates: [EACH] });

const GATES = join(ROOT, 'test/gate-files');
const OURS = readdirSync(GATES)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, parse(readFileSync(join(GATES, name), 'utf8'))] as const);
const EVERY_WORD = {
  include: ['more.yaml'],
  lane: 'ours',
  checks: ['pytest', 'ci / build'],
  data: {
    host: { ...HOST, except: ['a.yaml'], format: 'yaml', key: 'name' },
    cell: { files: ['a.csv', 'b.csv'], columns: ['a'], delimiter: ';', comment: '#' },
    line: { files: 'a.txt', rows: '(?P<a>.*)' },
    backup: { facts: 'backups', key: 'vmid' },
  },
  gates: [
    { ...EACH, say: 's', why: 'w', fix: 'f', severity: 'high', lane: 'l', owner: 'o', min: 0, when: 'true' },
    { id: 'schema', each: 'host', schema: { type: 'object' } },
    { id: 'unique', unique: ['host.a', 'host.b'], per: 'row.site', fold: 'lower' },
    { id: 'in', in: 'host.a', of: ['host.b'], same: true, when: 'true', fold: 'lower' },
    { id: 'disjoint', disjoint: 'host.net' },
    { id: 'text', text: ['*.md'], skip: 'a.md', forbid: 'x', require: ['y'], except: 'z' },
    { id: 'files', files: '*', except: 'x', allow: ['y'], forbid: true, require: 'z' },
    { id: 'run', run: 'make check', timeout: 60, say: 's' },
  ],
};

describe('both accept', () => {
  test.each<readonly [string, unknown]>([
    ...OURS,
    ['every word there is', EVERY_WORD],
    ['a file of tables for others', { data: { host: HOST } }],
    ['checks alone', { checks: 'pytest' }],
    ['files that must be there', withGate({ id: 'g', files: '*', require: 'README.md' })],
  ])('%s', (_, value) => {
    expect(agreeOn(value)).toBe(true);
  });
});

describe('both refuse', () => {
  test.each<[string, unknown]>([
    ['a word that nobody knows', { ...withGate(EACH), gate: [] }],
    ['one in a gate', withGate({ ...EACH, mist: 'true' })],
    ['one in a table', withTable({ ...HOST, eech: 'x' })],
    ['two rules in one gate', withGate({ ...EACH, unique: 'host.a' })],
    ['two others', withGate({ id: 'g', text: '*', forbid: 'x', files: '*' })],
    ['a rule and a schema', withGate({ ...EACH, schema: {} })],
    ['a table of files and facts', withTable({ ...HOST, facts: 'backups' })],
    ['a table of nothing', withTable({})],
    ['no id', withGate({ each: 'host', must: 'true' })],
    ['no rule', withGate({ id: 'g' })],
    ['no must', withGate({ id: 'g', each: 'host' })],
    ['no of', withGate({ id: 'g', in: 'host.a' })],
    ['a text that asks for nothing', withGate({ id: 'g', text: '*' })],
    ['files of which nothing is said', withGate({ id: 'g', files: '*' })],
    ['an id in capitals', withGate({ ...EACH, id: 'Hosts' })],
    ['an id that is a number', withGate({ ...EACH, id: 7 })],
    ['a number for an expression', withGate({ ...EACH, must: 1 })],
    ['an empty expression', withGate({ ...EACH, must: '' })],
    ['a list for an expression', withGate({ ...EACH, must: ['true'] })],
    ['nothing for an expression', withGate({ ...EACH, must: null })],
    ['a severity', withGate({ ...EACH, severity: 'severe' })],
    ['a negative min', withGate({ ...EACH, min: -1 })],
    ['half a min', withGate({ ...EACH, min: 1.5 })],
    ['a min in words', withGate({ ...EACH, min: 'one' })],
    ['a min for a command', withGate({ id: 'g', run: 'x', min: 1 })],
    ['a timeout that is too long', withGate({ id: 'g', run: 'x', timeout: 3601 })],
    ['forbid: false', withGate({ id: 'g', files: '*', forbid: false })],
    ['a field without a name', withGate({ id: 'g', unique: '.a' })],
    ['no field at all', withGate({ id: 'g', unique: [] })],
    ['fold: upper', withGate({ id: 'g', unique: 'host.a', fold: 'upper' })],
    ['same in words', withGate({ id: 'g', in: 'host.a', of: 'host.b', same: 'yes' })],
    ['a format', withTable({ ...HOST, format: 'yml' })],
    ['columns as a text', withTable({ ...HOST, columns: 'a' })],
    ['no files', withTable({ files: [] })],
    ['a table that is a list', withTable([])],
    ['a name of a table', { data: { 'my-host': HOST }, gates: [EACH] }],
    ['facts in capitals', withTable({ facts: 'Backups' })],
    ['a lane with a space', { ...withGate(EACH), lane: 'our lane' }],
    ['no gates', { gates: [] }],
    ['gates that are nothing', { gates: null }],
    ['gates as a map', { gates: { g: EACH } }],
    ['a gate that is a text', withGate('g')],
    ['data that is nothing', { data: null }],
    ['data as a list', { data: [HOST] }],
    ['include that is nothing', { include: null }],
    ['include of nothing', { include: [] }],
    ['checks of nothing', { checks: '' }],
    ['more than fifty checks', { checks: Array.from({ length: 51 }, (_, at) => `c${at}`) }],
    ['more than 500 gates', { gates: Array.from({ length: 501 }, (_, at) => ({ ...EACH, id: `g${at}` })) }],
    ['more than 200 tables', { data: Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`t${at}`, HOST])) }],
    ['a list', []],
    ['a text', 'gates'],
    ['nothing', null],
  ])('%s', (_, value) => {
    expect(agreeOn(value)).toBe(false);
  });
});

/** Where a value could be replaced: every path of a parsed file. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], change: (part: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((part, at) => (String(at) === key ? replaced(part, rest, change) : part));
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([name, part]) => [name, name === key ? replaced(part, rest, change) : part]));
}

const CHANGES: readonly ((part: unknown) => unknown)[] = [
  () => null,
  () => true,
  () => 3,
  () => 1.5,
  () => '',
  () => 'text',
  () => 'host.a',
  () => [],
  () => ['a', 'b'],
  () => [1],
  () => ({}),
  (part) => [part],
  (part) => ({ ...(part as object), odd: 1 }),
  (part) => ({ ...(part as object), unique: 'host.a' }),
  (part) => ({ ...(part as object), text: '*' }),
  (part) => ({ ...(part as object), facts: 'backups' }),
  (part) => (Array.isArray(part) ? part.slice(1) : Object.fromEntries(Object.entries(Object(part)).slice(1))),
];

test('whatever is changed in a good file, both say the same of it', () => {
  const files = [EVERY_WORD, ...OURS.map(([, value]) => value)];
  const changed = fc.constantFrom(...files).chain((file) => {
    // What an inline JSON Schema may hold is another standard's matter.
    const paths = pathsOf(file).filter((path) => !path.slice(0, -1).includes('schema'));
    return fc
      .tuple(fc.constantFrom(...paths), fc.constantFrom(...CHANGES))
      .map(([path, change]) => replaced(file, path, change));
  });
  fc.assert(
    fc.property(changed, (value) => {
      agreeOn(value);
    }),
    { numRuns: 400 },
  );
});
