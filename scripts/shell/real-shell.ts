import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXECUTABLE, FIXTURE, ROOT } from '../../test/scripts/snippet.ts';

/** Lays out the files that snippets look at, and runs a script there by this machine's bash; both outputs in one, at the snippets' time. */
export function runReal(script: string): { status: number; output: string } {
  const base = dirname(ROOT);
  rmSync(base, { recursive: true, force: true });
  mkdirSync(join(base, 'home'), { recursive: true });
  for (const [path, text] of Object.entries({ ...FIXTURE, 'snippet.sh': script })) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text, { mode: EXECUTABLE.includes(path) ? 0o755 : 0o644 });
  }
  mkdirSync(join(ROOT, '.git'));
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: join(base, 'home'),
    USER: 'auditor',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    LD_PRELOAD: '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
    FAKETIME: '@2026-02-18 01:00:00',
  };
  const ended = spawnSync('/bin/bash', ['-c', `exec bash ${ROOT}/snippet.sh 2>&1`], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
  });
  return { status: ended.status ?? -1, output: ended.stdout.toString('utf8') };
}
