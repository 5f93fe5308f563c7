import { expect, test } from 'vitest';
import { createBudget, GATE_STEPS, sharedBudget } from '../../src/declared/expressions/budget.ts';
import { auditDeclared, judge } from './declared-repo.ts';

/** Milliseconds that any of these may take here; one takes some seconds at worst, and without bounds it would not end. */
const BOUND = 20_000;
const MANY = Array.from({ length: 100_000 }, (_, index) => `- { id: ${index}, next: ${index + 1} }`).join('\n');

test('100,000 rows', { timeout: BOUND }, async () => {
  const data = 'host: { files: hosts.csv }';
  const rows = Array.from({ length: 100_000 }, (_, index) => `h${index},${index}`).join('\n');
  const files = { 'hosts.csv': `name,id\n${rows}\n` };
  expect(await judge('{ id: g, unique: host.id }', files, data)).toBe('g pass');
  expect(await judge('{ id: g, each: host, must: row.name.startsWith("h") }', files, data)).toBe('g pass');
  expect(await judge('{ id: g, each: host, must: row.id in keys("host") }', files, data)).toMatch(
    /given up: it takes more than 600,000 steps/,
  );
});

/** Data that took minutes, or all memory, before they were counted. */
test.each([
  ['a line of a million columns', { 'hosts.csv': `id${',a'.repeat(1_000_000)}\n1\n` }, /300,000 values/],
  ['quotes that open everywhere', { 'hosts.csv': `id\n${'"a\n'.repeat(1_000_000)}` }, /has to follow a quoted cell/],
  ['quoted cells everywhere', { 'hosts.csv': `id\n${'"a"\n'.repeat(1_000_000)}` }, /300,000 values/],
  ['lines without a delimiter', { 'hosts.csv': `id\n${'a\n'.repeat(250_000)}` }, /100,000 rows/],
  ['JSON of seven megabytes', { 'hosts.json': `[${'{"id":1},'.repeat(700_000)}{}]` }, /300,000 values/],
  ['TOML of 800,000 lines', { 'hosts.toml': '[[a]]\nb=1\n'.repeat(400_000) }, /50,000 values/],
  ['brackets in brackets', { 'hosts.json': '['.repeat(3_000_000) }, /256 levels deep/],
] as const)('%s', { timeout: BOUND }, async (_, files, expected) => {
  const [path = ''] = Object.keys(files);
  const each = path.endsWith('json') ? ', each: "[]"' : path.endsWith('toml') ? ', each: "a[]"' : '';
  const verdict = await judge('{ id: g, each: host, must: "true" }', files, `host: { files: ${path}${each} }`);
  expect(verdict).toMatch(/^g blind/);
  expect(verdict).toMatch(expected);
});

test('braces that stand for millions of patterns', async () => {
  const glob = '{a,b}'.repeat(40);
  const hosts = { 'hosts.yaml': 'hosts: [{ name: a }]\n' };
  expect(await judge(`{ id: g, text: "${glob}", forbid: x }`, hosts)).toMatch(/^g blind .*more than 100 patterns/);
  expect(await judge(JSON.stringify({ id: 'g', each: 'host', must: `size(glob("${glob}")) > 0` }), hosts)).toMatch(
    /^g blind .*100 patterns/,
  );
  expect(await judge(`{ id: g, text: "{${','.repeat(100_000)}", forbid: x }`, hosts)).toMatch(
    /^g blind .*1000 characters/,
  );
});

test('gates pay from one purse beside their own', () => {
  const shared = sharedBudget();
  const budget = () => createBudget(GATE_STEPS, shared);
  expect(() => budget().spend(GATE_STEPS + 1)).toThrow('it takes more than 600,000 steps');
  for (let gate = 0; gate < 3; gate++) budget().spend(GATE_STEPS);
  expect(() => budget().spend(GATE_STEPS)).toThrow(
    'the gates that this repo declares take more than 2,000,000 steps together',
  );
});

