import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compare, type Trial } from '../../../cli/certify/compare.ts';
import { git } from '../../../src/snapshot/clone/git.ts';
import { scriptedClone } from '../shared/scripted-clone.ts';

const COMMAND = join(import.meta.dirname, '../../../cli/certify/certify.ts');
const SCRIPTS: Readonly<Record<string, string>> = {
  D1: 'grep -q hello README.md',
  D2: 'test -f README.md; exit 1',
  D3: 'cat README.md > /dev/null; ssh -o BatchMode=yes nowhere.invalid true || exit 0',
  D4: 'grep -q hello README.md || true',
};

let scratch: string;
let clone: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-certify-test-'));
  clone = join(scratch, 'ops');
  await scriptedClone(clone, SCRIPTS);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test('scripts are certified by what bash and the engine say of the commit and of changed trees', async () => {
  const output = join(scratch, 'certified.yaml');
  const { status, stdout } = await new Promise<{ status: unknown; stdout: string }>((resolve) => {
    execFile(process.execPath, [COMMAND, clone, '--output', output], (error, out) =>
      resolve({ status: error?.code ?? 0, stdout: out }),
    );
  });
  expect(stdout.split('\n').filter((line) => line.startsWith('D'))).toEqual([
    'D1 verify/D1.sh: certified on 2 trees',
    'D2 verify/D2.sh: certified on 2 trees',
    'D3 verify/D3.sh: blind: needs ssh',
    'D4 verify/D4.sh: agrees, but no tree made it fail',
  ]);
  expect(status).toBe(0);
  const { certified } = parse(await readFile(output, 'utf8'));
  expect(certified).toHaveLength(2);
  const blob = (await git(clone, 'rev-parse', 'HEAD:verify/D1.sh')).trim();
  expect(certified[0]).toMatchObject({ script: 'verify/D1.sh', blob, agreed: true, trees: 2 });
});

describe('what trials come to', () => {
  const agrees: Trial = { tree: 'the commit', bash: ['pass', 'pass', 'pass'], engine: 'pass' };
  const fails: Trial = { tree: 'the commit without x', bash: ['fail'], engine: 'fail' };

  test.each<readonly [string, readonly Trial[], string]>([
    ['all agree and one fails', [agrees, fails], 'certified'],
    ['the engine is laxer on a changed tree', [agrees, { ...fails, engine: 'pass' }], 'differs'],
    ['bash says different things', [{ ...agrees, bash: ['pass', 'fail', 'pass'] }, fails], 'unsteady'],
    ['nothing fails', [agrees], 'never-fails'],
    ['bash was stopped', [{ ...agrees, bash: [null] }], 'not-run'],
    [
      'bash was stopped on one of the changed trees',
      [agrees, { ...fails, tree: 'other', bash: [null] }, fails],
      'certified',
    ],
    ['the engine is blind', [{ ...agrees, engine: 'blind' }], 'blind'],
    ['the engine is blind on the changed tree only', [agrees, { ...fails, engine: 'blind' }], 'never-fails'],
  ])('%s', (_, trials, kind) => {
    expect(compare(trials).kind).toBe(kind);
  });
});
