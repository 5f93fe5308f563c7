/** A value that is encrypted stands for one that nobody can read here: a gate that asks for it is blind, in every format and for every kind of gate. */
import { describe, expect, test } from 'vitest';
import { auditDeclared, gateInWords } from './declared-repo.ts';

const SOPS = 'ENC[AES256_GCM,data:abc=,iv:def=,tag:ghi=,type:str]';
const EYAML = 'ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCCAWY==]';
const VAULT = '!vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    6162';

async function judged(gate: object, path: string, text: string | Uint8Array, table: object = {}): Promise<string> {
  const { report } = await auditDeclared({
    'lanekeeper.yaml': JSON.stringify({
      data: { host: { files: path, ...table }, known: { files: 'known.csv' } },
      gates: [{ id: 'g', ...gate }],
    }),
    'known.csv': 'name\npve\n',
    [path]: text,
  });
  const [first] = report.gates;
  return first ? gateInWords(first) : 'no gate';
}

describe.each([
  ['YAML by sops', 'h.yaml', `name: ${SOPS}\nport: 22\nsops: { mac: x }\n`, 'sops'],
  ['JSON by sops', 'h.json', JSON.stringify({ name: SOPS, port: 22, sops: { mac: SOPS } }), 'sops'],
  ['an environment by sops', 'h.env', `name=${SOPS}\nport=22\nsops_mac=${SOPS}\n`, 'sops'],
  ['TOML', 'h.toml', `name = "${SOPS}"\nport = 22\n`, 'sops'],
  ['YAML by eyaml', 'h.yaml', `name: ${EYAML}\nport: 22\n`, 'eyaml'],
  ['YAML by ansible-vault', 'h.yaml', `name: ${VAULT}\nport: 22\n`, 'ansible-vault'],
])('a value in %s', (_, path, text, by) => {
  test.each<[string, object]>([
    ['a condition', { each: 'host', must: 'row.name != "bad"' }],
    ['a condition on it in brackets', { each: 'host', must: 'row["name"] != "bad"' }],
    ['a choice of rows', { each: 'host', when: 'row.name == "bad"', must: 'false', min: 0 }],
    ['a whole row', { each: 'host', must: 'row != {"a": 1}' }],
    ['uniqueness', { unique: 'host.name', min: 0 }],
    ['membership', { in: 'host.name', of: 'known.name', min: 0 }],
    ['membership in it', { in: 'known.name', of: 'host.name' }],
    ['addresses', { disjoint: 'host.name', min: 0 }],
    ['a schema', { each: 'host', schema: { properties: { name: { type: 'string' } } } }],
  ])('makes %s blind', async (_what, gate) => {
    const said = await judged(gate, path, text);
    expect(said).toMatch(/^g blind/);
    expect(said).toContain(`encrypted with ${by}`);
  });

  test('makes nothing else blind', async () => {
    expect(await judged({ each: 'host', must: 'int(row.port) == 22' }, path, text)).toBe('g pass');
    expect(await judged({ unique: 'host.port' }, path, text)).toBe('g pass');
  });
});

test('whoever asks whether a value is encrypted is answered', async () => {
  const text = `name: ${SOPS}\nsops: { mac: x }\n`;
  expect(await judged({ each: 'host', must: 'row.name.startsWith("ENC[")' }, 'h.yaml', text)).toBe('g pass');
  expect(await judged({ text: 'h.yaml', require: 'ENC\\[AES256_GCM' }, 'h.yaml', text)).toBe('g pass');
  const schema = { properties: { name: { pattern: '^ENC\\[' } } };
  expect(await judged({ each: 'host', schema }, 'h.yaml', text)).toBe('g pass');
  expect(await judged({ each: 'host', schema }, 'h.yaml', 'name: in clear\n')).toMatch(/^g fail/);
});