test('hundreds of dear gates take no longer together than a few', { timeout: 10 * BOUND }, async () => {
  const csv = (count: number, text: (index: number) => string) =>
    `a\n${Array.from({ length: count }, (_, index) => text(index)).join('\n')}\n`;
  const files = {
    'ids.csv': csv(50_000, String),
    'nets.csv': csv(40_000, (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
  };
  for (const gate of [
    { each: 'ids', must: '[1, 2, 3, 4, 5, 6, 7, 8].all(v, v < 9)' },
    { disjoint: 'nets.a' },
    { each: 'ids', schema: { properties: { a: { minLength: 1 } } } },
  ]) {
    const gates = Array.from({ length: 200 }, (_, index) => ({ id: `g${index}`, ...gate }));
    const data = { ids: { files: 'ids.csv' }, nets: { files: 'nets.csv' } };
    const started = process.cpuUsage();
    const { report } = await auditDeclared({ ...files, 'lanekeeper.yaml': JSON.stringify({ data, gates }) });
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6, JSON.stringify(gate)).toBeLessThan(10);
    expect(report.gates.at(-1)?.reason).toMatch(/the gates that this repo declares take more than/);
  }
});

/** Verdicts of so many gates of one form about so many rows, the last reason, and how much was found. */
async function manyOf(gate: object, gates: number, rows: number) {
  const csv = `name,id\n${Array.from({ length: rows }, (_, index) => `h${index},${index}`).join('\n')}\n`;
  const all = Array.from({ length: gates }, (_, index) => ({ id: `g${index}`, ...gate }));
  const { report } = await auditDeclared({
    'hosts.csv': csv,
    'lanekeeper.yaml': JSON.stringify({ data: { host: { files: 'hosts.csv' } }, gates: all }),
  });
  return {
    verdicts: report.gates.map(({ verdict }) => verdict),
    reason: report.gates.at(-1)?.reason ?? '',
    found: report.gates.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}

const TOGETHER = /given up: the gates that this repo declares take more than 2,000,000 steps together/;

test.each([
  ['an expression of many words', Array.from({ length: 50 }, (_, index) => `row.name != "z${index}"`).join(' && ')],
  [
    'many words in a macro',
    `[1, 2, 3].all(v, ${Array.from({ length: 40 }, (_, at) => `v != ${at + 9}`).join(' && ')})`,
  ],
  ['a pattern made of values', 'row.name.matches("^h" + row.id + "$")'],
])('%s costs more than one of few', { timeout: BOUND }, async (_, must) => {
  const dear = await manyOf({ each: 'host', must }, 60, 2500);
  expect(new Set(dear.verdicts)).toEqual(new Set(['pass', 'blind']));
  expect(dear.reason).toMatch(TOGETHER);
  const cheap = await manyOf({ each: 'host', must: 'row.name != null' }, 60, 2500);
  expect(new Set(cheap.verdicts)).toEqual(new Set(['pass']));
});

test('gates that find fault with everything end, and none of them passes', { timeout: BOUND }, async () => {
  const { verdicts, reason, found } = await manyOf({ each: 'host', must: 'row.id == null' }, 500, 500);
  expect(new Set(verdicts)).toEqual(new Set(['fail', 'blind']));
  expect(reason).toMatch(TOGETHER);
  expect(found).toBeLessThan(200_000);
});

test('what a gate found before it was given up is told', { timeout: BOUND }, async () => {
  const must = 'row.id != "3" && size(replace(readText("hosts.csv"), "h", "hh")) > 0';
  const { verdicts, reason, found } = await manyOf({ each: 'host', must }, 1, 20_000);
  expect(verdicts).toEqual(['fail']);
  expect(reason).toMatch(/given up: it takes more than 600,000 steps/);
  expect(found).toBe(1);
});

test('whoever asks for all keys with every row asks for one list', { timeout: BOUND }, async () => {
  const hosts = Array.from({ length: 1500 }, (_, index) => `h${index},${index}`).join('\n');
  const gates = [1, 2, 3, 4].map((each) => ({ id: `g${each}`, each: 'host', must: 'row.name in keys("host")' }));
  const { report } = await auditDeclared({
    'hosts.csv': `name,id\n${hosts}\n`,
    'lanekeeper.yaml': JSON.stringify({ data: { host: { files: 'hosts.csv', key: 'name' } }, gates }),
  });
  expect(report.gates.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
});

test('gate files that are too long together', async () => {
  const long = `${'# a gate\n'.repeat(20_000)}gates: [{ id: g, files: a.txt, require: a.txt }]\n`;
  const names = ['one', 'two', 'three'].map((name) => `${name}.yaml`);
  const { report } = await auditDeclared({
    'lanekeeper.yaml': `include: [${names.join(', ')}]\n`,
    'a.txt': '',
    ...Object.fromEntries(names.map((name) => [name, long.replace('id: g,', `id: g-${name.replace('.yaml', '')},`)])),
  });
  expect(report.problems?.map(({ path, message }) => `${path} ${message}`)).toEqual([
    'two.yaml is not read: gate files are longer than 500,000 characters together',
  ]);
  expect(report.complete).toBe(false);
});

test('more rows than are read', { timeout: BOUND }, async () => {
  const files = { 'hosts.csv': `id\n${'1\n'.repeat(100_010)}` };
  expect(await judge('{ id: g, each: host, must: row.id == "1" }', files, 'host: { files: hosts.csv }')).toMatch(
    /^g blind .*more than 100,000 rows/,
  );
});

test('a YAML file that is too large says so', { timeout: BOUND }, async () => {
  expect(
    await judge(
      '{ id: g, each: host, must: "true" }',
      { 'hosts.yaml': MANY },
      'host: { files: hosts.yaml, each: "[]" }',
    ),
  ).toMatch(/^g blind .*MB/);
});

test('aliases that stand for billions', async () => {
  const levels = Array.from(
    { length: 20 },
    (_, index) => `l${index + 1}: &l${index + 1} [*l${index},*l${index},*l${index},*l${index}]`,
  );
  const files = { 'hosts.yaml': `l0: &l0 [x]\n${levels.join('\n')}\nhosts: [{ name: a, all: *l20 }]\n` };
  expect(await judge('{ id: g, each: host, must: row.all == null }', files)).toMatch(
    /^g blind .*aliases stand for more than 1,000,000 values/,
  );
  expect(
    await judge('{ id: g, each: host, must: "true" }', { 'hosts.yaml': 'a: &a [*a]\nhosts: [{ name: *a }]\n' }),
  ).toMatch(/^g blind/);
});

test.each([
  [
    'macros in macros',
    '[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f, [1,2,3,4,5,6,7,8,9,10].all(g, true)))))))',
    /given up/,
  ],
  [
    'a text that doubles',
    `${Array.from({ length: 26 }, () => '[').join('')}"x"${Array.from({ length: 26 }, (_, index) => `].map(v${index}, v${index} + v${index})[0]`).join('')} == ""`,
    /more than 1000000 characters|does not/,
  ],
  [
    'a text that is replaced by itself',
    'size(replace(readText("big.txt"), "x", readText("big.txt"))) > 0',
    /more than 1000000 characters/,
  ],
  ['a pattern that takes for ever elsewhere', 'readText("evil.txt").matches("^(a+)+$")', /is not true/],
  ['split into characters', 'size(split(readText("big.txt"), "")) > 5', /^g pass/],
])('%s', { timeout: BOUND }, async (_, must, expected) => {
  const files = {
    'hosts.yaml': 'hosts: [{ name: a }]\n',
    'big.txt': 'x'.repeat(100_000),
    'evil.txt': `${'a'.repeat(50_000)}!`,
  };
  const gate = JSON.stringify({ id: 'g', each: 'host', must });
  const { report } = await auditDeclared({
    ...files,
    'lanekeeper.yaml': `data: { host: { files: hosts.yaml, each: "hosts[]" } }\ngates: [${gate}]\n`,
  });
  const [result] = report.gates;
  expect(`g ${result?.verdict} ${result?.reason} ${result?.findings[0]?.message}`).toMatch(expected);
});

test.each([
  ['brackets without end', `gates: ${'['.repeat(10_000)}`],
  [
    'an expression without end',
    `data: { host: { files: a.yaml } }\ngates: [{ id: g, each: host, must: "${'('.repeat(1500)}" }]`,
  ],
  [
    'an expression that nests',
    `data: { host: { files: a.yaml } }\ngates: [{ id: g, each: host, must: "${'[ '.repeat(500)}" }]`,
  ],
  [
    'an expression that is too long',
    `data: { host: { files: a.yaml } }\ngates: [{ id: g, each: host, must: "${'true && '.repeat(1000)}true" }]`,
  ],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(8)}]`).join('\n')}\ngates: *b8\n`,
  ],
  ['a long file', `# ${'x'.repeat(600_000)}\n`],
  ['nothing but mistakes', `gates: "${'\\q'.repeat(90_000)}"\n`],
])('a gate file with %s is a mistake with a place', { timeout: BOUND }, async (_, text) => {
  const { report } = await auditDeclared({ 'lanekeeper.yaml': text });
  expect(report.problems?.length).toBeGreaterThan(0);
  expect(report.gates.filter(({ verdict }) => verdict !== 'blind')).toEqual([]);
});

