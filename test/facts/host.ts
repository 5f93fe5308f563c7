import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const FACTS = join(import.meta.dirname, '../../scripts/facts');

/** A fresh machine has Node, npm and git; what a script needs beyond is tested where it is there, as it is in CI. */
export function has(...programs: readonly string[]): boolean {
  return programs.every((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0);
}

export interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine called `pve` with commands that print what a test wants. */
export interface Host {
  /** A folder for files of the test. */
  readonly directory: string;
  /** Replaces a command by the text of a shell script. */
  command(name: string, script: string): Promise<void>;
  run(
    script: string,
    args?: readonly string[],
    environment?: NodeJS.ProcessEnv,
    shell?: readonly string[],
  ): Promise<Outcome>;
  /** The rows that a script prints; fails where the script does. */
  rows(script: string, ...args: readonly string[]): Promise<readonly unknown[]>;
  remove(): Promise<void>;
}

export async function createHost(): Promise<Host> {
  const directory = await mkdtemp(join(tmpdir(), 'lanekeeper-facts-'));
  const bin = join(directory, 'bin');
  await mkdir(bin);
  const host: Host = {
    directory,
    async command(name, script) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, name), 0o755);
    },
    run(script, args = [], environment = {}, [program = 'sh', ...words] = ['sh']) {
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, ...environment };
      return new Promise((resolve) => {
        execFile(program, [...words, join(FACTS, script), ...args], { env }, (error, stdout, stderr) =>
          resolve({ code: error?.code ?? 0, stdout, stderr }),
        );
      });
    },
    async rows(script, ...args) {
      const { code, stdout, stderr } = await host.run(script, args);
      if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`);
      return rowsIn(stdout);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  await host.command('uname', 'echo pve.lan');
  return host;
}

/** One JSON object a line. */
function rowsIn(stdout: string): readonly unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
