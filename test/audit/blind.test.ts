import { describe, expect, test } from 'vitest';
import { evaluateGates } from '../../src/audit/evaluate.ts';
import { SnapshotReader } from '../../src/audit/read/reader.ts';
import { runAudit } from '../../src/audit/run.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { Repo } from '../../src/core/repo.ts';
import { type MemoryRepo, memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles, NOW } from './governed-repo.ts';

const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 12345\n`;
const STAND_INS: readonly (readonly [string, string, string])[] = [
  ['Git LFS', LFS, 'it is kept in Git LFS'],
  ['Git LFS with extensions', LFS.replace('oid', 'ext-0-foo sha256:00\noid'), 'it is kept in Git LFS'],
  ['git-annex', '/annex/objects/SHA256E-s1--00.yaml\n', 'it is kept by git-annex'],
  ['git-crypt', '\0GITCRYPT\0\u0001\u0002', 'it is encrypted with git-crypt'],
  ['age', 'age-encryption.org/v1\n-> X25519 x\n', 'it is encrypted with age'],
  ['age, armored', '-----BEGIN AGE ENCRYPTED FILE-----\n', 'it is encrypted with age'],
  ['ansible-vault', '$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'it is encrypted with ansible-vault'],
];

function reading(read: (repo: Repo) => unknown, own?: Gate['own']): Gate {
  const gate = { name: 'reading', mirrors: [], why: '', fix: '', reads: [], rules: {} };
  return {
    ...gate,
    ...(own && { own }),
    check({ repo }) {
      read(repo);
      return [];
    },
    examples: { pass: [], fail: [] },
  };
}

async function verdict(source: MemoryRepo, gate: Gate) {
  const world = {
    target: new SnapshotReader('target', memorySnapshot(source)),
    siblings: new Map(),
    now: NOW,
    gates: new Map(),
  };
  const [evaluation] = await evaluateGates(world, [gate]);
  return { verdict: evaluation?.verdict, reason: evaluation?.reason, failures: world.target.failures.size };
}

describe.each(STAND_INS)('%s in the place of a file', (_, text, reason) => {
  const source: MemoryRepo = {
    files: { 'ops/real.yaml': text, 'link.yaml': 'ops/real.yaml', folder: 'ops' },
    modes: { 'link.yaml': '120000', folder: '120000' },
  };

  test.each<[string, (repo: Repo) => unknown]>([
    ['its text', (repo) => repo.text('ops/real.yaml')],
    ['its lines', (repo) => repo.lines('ops/real.yaml')],
    ['its YAML', (repo) => repo.yaml('ops/real.yaml')],
    ['its YAML, taken as empty otherwise', (repo) => repo.yamlOrEmpty('ops/real.yaml')],
    ['whether it is YAML', (repo) => repo.isYaml('ops/real.yaml')],
    ['its documents', (repo) => repo.yamlDocuments('ops/real.yaml')],
    ['it behind a link', (repo) => repo.text('link.yaml')],
    ['it through a linked folder', (repo) => repo.text('folder/real.yaml')],
    ['what a pattern finds', (repo) => repo.glob('ops/*.yaml').map(repo.text)],
  ])('who reads %s is blind, with the reason', async (_what, read) => {
    const found = await verdict(source, reading(read));
    expect(found).toMatchObject({ verdict: 'blind', failures: 0 });
    expect(found.reason).toContain(`real.yaml could not be read: ${reason}`);
  });

  test('who only asks whether it is there is not', async () => {
    expect(
      await verdict(
        source,
        reading((repo) => repo.isFile('link.yaml')),
      ),
    ).toMatchObject({ verdict: 'pass' });
  });
});

describe('a submodule', () => {
  const source: MemoryRepo = {
    files: { 'ops/plugins': '', 'ops/link': 'plugins/x', 'ops/annex': '../.git/annex/objects/00/x', 'docs/a.md': '' },
    modes: { 'ops/plugins': '160000', 'ops/link': '120000', 'ops/annex': '120000' },
  };

  test.each<[string, (repo: Repo) => unknown]>([
    ['a file below it', (repo) => repo.isFile('ops/plugins/a/b')],
    ['a folder below it', (repo) => repo.isDirectory('ops/plugins/a')],
    ['its text', (repo) => repo.text('ops/plugins/a')],
    ['its names', (repo) => repo.names('ops/plugins')],
    ['a link into it', (repo) => repo.isFile('ops/link')],
    ['a link of git-annex', (repo) => repo.isFile('ops/annex')],
    ['a pattern that may match below it', (repo) => repo.glob('ops/*/x.sh')],
    ['a pattern that crosses folders', (repo) => repo.glob('ops/**')],
    ['files that a pattern seeks in it', (repo) => repo.files('ops/plugins/*.sh')],
  ])('hides %s', async (_, read) => {
    expect(await verdict(source, reading(read))).toMatchObject({ verdict: 'blind' });
  });

  test.each<[string, (repo: Repo) => unknown]>([
    ['it is a folder', (repo) => repo.isDirectory('ops/plugins') || repo.text('lost')],
    ['patterns elsewhere', (repo) => repo.glob('docs/*.md')],
    ['patterns that end above it', (repo) => repo.glob('ops/*')],
    ['the own files of the repository', (repo) => repo.files('**/*.md')[0] === 'docs/a.md' || repo.text('lost')],
  ])('hides nothing else: %s', async (_, read) => {
    expect(await verdict(source, reading(read))).toMatchObject({ verdict: 'pass' });
  });
});

test.each([
  ['sops', 'ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]'],
  ['eyaml', 'ENC[PKCS7,MII==]'],
  ['ansible-vault', '!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162'],
])('nobody compares a value that is encrypted with %s', async (by, value) => {
  const files = { 'a.yaml': `key: ${value}\nhost: pve\n` };
  const found = await verdict(
    { files },
    reading((repo) => repo.yaml('a.yaml').get('key').is('active')),
  );
  expect(found).toMatchObject({ verdict: 'blind', reason: `a.yaml:1 could not be read: it is encrypted with ${by}` });
});

test('a value that sops has encrypted is blind, what stands in clear beside it is not', async () => {
  const files = { 'a.yaml': 'host: pve\nkey: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops: { mac: x }\n' };
  const of = (key: string) =>
    verdict(
      { files },
      reading((repo) => repo.yaml('a.yaml').get(key).raw),
    );
  expect(await of('host')).toMatchObject({ verdict: 'pass' });
  expect(await of('key')).toMatchObject({
    verdict: 'blind',
    reason: 'a.yaml:2 could not be read: it is encrypted with sops',
  });
});

describe('governance files and waivers', () => {
  const files = governanceFiles({ topology: 'gate_assignments: [{ gate_id: D1, primary_domain: aof }]\n' });
  const request = { siblings: {}, now: NOW, gates: [], defaultRegistry: { gates: [], lanes: [] } };
  const audit = (source: MemoryRepo) => runAudit({ ...request, target: memorySnapshot(source) });

  test.each(Object.keys(files))('%s in Git LFS ends the audit with the reason', async (path) => {
    const auditing = audit({ files: { ...files, [path]: LFS } });
    await expect(auditing).rejects.toThrow(`${path} could not be read: it is kept in Git LFS`);
    await expect(auditing).rejects.toMatchObject({ name: 'CouldNotAudit' });
  });

  test('below a submodule they are not missing', async () => {
    const auditing = audit({ files: { 'ops/bindings': '', 'README.md': '' }, modes: { 'ops/bindings': '160000' } });
    await expect(auditing).rejects.toThrow('it lies in the submodule ops/bindings');
  });

  test('waivers in Git LFS are named, and waive nothing', async () => {
    const { waivers } = await audit({ files: { ...files, 'ops/bindings/audit.waivers.yaml': LFS } });
    expect(waivers).toMatchObject({ active: [], isReadable: false });
    expect(waivers.problems[0]).toContain('Git LFS');
  });
});

describe('a gate of our own', () => {
  const own = { number: 'R1', severity: 'high', lane: 'resilience' };

  test('does not apply where nothing of what it looks at is there', async () => {
    const look = (repo: Repo) => [repo.isFile('a'), repo.glob('*.yaml'), repo.names('ops')];
    expect(await verdict({ files: {} }, reading(look, own))).toMatchObject({ verdict: 'skip' });
    expect(await verdict({ files: {} }, reading(look))).toMatchObject({ verdict: 'pass' });
    expect(await verdict({ files: { a: '' } }, reading(look, own))).toMatchObject({ verdict: 'pass' });
  });

  test('refuses a file of several documents; a mirror sees what is printed', async () => {
    const files = { 'a.yaml': 'x: 1\n---\nvms: []\n' };
    const read = (repo: Repo) => repo.yaml('a.yaml').get('x').raw;
    expect(await verdict({ files }, reading(read, own))).toMatchObject({ verdict: 'fail' });
    expect(await verdict({ files }, reading(read))).toMatchObject({ verdict: 'pass' });
  });
});
