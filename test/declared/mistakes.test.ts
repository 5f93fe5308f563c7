import { expect, test } from 'vitest';
import { problemLine } from '../../src/core/declaration.ts';
import { auditDeclared, gateInWords } from './declared-repo.ts';

const HOSTS = { 'hosts.yaml': 'hosts: [{ name: a }]\n' };
const DATA = 'data:\n  host: { files: hosts.yaml, each: "hosts[]" }\n';

async function mistakesIn(text: string): Promise<readonly string[]> {
  const { report } = await auditDeclared({ ...HOSTS, 'lanekeeper.yaml': text });
  return (report.problems ?? []).map(problemLine);
}

test.each([
  [
    'an unknown word',
    `${DATA}gates:\n  - { id: g, each: host, mist: "true" }\n`,
    '4:26: `mist` means nothing here: did you mean `must`?',
  ],
  ['a word at the top', 'date: {}\n', '1:1: `date` means nothing here: did you mean `data`?'],
  [
    'an unknown word of a table',
    'data:\n  a: { file: x.yaml, files: x.yaml }\n',
    '2:8: `file` means nothing here: did you mean `files`?',
  ],
  ['no must', `${DATA}gates:\n  - { id: g, each: host }\n`, '4:5: `must` is missing: what has to hold for each row'],
  ['no id', `${DATA}gates:\n  - { each: host, must: "true" }\n`, '4:5: `id` is missing'],
  [
    'a table that is not there',
    `${DATA}gates:\n  - { id: g, each: hosts, must: "true" }\n`,
    '4:20: there is no table `hosts`: did you mean `host`?',
  ],
  [
    'a table in an expression',
    `${DATA}gates:\n  - { id: g, each: host, must: 'lookup("hist", "a") == null' }\n`,
    '4:40: `must`: there is no table `hist`; did you mean `host`?',
  ],
  [
    'a function',
    `${DATA}gates:\n  - { id: g, each: host, must: "exist('x')" }\n`,
    '4:33: `must`: there is no function `exist`; did you mean `exists`?',
  ],
  [
    'a name',
    `${DATA}gates:\n  - { id: g, each: host, must: rov.name != null }\n`,
    '4:32: `must`: there is no name `rov`; did you mean `row`?',
  ],
  [
    'a syntax error in an expression',
    `${DATA}gates:\n  - { id: g, each: host, must: row.name == }\n`,
    /^4:\d+: `must`: .* not expected here/,
  ],
  [
    'a bracket that is never closed',
    `${DATA}gates:\n  - { id: g, each: host, must: 'row.list.all(x, x > 1' }\n`,
    '4:45: `must`: `(` is never closed',
  ],
  [
    'a bracket that closes nothing',
    `${DATA}gates:\n  - { id: g, each: host, must: 'row.a == ")")' }\n`,
    '4:45: `must`: `)` closes nothing',
  ],
  [
    'a bracket that closes another',
    `${DATA}gates:\n  - { id: g, each: host, must: 'row.a in [r"\\", "b")' }\n`,
    '4:52: `must`: `[` is closed by `)`, not `]`',
  ],
  [
    'a text without an end',
    `${DATA}gates:\n  - { id: g, each: host, must: 'row.a == "b' }\n`,
    '4:42: `must`: the text that begins with " has no end',
  ],
  [
    'a comma without quotes',
    `${DATA}gates:\n  - { id: g, each: host, must: row.a.exists(x, x == 1) }\n`,
    /is the rest of an expression: put quotes/,
  ],
  ['a pattern', `${DATA}gates:\n  - { id: g, text: "*.md", forbid: "(" }\n`, /^4:36: `forbid`: /],
  ['look-around', `${DATA}gates:\n  - { id: g, text: "*.md", forbid: "a(?=b)" }\n`, /^4:36: `forbid`: look-around/],
  [
    'a pattern in an expression',
    `${DATA}gates:\n  - { id: g, each: host, must: 'row.name.matches("(")' }\n`,
    /^4:\d+: `must`: /,
  ],
  [
    'a path',
    'data:\n  host: { files: hosts.yaml, each: "hosts[" }\n',
    /^2:36: `hosts\[` is not a path: keys with dots/,
  ],
  [
    'two rules in one gate',
    `${DATA}gates:\n  - { id: g, each: host, must: "true", unique: host.name }\n`,
    '4:40: `unique` does not go with `must`: a gate says one thing',
  ],
  [
    'a brace that stays open',
    `${DATA}gates:\n  - { id: g, each: host, must: "true", say: "{row.name is odd" }\n`,
    '4:46: `say`: `{` is never closed',
  ],
  [
    'a format that nothing says',
    'data:\n  host: { files: hosts }\n',
    '2:18: nothing says which format `hosts` has: add `format` (or `rows`, for a regular expression)',
  ],
  [
    'a name twice',
    `${DATA}gates:\n  - { id: g, unique: host.name }\n  - { id: g, unique: host.name }\n`,
    '5:11: `g` stands for another gate already',
  ],
  [
    'a severity',
    `${DATA}gates:\n  - { id: g, unique: host.name, severity: bad }\n`,
    '4:43: `severity` is one of critical, high, medium, low',
  ],
  [
    'a placeholder',
    `${DATA}gates:\n  - { id: g, each: host, must: "true", say: "{rwo.name} is odd" }\n`,
    '4:47: `say`: there is no name `rwo`; did you mean `row`?',
  ],
  [
    'a function with too much in it',
    `${DATA}gates:\n  - { id: g, each: host, must: "exists(row.name, 1)" }\n`,
    '4:33: `must`: `exists` takes 1 value',
  ],
  [
    'a function by another name',
    `${DATA}gates:\n  - { id: g, each: host, must: len(row.name) > 0 }\n`,
    '4:32: `must`: there is no function `len`; in CEL it is `size`',
  ],
  [
    'a method as a function',
    `${DATA}gates:\n  - { id: g, each: host, must: 'startsWith(row.name, "a")' }\n`,
    '4:33: `must`: `startsWith` is written `value.startsWith()`',
  ],
  [
    'one equals sign',
    `${DATA}gates:\n  - { id: g, each: host, must: row.name = 1 }\n`,
    '4:41: `must`: CEL writes `==` for `=`',
  ],
  [
    'a word for an operator',
    `${DATA}gates:\n  - { id: g, each: host, must: row.name != null and row.x }\n`,
    /^4:\d+: `must`: CEL writes `&&` for `and`/,
  ],
  [
    'a keyword of a schema',
    `${DATA}gates:\n  - { id: g, each: host, schema: { properties: { name: { typ: string } } } }\n`,
    /^4:\d+: `schema`: `typ` means nothing in a schema: did you mean `type`\?/,
  ],
  [
    'a type of a schema',
    `${DATA}gates:\n  - { id: g, each: host, schema: { type: objekt } }\n`,
    /^4:\d+: `schema`: a type is one of object, .*: did you mean `object`\?/,
  ],
  [
    'a file that is included and is not there',
    `include: more.yaml\n${DATA}gates:\n  - { id: g, each: host, must: "true" }\n`,
    '1:10: `include`: there is no file more.yaml',
  ],
  [
    'one of several files that is not there',
    `${DATA}gates:\n  - { id: g, each: host, must: "true" }\ninclude:\n  - hosts.yam\n`,
    '6:5: `include`: there is no file hosts.yam',
  ],
  ['tables and no gates', DATA, '1:1: declares no gate: `gates` is missing'],
  ['nothing but a lane', 'lane: x\n', '1:1: declares no gate: `gates` is missing'],
  [
    'a word of CSV about YAML',
    `data:\n  host: { files: hosts.yaml, each: "hosts[]", delimiter: ";" }\n`,
    '2:47: `delimiter` is for CSV and TSV, and these files are read as yaml',
  ],
  [
    'a word of CSV about rows by a pattern',
    `data:\n  host: { files: hosts.yaml, rows: "(?P<a>x)", columns: [a] }\n`,
    '2:48: `columns` is for CSV and TSV, and `rows` makes the rows of these files',
  ],
  ['gates that are not written yet', `${DATA}gates:\n`, /^3:\d+: is empty$/],
  ['no YAML', 'data: [\n', /^\d+:\d+: is not readable as YAML/],
  ['nothing', '', '1:1: is empty'],
  ['a list', '- a\n', '1:1: a gate file is a map with `data` and `gates`'],
])('%s', async (_, text, expected) => {
  const [first = '', ...others] = await mistakesIn(text);
  const place = first.replace(/^lanekeeper\.yaml:/, '');
  if (typeof expected === 'string') expect(place).toBe(expected);
  else expect(place).toMatch(expected);
  expect(others).toEqual([]);
});