test('names that mean something to JavaScript are names', async () => {
  const data =
    '__proto__: { files: hosts.yaml, each: "hosts[]" }\n  constructor: { files: hosts.yaml, each: "hosts[]" }';
  const files = { 'hosts.yaml': 'hosts:\n  - { name: a, __proto__: { polluted: 1 }, constructor: 2 }\n' };
  expect(
    await judge(
      '{ id: constructor, each: constructor, must: row.__proto__.polluted == 1 && row.toString == null }',
      files,
      data,
    ),
  ).toMatch(/^constructor pass|means nothing/);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a JSON Schema that would take for ever', { timeout: BOUND }, async () => {
  const levels = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `d${index}`,
      { anyOf: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
    ]),
  );
  const schema = { $defs: { ...levels, d30: { type: 'string' } }, $ref: '#/$defs/d0' };
  expect(
    await judge(JSON.stringify({ id: 'g', each: 'host', schema }), { 'hosts.yaml': 'hosts: [{ name: a }]\n' }),
  ).toMatch(/given up: (?:it takes more than|the schema asks)/);
  const evil = { properties: { name: { pattern: '^(a+)+$' } } };
  expect(
    await judge(JSON.stringify({ id: 'g', each: 'host', schema: evil }), {
      'hosts.yaml': `hosts: [{ name: ${'a'.repeat(40)}! }]\n`,
    }),
  ).toMatch(/^g fail \| schema-format/);
});

