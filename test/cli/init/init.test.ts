import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { git } from '../../../src/snapshot/clone/git.ts';
import { auditDeclared } from '../../declared/declared-repo.ts';
import { SHAPES } from '../../gate-files/shapes.ts';

const COMMAND = join(import.meta.dirname, '../../../cli/init/init.ts');
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-init-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function clone(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = join(scratch, name);
  await git(scratch, 'init', '-q', directory);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

function init(
  ...args: readonly string[]
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

const WORKFLOW = {
  '.github/workflows/ci.yml':
    'name: ci\non: push\npermissions: {}\njobs:\n  test: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v4 }] }\n',
  'README.md': '# Home\n',
};

test.each(SHAPES.map(({ name, files }) => [name, files] as const))(
  '%s: three to eight gates that pass, none of them for nothing',
  async (name, files) => {
    const all = { ...files, ...WORKFLOW };
    const directory = await clone(name, all);
    const { status, stdout, stderr } = await init(directory);
    expect([status, stderr]).toEqual([0, '']);
    const text = await readFile(join(directory, 'lanekeeper.yaml'), 'utf8');
    const { report } = await auditDeclared({ ...all, 'lanekeeper.yaml': text });
    expect(report.gates.map(({ verdict }) => verdict).every((verdict) => verdict === 'pass')).toBe(true);
    expect(report.problems).toBeUndefined();
    expect(report.gates.length).toBeGreaterThanOrEqual(3);
    expect(report.gates.length).toBeLessThanOrEqual(8);
    expect(text.match(/^ {2}# /gm)).toHaveLength(report.gates.length);
    expect(stdout).toContain(`${report.gates.length} gates that pass today`);
  },
);

test('an existing file stays as it is', async () => {
  const directory = await clone('taken', { ...WORKFLOW, 'lanekeeper.yaml': 'gates: []\n' });
  const { status, stderr } = await init(directory);
  expect(status).toBe(2);
  expect(stderr).toContain('is there already, and stays as it is');
  expect(await readFile(join(directory, 'lanekeeper.yaml'), 'utf8')).toBe('gates: []\n');
});

test.each([
  [[], 'Name one clone'],
  [['/nowhere'], 'could not look at /nowhere'],
])('%j ends with 2 and says why', async (args, message) => {
  const { status, stderr } = await init(...args);
  expect([status, stderr.includes(message)]).toEqual([2, true]);
});

test('what one table names and another defines becomes a gate; a playbook is no table', async () => {
  const person = (name: string) => ({ [`people/${name}.toml`]: `name = "${name}"\ngithub = "${name}-at-home"\n` });
  const team = (name: string, ...members: readonly string[]) => ({
    [`teams/${name}.toml`]: `name = "${name}"\n[people]\nmembers = ${JSON.stringify(members.map((member) => `${member}-at-home`))}\n`,
  });
  const directory = await clone('teams', {
    ...Object.assign({}, ...['ann', 'bob', 'eve', 'joe', 'sue'].map(person)),
    ...team('core', 'ann', 'bob'),
    ...team('docs', 'eve'),
    ...team('infra', 'joe', 'ann'),
    ...team('web', 'sue'),
    'site.yml': '- { name: one, hosts: a }\n- { name: two, hosts: b }\n- { name: three, hosts: c }\n',
  });
  const { status, stdout } = await init(directory, '--print');
  expect(status).toBe(0);
  expect(stdout).toContain('{ id: teams-people-members-exists, in: teams.people.members, of: people.github }');
  expect(stdout).toContain('people: { files: "people/*.toml" }');
  expect(stdout).not.toContain('site.yml');
});
