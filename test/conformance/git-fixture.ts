/** Builds real git repositories out of named commits, with every mode, name and byte that git allows. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileMode } from '../../src/core/snapshot.ts';

export interface FixtureFile {
  readonly mode: FileMode;
  /** A submodule's is the sha it points at. */
  readonly content: string | Uint8Array;
}

export interface FixtureCommit {
  readonly name: string;
  /** Null deletes; a bare text is a plain file. */
  readonly files: Readonly<Record<string, FixtureFile | string | null>>;
  /** Default: `main`. */
  readonly branch?: string;
  /** A commit's name. Default: the branch's latest commit. Null: a history of its own. */
  readonly from?: string | null;
  readonly merge?: string;
  readonly message?: string;
  /** Who wrote it, where it is not Ronny. */
  readonly author?: string;
  /** Seconds after the first commit. Default: a minute after the one before. */
  readonly at?: number;
}

export interface GitFixture {
  /** A bare repository. */
  readonly gitDir: string;
  sha(name: string): string;
  git(...args: string[]): string;
  remove(): void;
}

const FIRST = Date.UTC(2026, 1, 17) / 1000;
const ENVIRONMENT = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

/** Runs git without anybody's configuration. */
export function runGit(directory: string, ...args: string[]): string {
  const fixed = ['-c', 'user.name=Ronny', '-c', 'user.email=ronny@example.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', ['-C', directory, ...fixed, ...args], { env: ENVIRONMENT, stdio: 'pipe' }).toString();
}

/** Makes all commits in one process. The same commits always get the same shas. */
export function createGitFixture(commits: readonly FixtureCommit[]): GitFixture {
  const gitDir = mkdtempSync(join(tmpdir(), 'snapshot-fixture-'));
  runGit(gitDir, 'init', '--quiet', '--bare', '--initial-branch=main');
  const marks = new Map(commits.map(({ name }, index) => [name, `:${index + 1}`]));
  const asked = commits.map((_commit, index) => Buffer.from(`get-mark :${index + 1}\n`));
  const input = Buffer.concat([...commits.flatMap((commit, index) => stream(commit, index, marks)), ...asked]);
  const args = ['-C', gitDir, 'fast-import', '--quiet', '--force', '--cat-blob-fd=1'];
  const shas = execFileSync('git', args, { env: ENVIRONMENT, input }).toString().split('\n');
  const byName = new Map(commits.map(({ name }, index) => [name, shas[index] ?? '']));
  return {
    gitDir,
    sha(name) {
      const sha = byName.get(name);
      if (!sha) throw new Error(`no commit ${name}`);
      return sha;
    },
    git: (...args) => runGit(gitDir, ...args).trim(),
    remove: () => rmSync(gitDir, { recursive: true, force: true }),
  };
}

function stream(commit: FixtureCommit, index: number, marks: ReadonlyMap<string, string>): readonly Buffer[] {
  const { branch = 'main', from, merge, files, message = `${commit.name}\n`, at = index * 60, author } = commit;
  const by = author === undefined ? '' : `author ${author} <someone@example.com> ${FIRST + at} +0000\n`;
  const head = `commit refs/heads/${branch}\nmark :${index + 1}\n${by}committer Ronny <ronny@example.com> ${FIRST + at} +0000\n`;
  const parts: (string | Buffer)[] = from === null ? [`reset refs/heads/${branch}\n`] : [];
  parts.push(head, data(message));
  if (typeof from === 'string') parts.push(`from ${marks.get(from)}\n`);
  if (merge !== undefined) parts.push(`merge ${marks.get(merge)}\n`);
  for (const [path, file] of Object.entries(files)) {
    const { mode, content } = typeof file === 'string' ? { mode: '100644', content: file } : (file ?? {});
    if (mode === undefined || content === undefined) parts.push(`D ${quote(path)}\n`);
    else if (mode === '160000') parts.push(`M 160000 ${content} ${quote(path)}\n`);
    else parts.push(`M ${mode} inline ${quote(path)}\n`, data(content));
  }
  return parts.map((part) => Buffer.from(part));
}

function data(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

function quote(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