/** One row of a JSON file against a schema in another. */
async function judgeSchema(row: unknown, schema: unknown) {
  const started = process.cpuUsage();
  const data = { row: { files: 'row.json', each: '[]' } };
  const { report } = await auditDeclared({
    'row.json': JSON.stringify([row].flat()),
    'schema.json': JSON.stringify(schema),
    'lanekeeper.yaml': JSON.stringify({ data, gates: [{ id: 'g', each: 'row', schema: 'schema.json' }] }),
  });
  const { user, system } = process.cpuUsage(started);
  const [gate] = report.gates;
  return {
    verdict: gate?.verdict,
    reason: gate?.reason ?? '',
    cpu: (user + system) / 1e6,
    findings: gate?.findings ?? [],
  };
}

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

test.each([
  ['numbers', times(50_000, Number)],
  ['maps', times(4_400, (id) => ({ a: 1, b: 2, c: 3, d: 4, id }))],
  ['lists in lists', times(4_400, (id) => [[[[[[1, 2, 3, -id]]]]]])],
])('thousands of %s are told apart in one pass', { timeout: BOUND }, async (_, all) => {
  const unique = { properties: { all: { uniqueItems: true } } };
  const apart = await judgeSchema({ all }, { allOf: times(20, () => unique) });
  expect(apart).toMatchObject({ verdict: 'pass', reason: '' });
  expect(apart.cpu).toBeLessThan(5);
  const twin = await judgeSchema({ all: [...all.slice(0, 50), all[7]] }, unique);
  expect(twin.findings.map(({ message }) => message)).toEqual([
    expect.stringContaining('Duplicate items at indexes 7 and 50.'),
  ]);
});