test('items of a list are looked at one by one', async () => {
  const text = `hosts: [{ name: a, users: [x, "${SOPS}"] }, { name: b, users: [x] }]\n`;
  const rows = { each: 'hosts[]' };
  const gate = { each: 'host', must: 'row.users.all(user, user != "root")' };
  expect(await judged(gate, 'h.yaml', text, rows)).toMatch(/^g blind \| \(a: it asks for a value that is encrypted/);
  const broken = { each: 'host', must: 'row.users.all(user, user != "x")' };
  expect(await judged(broken, 'h.yaml', text, rows)).toMatch(/^g fail .*must b @/);
});

test('a search in the text says what it did not search', async () => {
  const { report } = await auditDeclared({
    'lanekeeper.yaml': JSON.stringify({ gates: [{ id: 'g', text: 'h.yaml', forbid: 'bad' }] }),
    'h.yaml': `name: ${SOPS}\nsops: { mac: x }\n`,
  });
  expect(report.gates[0]).toMatchObject({
    verdict: 'pass',
    unverified: ['h.yaml holds values that are encrypted with sops: only the rest was searched'],
  });
});

test.each([
  ['sops, as a whole', JSON.stringify({ data: SOPS, sops: { mac: SOPS } }, undefined, '\t')],
  ['strongbox', '# STRONGBOX ENCRYPTED RESOURCE ; See https://github.com/uw-labs/strongbox\nabc\n'],
])('a file that is encrypted by %s cannot be read', async (_, text) => {
  for (const gate of [
    { text: 'h.json', forbid: 'bad' },
    { each: 'host', must: 'true' },
  ])
    expect(await judged(gate, 'h.json', text)).toMatch(/^g blind \| \(h\.json could not be read: it is encrypted with/);
});

const ARMOUR = '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n';
const WHOLE_FILES: readonly (readonly [by: string, content: string | Uint8Array])[] = [
  ['PGP', ARMOUR],
  ['PGP', Uint8Array.of(0x85, 0x01, 0x0c, 0x03, 0x9f, 0x11, 0xe2)],
  ['PGP', Uint8Array.of(0x84, 0x5e, 0x03, 0x9f, 0x11, 0xe2)],
  ['PGP', Uint8Array.of(0x8c, 0x0d, 0x04, 0x09, 0x03, 0x02)],
  ['PGP', Uint8Array.of(0xc1, 0xc0, 0x4c, 0x03, 0x9f, 0x11)],
  ['PGP', Uint8Array.of(0xc3, 0x0d, 0x04, 0x09, 0x03, 0x02)],
  ['PGP', Uint8Array.of(0xd2, 0xff, 0x00, 0x00, 0x10, 0x00, 0x01)],
  ['age', 'age-encryption.org/v1\n-> X25519 abc\n'],
  ['ansible-vault', '$ANSIBLE_VAULT;1.1;AES256\n6162\n'],
  ['OpenSSL', 'U2FsdGVkX1+abc\n'],
  ['sops', '{ "data": "ENC[AES256_GCM,data:abc=,iv:d=,tag:g=,type:str]" }\n'],
];

describe.each(WHOLE_FILES)('a file that is encrypted with %s', (by, content) => {
  test.each([
    ['a text that is forbidden', { forbid: 'password' }],
    ['a text that is required', { require: 'password' }],
    [
      'both, beside a question about encryption',
      { forbid: 'password', require: 'PGP MESSAGE|ANSIBLE_VAULT|age-|Salted__|U2F|ENC' },
    ],
  ])('is blind to %s', async (_, rule) => {
    const said = await judged({ text: 'secret', ...rule }, 'secret', content);
    expect(said).toMatch(/^g (blind|fail)/);
    expect(said).toContain(`encrypted with ${by}`);
  });
});

test.each([
  ['ansible-vault', '\\A\\$ANSIBLE_VAULT;', '$ANSIBLE_VAULT;1.1;AES256\n6162\n'],
  ['PGP', '-----BEGIN PGP MESSAGE-----', ARMOUR],
  ['age', '\\Aage-encryption\\.org/', 'age-encryption.org/v1\n-> X25519 abc\n'],
])('a file that has to be encrypted with %s passes when it is, and fails in clear', async (_, require, content) => {
  const gate = { text: 'secret', require };
  expect(await judged(gate, 'secret', content)).toBe('g pass');
  expect(await judged(gate, 'secret', 'password: 1\n')).toMatch(/^g fail/);
  expect(await judged({ text: 'secret', forbid: require }, 'secret', content)).toMatch(/^g fail/);
});

test.each([
  ['UTF-16', 'notes.txt', Buffer.from('\ufeffpassword: hunter2\n', 'utf16le')],
  ['an archive', 'notes.gz', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)],
])('%s is no text in which a word could be missing', async (_, path, content) => {
  expect(await judged({ text: path, forbid: 'password' }, path, content)).toMatch(/^g blind .*no text in UTF-8/);
});

test('a picture holds no words, and text beside an encrypted file is searched all the same', async () => {
  const picture = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13);
  expect(await judged({ text: 'a.png', forbid: 'password' }, 'a.png', picture)).toBe('g pass');
  const accents = Uint8Array.of(0xe9, 0x74, 0xe9);
  expect(await judged({ text: 'a.txt', forbid: 'password' }, 'a.txt', accents)).toBe('g pass');
});
