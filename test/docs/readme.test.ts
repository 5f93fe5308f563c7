import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSampleOpsRepo } from '../../cli/demo/sample-ops-repo.ts';
import manifest from '../../package.json' with { type: 'json' };
import { type GitHubSimulator, startGitHubSimulator } from '../../simulator/server.ts';
import { git } from '../../src/snapshot/clone/git.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** A block of commands that a page says is tested. */
interface Block {
  readonly page: string;
  readonly commands: string;
  readonly exit: number;
}

/** Every `sh` block after `<!-- tested -->`, or `<!-- tested exit=1 -->` where that is how it ends. */
async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(PROJECT, page), 'utf8').catch(() => '');
  const found = text.matchAll(/<!-- tested(?: exit=(\d))? -->\s*```sh\n([\s\S]*?)```/g);
  return [...found].map(([, exit = '0', commands = '']) => ({ page, commands, exit: Number(exit) }));
}

const docs = (await readdir(join(PROJECT, 'docs')))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...docs];
const blocks = (await Promise.all(pages.map(blocksOf))).flat();

let home: string;
let clone: string;
let simulator: GitHubSimulator;
let env: NodeJS.ProcessEnv;

/** A fresh copy of the project, an ops repo at `~/code/my-ops-repo`, and a GitHub that has both. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lanekeeper-readme-'));
  clone = join(home, 'lanekeeper');
  const files = (await git(PROJECT, 'ls-files', '-z')).split('\0').filter((file) => file !== '');
  for (const folder of new Set(files.map((file) => dirname(file))))
    await mkdir(join(clone, folder), { recursive: true });
  // What somebody is deleting just now is not missed.
  await Promise.all(files.map((file) => copyFile(join(PROJECT, file), join(clone, file)).catch(() => {})));
  await symlink(join(PROJECT, 'node_modules'), join(clone, 'node_modules'), 'dir');
  const sample = await buildSampleOpsRepo(join(home, 'build'), { now: new Date() });
  await mkdir(join(home, 'code'));
  await rename(sample.dir, join(home, 'code/my-ops-repo'));
  const gitDir = join(home, 'code/my-ops-repo/.git');
  const roles = { 'lanekeeper-bot': 'write' } as const;
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'your-name', name: 'your-ops-repo', gitDir, roles },
      { owner: 'your-name', name: 'workbench', gitDir: join(sample.workbenchDir, '.git') },
    ],
  });
  env = {
    ...process.env,
    HOME: home,
    PATH: `${join(PROJECT, 'node_modules/.bin')}:${process.env.PATH}`,
    NO_COLOR: '1',
    GITHUB_API_URL: simulator.url,
    GITHUB_TOKEN: simulator.token,
  };
}, 60_000);

afterAll(async () => {
  await simulator.close();
  await rm(home, { recursive: true, force: true });
});

/** What stands in for a command that cannot run inside of a test. */
const INSTEAD: Readonly<Record<string, string>> = {
  // Over the network and half a gigabyte: the lock file is held against package.json and what is installed.
  'npm ci': 'npm ci --dry-run --offline --ignore-scripts --no-audit --no-fund',
  // That is what runs here.
  'npm test': 'test "$(npm pkg get scripts.test)" = \'"vitest run"\'',
};
/** Never ends by itself: it is stopped once it has shown a night. */
const STARTS = 'npm start';

async function run(commands: string): Promise<{ code: number; output: string }> {
  const lines = commands.split('\n').map((line) => INSTEAD[line.replace(/\s+#.*/, '').trim()] ?? line);
  const script = lines.filter((line) => !line.startsWith(STARTS)).join('\n');
  return new Promise((done) => {
    execFile('sh', ['-e', '-c', script], { cwd: clone, env }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr });
    });
  });
}

/** Starts the demo as `npm start` does and stops it when the first night is there. */
async function start(): Promise<string> {
  const [, ...args] = manifest.scripts.start.split(' ');
  const child = spawn(process.execPath, args, {
    cwd: clone,
    env: { ...env, GITHUB_API_URL: undefined, GITHUB_TOKEN: undefined },
  });
  const ended = new Promise((done) => child.once('exit', done));
  let output = '';
  const isThere = new Promise<void>((done) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (/\b\d+\/\d+\b/.test(output)) done();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  await Promise.race([isThere, ended]);
  child.kill('SIGTERM');
  await ended;
  return output;
}

describe('commands that the pages show', () => {
  test('there are some, and the README has the first of them', () => {
    expect(blocks[0]?.page).toBe('README.md');
    expect(blocks.some(({ commands }) => commands.includes('npm ci'))).toBe(true);
  });

  test.each(blocks.map((block) => [`${block.page}: ${block.commands.trim().replaceAll('\n', '; ')}`, block] as const))(
    '%s',
    async (_, { commands, exit }) => {
      const { code, output } = await run(commands);
      expect(code, output).toBe(exit);
      if (commands.includes(STARTS)) expect(await start()).toMatch(/\d+\/\d+/);
    },
  );

  test('every script that they name exists', async () => {
    for (const page of pages) {
      const text = await readFile(join(PROJECT, page), 'utf8').catch(() => '');
      const named = [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
      expect([page, named.filter((name) => !(name in manifest.scripts))]).toEqual([page, []]);
    }
  });
});