/** Each looks small to a count of schemas, and makes the library go over something large again and again. */
test.each([
  [
    'equal items',
    { all: times(4_400, (id) => ({ a: 1, b: [2, 3], id: id % 4_399 })) },
    { properties: { all: { uniqueItems: true } } },
  ],
  [
    'allowed maps',
    times(20_000, (n) => ({ n: { a: 1, b: 2, c: -n } })),
    { properties: { n: { enum: times(19_000, (c) => ({ a: 1, b: 2, c })) } } },
  ],
  [
    'allowed words',
    times(20_000, (n) => ({ n: `x${n}` })),
    { properties: { n: { enum: times(100_000, (n) => `v${n}`) } } },
  ],
  [
    'many keys',
    Object.fromEntries(times(50_000, (n) => [`k${n}`, n])),
    { allOf: times(5_000, () => ({ minProperties: 1 })) },
  ],
  [
    'patterns of keys',
    Object.fromEntries(times(50_000, (n) => [`k${n}`, n])),
    { patternProperties: Object.fromEntries(times(5_000, (n) => [`^x${n}`, true])) },
  ],
  [
    'a long text',
    { a: 'x'.repeat(1_000_000) },
    { properties: { a: { allOf: times(5_000, () => ({ minLength: 1 })) } } },
  ],
  [
    'patterns of a long text',
    { a: 'a'.repeat(200_000) },
    { properties: { a: { allOf: times(5_000, (n) => ({ pattern: `(a*)*b${n}` })) } } },
  ],
])('a schema that asks too much of %s', { timeout: BOUND }, async (_, row, schema) => {
  const { verdict, reason, cpu } = await judgeSchema(row, schema);
  expect(['blind', 'fail']).toContain(verdict);
  expect(reason).toMatch(/given up: it takes more than 600,000 steps/);
  expect(cpu).toBeLessThan(5);
});

test.each(['url', 'uri', 'email', 'hostname', 'uri-template', 'regex', 'ipv6', 'date-time'])(
  'the format %s of texts that go back and forth',
  { timeout: BOUND },
  async (format) => {
    const texts = [
      'http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
      `${'a.'.repeat(5_000)}!`,
      '1:'.repeat(5_000),
      '{'.repeat(5_000),
    ];
    const { cpu, verdict } = await judgeSchema(
      texts.map((a) => ({ a })),
      { properties: { a: { format } } },
    );
    expect(verdict).toBe('fail');
    expect(cpu).toBeLessThan(5);
  },
);

test('as many matches, or equal values, as there are letters', { timeout: BOUND }, async () => {
  const files = { 'big.txt': 'ab'.repeat(60_000) };
  const text = '{ id: g, text: big.txt, forbid: a, except: allowed }';
  expect(await judge(text, files)).toMatch(/^g fail .*more than 600,000 steps/);
  const data = `r: { files: big.txt, rows: '(?P<letter>a)' }`;
  expect(await judge('{ id: g, unique: r.letter }', files, data)).toMatch(/^g fail \| unique a of a @ big\.txt:1:1 \|/);
});

test.each([
  ['a dotted key', 'hosts.toml', `a${'.a'.repeat(20_000)} = 1\n`, /^g blind .*hosts\.toml:1:1: .*256 levels/],
  ['blanks in an INI file', 'hosts.ini', `[a]\nkey${' '.repeat(200_000)}word\n`, /^g pass/],
  ['blanks in an environment', 'hosts.env', `A=x${' '.repeat(200_000)}y\n`, /^g pass/],
])('%s that goes on and on', { timeout: BOUND }, async (_, path, text, expected) => {
  expect(await judge('{ id: g, each: host, must: "true" }', { [path]: text }, `host: { files: ${path} }`)).toMatch(
    expected,
  );
});
