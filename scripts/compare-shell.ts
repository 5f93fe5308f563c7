/**
 * Runs the snippets of test/scripts/snippets in this machine's bash and in the engine and says where they differ.
 *   node scripts/compare-shell.ts [--record] [file or title part]…
 * `--record` writes what the real programs did into the snippet files: the tests hold the engine to it, where no bash 5 is needed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  EXECUTABLE,
  FIXTURE,
  parseSnippets,
  printSnippets,
  ROOT,
  runSnippet,
  type Snippet,
} from '../test/scripts/snippet.ts';

const FOLDER = join(import.meta.dirname, '../test/scripts/snippets');
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const records = process.argv.includes('--record');

function runReal(script: string): { status: number; output: string } {
  rmSync(dirname(ROOT), { recursive: true, force: true });
  mkdirSync(join(dirname(ROOT), 'home'), { recursive: true });
  for (const [path, text] of Object.entries({ ...FIXTURE, 'snippet.sh': script })) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text, { mode: EXECUTABLE.includes(path) ? 0o755 : 0o644 });
  }
  mkdirSync(join(ROOT, '.git'));
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: join(dirname(ROOT), 'home'),
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

let same = 0;
let different = 0;
for (const name of readdirSync(FOLDER).sort()) {
  const file = join(FOLDER, name);
  const snippets = parseSnippets(readFileSync(file, 'utf8'));
  const recorded: Snippet[] = [];
  for (const snippet of snippets) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part) || snippet.title.includes(part))) {
      recorded.push(snippet);
      continue;
    }
    const real = runReal(snippet.script);
    recorded.push({
      ...snippet,
      ...real,
      output: real.output === '' || real.output.endsWith('\n') ? real.output : `${real.output}\n`,
    });
    let ours: { status: number; output: string };
    try {
      const run = await runSnippet(snippet.script);
      ours = {
        status: run.limit ? -1 : run.status,
        output: run.output + run.needs.map(({ what }) => `needs ${what}\n`).join(''),
      };
    } catch (error) {
      ours = { status: -2, output: error instanceof Error ? (error.stack ?? '') : String(error) };
    }
    if (ours.status === real.status && ours.output === real.output) same++;
    else {
      different++;
      console.log(
        `=== ${name}: ${snippet.title}\n${snippet.script}--- real ${real.status}\n${real.output}--- ours ${ours.status}\n${ours.output}`,
      );
    }
  }
  if (records) writeFileSync(file, printSnippets(recorded));
}
console.log(`${same} the same, ${different} different`);
