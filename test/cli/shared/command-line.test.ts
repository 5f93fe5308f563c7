import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAbsent, readCommandLine, readFlags } from '../../../cli/shared/command-line.ts';

const CLI = join(import.meta.dirname, '../../../cli');
const COMMANDS = (await readdir(CLI)).filter((folder) => folder !== 'shared');

function run(command: string, ...args: readonly string[]) {
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [join(CLI, command, `${command}.ts`), ...args], (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

describe.each(COMMANDS)('%s', (command) => {
  test('--help prints how it is used, and runs nothing', async () => {
    const { status, stdout, stderr } = await run(command, '--help');
    expect(stdout).toMatch(/^usage: npm (?:run|start) ?/);
    expect({ status, errors: stderr.replace(/^.*ExperimentalWarning[\s\S]*/m, '') }).toEqual({ status: 0, errors: '' });
  });
});

test('an unknown flag ends with 2, the nearest known one, and where to read on', async () => {
  const { status, stdout, stderr } = await run('doctor', '--read-onyl');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain("Unknown option '--read-onyl'. Did you mean --read-only?");
  expect(stderr).toContain('--help says what each flag does.');
});

test('a flag that wants a value says so when there is none', () => {
  expect(() => readCommandLine(['--at'], { at: { type: 'string' } })).toThrow("Option '--at <value>' argument missing");
});

test('a place that is said to be absent is one', () => {
  expect(readAbsent(['/mnt/pool', '~/.config'])).toEqual(['/mnt/pool', '~/.config']);
  expect(() => readAbsent(['pool'])).toThrow('--absent pool: must be an absolute path');
});

test('a command of flags alone takes nothing else', () => {
  expect(() => readFlags(['homelab'], { yes: { type: 'boolean' } })).toThrow('homelab is not a flag.');
});
