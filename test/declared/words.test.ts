import { describe, expect, test } from 'vitest';
import { auditDeclared, gateInWords, judge } from './declared-repo.ts';

const HOSTS = {
  'hosts.yaml': `hosts:
  - name: web
    address: 10.0.0.5
    port: 443
    tags: [public, tls]
  - name: db
    address: 10.0.0.6
    port: 5432
  - name: old
    address: 10.0.0.5
    retired: true
`,
};

describe('each … when … must', () => {
  test('says which row, and where the value stands', async () => {
    expect(await judge('{ id: g, each: host, must: row.port < 1024 }', HOSTS)).toBe(
      'g fail | must db @ hosts.yaml:8:5 | must old @ hosts.yaml:9:5',
    );
  });

  test('a key that is missing is null', async () => {
    expect(await judge('{ id: g, each: host, must: row.retired == true || row.port != null }', HOSTS)).toBe('g pass');
    expect(await judge('{ id: g, each: host, must: row.a.b.c == null && !has(row.a.b) }', HOSTS)).toBe('g pass');
  });

  test('`when` passes over rows that lack what it asks for', async () => {
    expect(await judge('{ id: g, each: host, when: row.port > 1000, must: row.name == "db" }', HOSTS)).toBe('g pass');
    expect(
      await judge(`{ id: g, each: host, when: "row.tags.exists(t, t == 'tls')", must: row.port == 443 }`, HOSTS),
    ).toBe('g pass');
  });

  test('a row for which `must` cannot be evaluated is a finding', async () => {
    expect(await judge(`{ id: g, each: host, must: "row.tags.all(t, t != 'x')" }`, HOSTS)).toBe(
      'g fail | must db @ hosts.yaml:6:5 | must old @ hosts.yaml:9:5',
    );
  });

  test('a row for which `when` cannot be evaluated makes the gate blind, not green', async () => {
    expect(await judge('{ id: g, each: host, when: row.name > 5, must: "true" }', HOSTS)).toMatch(
      /^g blind \| \(hosts\.yaml:2: `when` cannot be evaluated for web: `>` does not take string, int/,
    );
  });
});

describe('never green for nothing', () => {
  test('no rows', async () => {
    expect(await judge('{ id: g, each: host, must: "true" }', { 'hosts.yaml': 'hosts: []\n' })).toBe(
      'g blind | (it looked for rows in `host` (`hosts[]` in `hosts.yaml`) and found none, where at least 1 is expected)',
    );
  });

  test('fewer than `min`', async () => {
    expect(await judge('{ id: g, unique: host.name, min: 4 }', HOSTS)).toMatch(
      /found only 3, where at least 4 are expected/,
    );
    expect(await judge('{ id: g, each: host, when: row.name == "x", must: "true", min: 0 }', HOSTS)).toBe('g pass');
  });

  test('no files: it does not apply', async () => {
    expect(await judge('{ id: g, each: host, must: "true" }', {})).toBe('g skip | (there is no hosts.yaml)');
  });

  test.each([
    ['a folder', { 'hosts.yaml/a': '' }, {}],
    ['a submodule', { 'hosts.yaml': '' }, { 'hosts.yaml': '160000' as const }],
    ['a link that leads nowhere', { 'hosts.yaml': 'gone.yaml' }, { 'hosts.yaml': '120000' as const }],
    ['a link out of the repository', { 'hosts.yaml': '../hosts.yaml' }, { 'hosts.yaml': '120000' as const }],
  ])('%s in the place of the file', async (_, files, modes) => {
    const declaration =
      'data:\n  host: { files: hosts.yaml, each: "hosts[]" }\ngates:\n  - { id: g, each: host, must: "true" }\n';
    const { report } = await auditDeclared({ ...files, 'lanekeeper.yaml': declaration }, { modes });
    expect(report.gates.map(gateInWords)).toEqual([
      'g blind | (hosts.yaml is no file: it is a folder, a submodule, or a link that leads nowhere in the repository)',
    ]);
  });

  test.each([
    [
      'latin-1 in CSV',
      'hosts.csv',
      Buffer.from('name,port\nweb,1\nb\u00fcro,2\n', 'latin1'),
      ':3: not readable as csv',
    ],
    ['UTF-16 in CSV', 'hosts.csv', Buffer.from('\ufeffname,port\nweb,1\n', 'utf16le'), ':1: not readable as csv'],
    [
      'latin-1 in TOML',
      'hosts.toml',
      Buffer.from('[[hosts]]\nname = "b\u00fcro"\n', 'latin1'),
      ':2: not readable as toml',
    ],
  ])('%s', async (_, path, bytes, expected) => {
    const each = path.endsWith('.csv') ? '' : ', each: "hosts[]"';
    const declaration = `data:\n  host: { files: ${path}${each} }\ngates:\n  - { id: g, each: host, must: "true" }\n`;
    const { report } = await auditDeclared({ [path]: bytes, 'lanekeeper.yaml': declaration });
    expect(report.gates.map(gateInWords)).toEqual([`g blind | (${path}${expected}: it is not UTF-8)`]);
  });

  test('a file that cannot be read', async () => {
    expect(await judge('{ id: g, each: host, must: "true" }', { 'hosts.yaml': 'hosts: [\n' })).toMatch(
      /^g blind \| \(hosts\.yaml:\d: not readable as YAML/,
    );
  });
});

test('unique: every occurrence, with the others', async () => {
  expect(await judge('{ id: g, unique: host.address }', HOSTS)).toBe(
    'g fail | unique 10.0.0.5 of web @ hosts.yaml:3:5 | unique 10.0.0.5 of old @ hosts.yaml:10:5',
  );
  expect(await judge('{ id: g, unique: host.name }', HOSTS)).toBe('g pass');
});

test('unique: folded', async () => {
  const files = { 'hosts.yaml': 'hosts: [{ name: Web }, { name: web }]\n' };
  expect(await judge('{ id: g, unique: host.name }', files)).toBe('g pass');
  expect(await judge('{ id: g, unique: host.name, fold: lower }', files)).toMatch(/^g fail/);
});

describe('in … of', () => {
  const data = 'host: { files: hosts.yaml, each: "hosts[]" }\n  backup: { files: backups.yaml, each: "jobs.{}" }';
  const backups = { 'backups.yaml': 'jobs:\n  web: { keep: 7 }\n  gone: { keep: 7 }\n' };

  test('one way', async () => {
    expect(await judge('{ id: g, in: backup, of: host.name }', { ...HOSTS, ...backups }, data)).toBe(
      'g fail | in gone @ backups.yaml:3:3',
    );
  });

  test('both ways', async () => {
    expect(await judge('{ id: g, in: backup, of: host.name, same: true }', { ...HOSTS, ...backups }, data)).toBe(
      'g fail | in gone @ backups.yaml:3:3 | same db @ hosts.yaml:6:5 | same old @ hosts.yaml:9:5',
    );
  });

  test('nothing to compare with', async () => {
    expect(await judge('{ id: g, in: backup, of: host.name }', backups, data)).toMatch(
      /^g blind \| \(there is nothing in `host.name` to compare with/,
    );
  });
});

test('disjoint: prefixes, ranges and addresses', async () => {
  const data = 'net: { files: nets.yaml, each: "{}" }';
  const nets = (text: string) => ({ 'nets.yaml': text });
  expect(
    await judge('{ id: g, disjoint: net.cidr }', nets('a: { cidr: 10.0.0.0/24 }\nb: { cidr: 10.0.1.0/24 }\n'), data),
  ).toBe('g pass');
  expect(
    await judge(
      '{ id: g, disjoint: net.cidr }',
      nets('a: { cidr: 10.0.0.0/16 }\nb: { cidr: 10.0.1.0/24 }\nc: { cidr: fd00::/64 }\n'),
      data,
    ),
  ).toBe('g fail | disjoint 10.0.0.0/16 of a @ nets.yaml:1:6 | disjoint 10.0.1.0/24 of b @ nets.yaml:2:6');
  expect(await judge('{ id: g, disjoint: net.cidr }', nets('a: { cidr: 10.0.0.0/33 }\n'), data)).toBe(
    'g fail | address a @ nets.yaml:1:6',
  );
});

test('text: forbid with exceptions, require', async () => {
  const files = { 'a.sh': 'set -e\nsudo rm x\n  sudo ls # allowed\n', 'b.sh': 'sudo rm x\n', 'c.py': 'sudo' };
  expect(await judge(String.raw`{ id: g, text: "*.sh", forbid: '\bsudo \w+', except: '# allowed$' }`, files)).toBe(
    'g fail | forbid a.sh: sudo rm @ a.sh:2:1 | forbid b.sh: sudo rm @ b.sh:1:1',
  );
  expect(await judge(`{ id: g, text: "*.sh", require: '^set -e$' }`, files)).toBe('g fail | require b.sh @ b.sh');
});

test('files: allowed, forbidden, required', async () => {
  const files = { 'docs/a.md': '', 'docs/b.txt': '' };
  expect(await judge('{ id: g, files: "docs/**", allow: "docs/*.md" }', files)).toBe(
    'g fail | allow docs/b.txt @ docs/b.txt',
  );
  expect(await judge('{ id: g, files: "docs/*.txt", forbid: true }', files)).toBe(
    'g fail | forbid docs/b.txt @ docs/b.txt',
  );
  expect(await judge('{ id: g, files: "docs/**", require: [docs/a.md, docs/index.md] }', files)).toBe(
    'g fail | require docs/index.md @ docs/index.md',
  );
});

test('schema: a JSON Schema in the gate file or in the repo', async () => {
  const inline =
    '{ id: g, each: host, schema: { required: [name], properties: { port: { type: integer, maximum: 1024 }, address: { pattern: "^10\\\\." } } } }';
  expect(await judge(inline, HOSTS)).toBe('g fail | schema-maximum db port @ hosts.yaml:8:5');
  const schema = { 'host.schema.json': '{ "type": "object", "required": ["port"] }' };
  expect(await judge('{ id: g, each: host, schema: host.schema.json }', { ...HOSTS, ...schema })).toBe(
    'g fail | schema-required old @ hosts.yaml:9:5',
  );
  expect(await judge('{ id: g, each: host, schema: nowhere.json }', HOSTS)).toMatch(
    /^g blind \| \(there is no schema nowhere\.json/,
  );
});

test('`say` puts values in its placeholders', async () => {
  const { auditDeclared } = await import('./declared-repo.ts');
  const gates = `
data: { host: { files: hosts.yaml, each: "hosts[]" } }
gates:
  - { id: g, each: host, must: row.port != null, say: "{row.name} at {row.address} has no port ({path}, {size(row.name)})" }
  - { id: h, each: host, must: row.port != null, say: has no port }
`;
  const { report } = await auditDeclared({ ...HOSTS, 'lanekeeper.yaml': gates });
  expect(report.gates.map(({ findings }) => findings[0]?.message)).toEqual([
    'old at 10.0.0.5 has no port (hosts.yaml, 3)',
    '`old` has no port',
  ]);
});
