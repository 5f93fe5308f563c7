/** Real bare repositories for tests: the same commits always get the same shas. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Path to content; null deletes the file. */
export type FileChanges = Record<string, string | Buffer | null>;

export interface ScratchCommit {
  files: FileChanges;
  message?: string;
  /** Default: `main`. */
  branch?: string;
  /** Default: a minute after the last commit, starting 2026-02-17T00:00:00Z. */
  date?: string;
  /** Default: the branch's tip. Null starts a history of its own. */
  parent?: string | null;
  /** Second parent, for a merge. */
  merge?: string;
  executable?: string[];
}

export interface ScratchRepository {
  readonly gitDir: string;
  /** Commits to a branch and returns the sha. */
  commit(files: FileChanges, options?: Omit<ScratchCommit, 'files'>): string;
  /** Many commits in one process; returns the shas. */
  commits(list: ScratchCommit[]): string[];
  git(...args: string[]): string;
  remove(): void;
}

const author = 'Ronny <ronny@example.com>';
const firstDate = Date.UTC(2026, 1, 17) / 1000;

function data(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

/** Creates an empty bare repository in a temporary folder. */
export function createScratchRepository(): ScratchRepository {
  const gitDir = mkdtempSync(join(tmpdir(), 'scratch-repository-'));
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const tips = new Map<string, string>();
  let made = 0;

  function run(args: string[], input?: Buffer): string {
    const options = { env, ...(input === undefined ? {} : { input }) };
    return execFileSync('git', [`--git-dir=${gitDir}`, ...args], options)
      .toString()
      .trim();
  }
  run(['init', '--quiet', '--bare', '--initial-branch=main']);

  function stream(commit: ScratchCommit, mark: number, parent: string | undefined): Buffer[] {
    made += 1;
    const seconds = commit.date === undefined ? firstDate + made * 60 : Date.parse(commit.date) / 1000;
    const parts: (string | Buffer)[] = [
      `commit refs/heads/${commit.branch ?? 'main'}\nmark :${mark}\ncommitter ${author} ${seconds} +0000\n`,
      data(commit.message ?? `Commit ${made}`),
    ];
    if (parent !== undefined) parts.push(`from ${parent}\n`);
    if (commit.merge !== undefined) parts.push(`merge ${commit.merge}\n`);
    for (const [path, content] of Object.entries(commit.files)) {
      const mode = commit.executable?.includes(path) === true ? '100755' : '100644';
      if (content === null) parts.push(`D ${path}\n`);
      else parts.push(`M ${mode} inline ${path}\n`, data(content));
    }
    return parts.map((part) => Buffer.from(part));
  }

  function commits(list: ScratchCommit[]): string[] {
    const input: Buffer[] = [];
    for (const [index, commit] of list.entries()) {
      const branch = commit.branch ?? 'main';
      if (commit.parent === null) input.push(Buffer.from(`reset refs/heads/${branch}\n`));
      const tip = commit.parent === null ? undefined : (commit.parent ?? tips.get(branch));
      for (const part of stream(commit, index + 1, tip)) input.push(part);
      tips.set(branch, `:${index + 1}`);
    }
    input.push(...list.map((_commit, index) => Buffer.from(`get-mark :${index + 1}\n`)));
    const output = run(['fast-import', '--quiet', '--force', '--cat-blob-fd=1'], Buffer.concat(input));
    const shas = output.split('\n');
    for (const [branch, tip] of tips) if (tip.startsWith(':')) tips.set(branch, shas[Number(tip.slice(1)) - 1] ?? '');
    return shas;
  }

  return {
    gitDir,
    commits,
    commit: (files, options = {}) => commits([{ ...options, files }])[0] ?? '',
    git: (...args) => run(args),
    remove: () => rmSync(gitDir, { recursive: true, force: true }),
  };
}
