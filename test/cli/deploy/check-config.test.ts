import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { git } from '../../../src/snapshot/clone/git.ts';

let directory: string;
let path: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lanekeeper-config-'));
  path = join(directory, 'targets.yaml');
  await git(directory, 'init', '--quiet');
  await writeFile(path, 'targets: [{ repo: you/homelab }, { repo: you/old }, { repo: your-name/your-ops-repo }]\n');
  await git(directory, 'add', '.');
  await git(directory, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'a');
});

afterAll(() => rm(directory, { recursive: true }));

function run(...flags: string[]): Promise<{ code: number; output: string }> {
  const script = join(import.meta.dirname, '../../../cli/deploy/check-config.ts');
  const env = { ...process.env, DASHBOARD_TOKEN: 'a token', NODE_NO_WARNINGS: '1' };
  return new Promise((done) => {
    execFile(process.execPath, [script, path, ...flags], { env }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

test('a target that was taken out since the last commit is named, with what it leaves behind', async () => {
  await writeFile(path, 'targets: [{ repo: you/homelab }]\n');
  const { code, output } = await run();
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^you\/homelab \(main\): inbox dry-run\nyou\/old: no longer a target.*\n {2}→ .*--retire/),
  ]);
  expect(output).not.toContain('your-ops-repo');
});

test('the Worker is asked where there is one', async () => {
  const body = { targets: [{ repo: 'you/homelab' }], former: ['you/older'] };
  const server = await new Promise<ReturnType<typeof serve>>((done) => {
    const started = serve({ fetch: () => Response.json(body), hostname: '127.0.0.1', port: 0 }, () => done(started));
  });
  const address = server.address();
  const { output } = await run('--url', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  expect(output).toContain('you/older: no longer a target');
  await new Promise((done) => server.close(done));
});

test('a mistake ends it, with its line', async () => {
  await writeFile(path, 'targets:\n  - repo: homelab\n');
  expect(await run()).toEqual({ code: 1, output: expect.stringContaining('bindings/targets.yaml:2: targets.0.repo') });
});