test('a gate with a mistake is blind by its name, the others are judged, and the audit is incomplete', async () => {
  const gates = 'gates:\n  - { id: bad, each: host, must: row. }\n  - { id: good, unique: host.name }\n';
  const { report, registered } = await auditDeclared({ ...HOSTS, 'lanekeeper.yaml': DATA + gates });
  expect(report.gates.map(gateInWords)).toEqual([
    expect.stringMatching(/^bad blind \| \(lanekeeper\.yaml:4:\d+: `must`/),
    'good pass',
  ]);
  expect(report.complete).toBe(false);
  expect(registered).toEqual(['bad', 'good']);
});

test('several files by glob, and files that are included', async () => {
  const { report } = await auditDeclared({
    ...HOSTS,
    'lanekeeper.yaml': `include: gates/*.yaml\n${DATA}gates: [{ id: one, unique: host.name }]\n`,
    'gates/more.yaml': 'lane: more\ngates: [{ id: two, unique: host.name }]\n',
  });
  expect(report.lanes.map(({ id, pass }) => [id, pass])).toEqual([
    ['declared', 1],
    ['more', 1],
  ]);
});

test('a table with a mistake makes the gates that use it blind, and is one mistake', async () => {
  const broken = 'data:\n  host: { files: hosts.yaml, each: "hosts[" }\n  other: { files: hosts.yaml, each: hosts }\n';
  const gates =
    'gates:\n  - { id: direct, each: host, must: "true" }\n  - { id: asks, each: other, must: \'lookup("host", "a") != null\' }\n  - { id: good, unique: other.name }\n';
  const { report } = await auditDeclared({ ...HOSTS, 'lanekeeper.yaml': broken + gates });
  expect(report.problems?.map(problemLine)).toEqual([expect.stringMatching(/^lanekeeper\.yaml:2:36: `hosts\[`/)]);
  const reason = expect.stringMatching(/ blind \| \(lanekeeper\.yaml:2:36: `hosts\[`/);
  expect(report.gates.map(gateInWords).toSorted()).toEqual([reason, reason, 'good pass']);
});

test('a column that is not there does not read as null, and what is no question says nothing of the rows', async () => {
  const { report } = await auditDeclared({
    'hosts.csv': 'name,ip\na,10.0.0.1\nb,10.0.0.2\n',
    'lanekeeper.yaml': [
      'data: { host: { files: hosts.csv } }',
      'gates:',
      '  - { id: column, each: host, must: row.nmae != "" }',
      '  - { id: when, each: host, when: row.zone == "x", must: row.name != "" }',
      '  - { id: text, each: host, must: row.name }',
      '  - { id: number, each: host, must: size(1) > 0 }',
      '  - { id: good, each: host, must: row.name != "b" }',
      '',
    ].join('\n'),
  });
  expect(report.gates.map(gateInWords).toSorted()).toEqual([
    'column blind | (`host` has no column `nmae`: did you mean `name`?)',
    'good fail | must b @ hosts.csv:3:1',
    'number blind | (`must`: `size(1) > 0` cannot be true: `size` does not take int)',
    'text blind | (`must`: `row.name` is neither true nor false)',
    'when blind | (`host` has no column `zone`: the columns are name, ip)',
  ]);
});
