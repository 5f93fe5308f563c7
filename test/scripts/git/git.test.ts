import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { CommandIo, CommandResult } from '../../../src/scripts/command.ts';
import { gitCommand } from '../../../src/scripts/git/git.ts';
import { UTC } from '../../../src/scripts/zone.ts';
import { directorySnapshot } from '../../../src/snapshot/clone/directory.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';

const ENVIRONMENT = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };

interface Fixture {
  readonly base: string;
  readonly root: string;
  readonly origin: string;
  readonly shas: readonly string[];
  readonly snapshot: Snapshot;
}

let fixture: Fixture;

function git(directory: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=Ronny', '-c', 'user.email=ronny@example.com'];
  return execFileSync('git', ['-C', directory, ...who, ...args], { env: ENVIRONMENT, stdio: 'pipe' }).toString();
}

function write(root: string, path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
}

beforeAll(async () => {
  const base = mkdtempSync(join(tmpdir(), 'git-command-'));
  const work = join(base, 'work');
  mkdirSync(work);
  git(work, 'init', '--quiet', '--initial-branch=main');
  const commit = (message: string, date: string) => {
    git(work, 'add', '-A');
    git(work, 'commit', '--quiet', '-m', message, `--date=${date}`);
    return git(work, 'rev-parse', 'HEAD').trim();
  };
  write(work, '.gitignore', 'logs/\n*.tmp\n!keep.tmp\n/only-here\n');
  write(work, 'ops/bindings/hosts.yaml', 'hosts: [core]\n# Core is first\n');
  write(work, 'ops/bin/run.sh', '#!/bin/sh\n', 0o755);
  write(work, 'docs/read me.md', '# Read me\nsee core\n');
  write(work, 'docs/über.md', 'umlaut\n');
  symlinkSync('hosts.yaml', join(work, 'ops/bindings/link.yaml'));
  const first = commit('The first', '2026-01-01T09:05:07+0000');
  write(work, 'ops/bindings/hosts.yaml', 'hosts: [core, edge]\n# Core is first\n');
  const second = commit('Edge\njoins\n\nIt was time.\n\nGate-Mutation: capability', '2026-01-15T23:30:00-0530');
  write(work, 'docs/.gitignore', '*.log\n');
  const third = commit('Docs ignore logs', '2026-02-03T12:00:00+0200');
  git(base, 'clone', '--quiet', work, 'clone');
  const root = join(base, 'clone');
  const snapshot = await directorySnapshot(join(root, '.git'), 'HEAD');
  fixture = { base, root, origin: work, shas: [first, second, third], snapshot };
});
afterAll(() => rmSync(fixture.base, { recursive: true, force: true }));

const unchanged = async () => ({ changed: [], made: [] });

interface Asked extends CommandResult {
  readonly needs: readonly string[];
}

async function ask(line: string, folder = '', stdin = ''): Promise<Asked> {
  const { root, snapshot, origin } = fixture;
  const needs: string[] = [];
  const command = gitCommand([
    { root, snapshot, branch: 'main', remotes: new Map([['origin', origin]]), changes: unchanged },
  ]);
  const result = await command(argumentsOf(line), {
    cwd: join(root, folder),
    env: new Map(),
    stdin,
    now: Date.now,
    localZone: () => UTC,
    async readFile(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    needs: (what) => needs.push(what),
  });
  return { ...result, needs };
}

/** A call in a folder that reads no file; what it needs is added to `needs`. */
function callIn(cwd: string, needs: string[] = []): CommandIo {
  return {
    cwd,
    env: new Map(),
    stdin: '',
    now: Date.now,
    localZone: () => UTC,
    readFile: async () => null,
    needs: (what) => needs.push(what),
  };
}

/** `$1`, `$2`, `$3` are the commits, oldest first; quotes keep blanks. */
function argumentsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  return words.map((word) =>
    word.replace(/\$(\d)/g, (_, place: string) => fixture.shas[Number(place) - 1] ?? '').replace('$ROOT', fixture.root),
  );
}

const INVOCATIONS = `
rev-parse HEAD
rev-parse --show-toplevel
rev-parse --is-inside-work-tree
rev-parse --git-dir
rev-parse --show-prefix
rev-parse --show-cdup
rev-parse --short HEAD
rev-parse --short=12 HEAD
rev-parse --abbrev-ref HEAD
rev-parse --verify HEAD
rev-parse --verify --quiet HEAD
rev-parse --verify HEAD^{commit}
rev-parse main
rev-parse origin/main
rev-parse --verify --quiet refs/heads/main
rev-parse --verify --quiet refs/remotes/origin/main
rev-parse $1
rev-parse $2^{commit}
rev-parse HEAD:ops/bin/run.sh
rev-parse --verify --quiet HEAD:nowhere
rev-parse --show-toplevel HEAD
rev-parse --abbrev-ref @{u}
-C ops rev-parse --show-prefix
-C $ROOT/docs rev-parse --show-toplevel
merge-base --is-ancestor $1 HEAD
merge-base --is-ancestor HEAD $3
merge-base --is-ancestor origin/main HEAD
merge-base $2 HEAD
merge-base HEAD origin/main
diff --quiet
diff --cached --quiet
diff --name-only
diff --cached --name-only --diff-filter=ACM
diff --quiet HEAD -- ops
diff --name-only origin/main...HEAD
diff --stat -- docs
status --porcelain
status --porcelain=v1
status --short
status -sb
status
branch --show-current
branch
symbolic-ref HEAD
symbolic-ref --short HEAD
show-ref --verify refs/heads/main
show-ref --verify --quiet refs/heads/main
remote
remote -v
remote get-url origin
remote get-url github
worktree list --porcelain
config --get core.bare
config core.filemode
config --get remote.origin.url
ls-files
ls-files ops
ls-files -- ops/bin docs
ls-files "*.md"
ls-files "*.yaml"
ls-files "ops/*.sh"
ls-files ":!docs"
ls-files -s
ls-files --others --exclude-standard
ls-files --others
ls-files -m
ls-files --error-unmatch ops/bin/run.sh
ls-files --error-unmatch nowhere.sh
ls-files -z docs
ls-files nowhere
ls-tree -r --name-only HEAD
ls-tree --name-only HEAD
ls-tree --name-only HEAD ops/
ls-tree -r HEAD
ls-tree -r --name-only HEAD docs
ls-tree HEAD .gitignore
cat-file -e HEAD
cat-file -e HEAD:ops/bin/run.sh
cat-file -e HEAD:nowhere
cat-file -t HEAD
cat-file -t HEAD:ops/bin/run.sh
cat-file -p HEAD:ops/bindings/hosts.yaml
cat-file -s HEAD:ops/bindings/hosts.yaml
cat-file -e $2^{commit}
show HEAD:ops/bindings/hosts.yaml
show HEAD:nowhere.yaml
show :ops/bindings/hosts.yaml
show :nowhere.yaml
cat-file -p :ops/bin/run.sh
rev-parse :ops/bin/run.sh
check-ignore logs/today
check-ignore -q a.tmp
check-ignore keep.tmp
check-ignore deep/b.tmp deep/keep.tmp docs/x.log x.log only-here ops/only-here
check-ignore ops/bin/run.sh
check-ignore . ops docs
check-ignore -q a.tmp b.tmp
check-ignore --stdin a.tmp
check-ignore ""
log -1 --format=%H
log -1 --pretty=format:%h
log $1..HEAD --format=%H -- ops
log --format=%s $1..HEAD -- ops/bindings/hosts.yaml
log --format=%h:%s $1..HEAD -- ops docs
log --format=%B $1..HEAD -- ops
log --format=%s%n%b%x09end $1..HEAD -- ops
log --pretty=format:%s $1..HEAD -- ops docs
log --oneline $1..HEAD -- docs
log -n 1 --format=%s $1.. -- ops docs
log --format=%s HEAD..HEAD
log --format=%s $3..HEAD -- ops
log
log -1
log -2 --format=%s
log -n 1 $2
log --format=%h,%an,%ae,%ad,%cn,%ce,%cd,%ct,%cI,%ci
log --format=%ai,%aI,%at,%as,%aD,%ad --date=short
log --date=iso-strict --format=%ad%x09%s
log --date=format:%Y/%m/%d,%H:%M:%S --format=%ad
log --date=unix --pretty=format:%ad
log --format=%P,%p -- ops
log -1 --format=%ct -- docs
log -1 --format=%cI -- nowhere
log -1 --date=raw --format=%ad -- ops/bindings/hosts.yaml
log --since=2026-01-10T00:00:00Z --format=%s
log --since=2001-01-01 --until=2002-01-01 --format=%s
log --after "3 days ago" --format=%s
log --before=now --oneline
log --reverse --format=%s $1..HEAD
log --format=%an $1..HEAD -- ops
log --no-merges --format=%s
log --format=%s -- ops docs
log -n 1 --format=%h -- docs ops/bindings/hosts.yaml
rev-list --count HEAD
rev-list --count $1..HEAD
rev-list -n 1 HEAD -- ops
rev-list --left-right --count HEAD...@{u}
rev-list $1..HEAD -- ops docs
rev-list --count $1..HEAD -- ops
rev-list --count HEAD..origin/main
grep -n core
grep --untracked -l core
grep -l core
grep -il "CORE IS"
grep -c core
grep -q nothing-at-all
grep -q core -- docs
grep -h -E "core|umlaut" -- "*.md"
grep -L core
grep -w -n edge -- :/ops
`
  .trim()
  .split('\n');

describe.each(['', 'ops'])('in %j, real git says the same', (folder) => {
  test.each(INVOCATIONS)('git %s', async (line) => {
    const real = spawnSync('git', argumentsOf(line), { cwd: join(fixture.root, folder), env: ENVIRONMENT });
    const { stdout, exitCode, needs } = await ask(line, folder);
    expect(needs).toEqual([]);
    expect(stdout).toBe(real.stdout.toString());
    expect(exitCode).toBe(real.status);
  });
});

test('git check-ignore takes paths from its input, too', async () => {
  const input = 'logs/today\nkeep.tmp\n\nops/bin/run.sh\ndeep/b.tmp\n';
  const real = spawnSync('git', ['check-ignore', '--stdin'], { cwd: fixture.root, env: ENVIRONMENT, input });
  const { stdout, exitCode, needs } = await ask('check-ignore --stdin', '', input);
  expect({ stdout, exitCode, needs }).toEqual({ stdout: real.stdout.toString(), exitCode: real.status, needs: [] });
});

describe('what a snapshot cannot know is a need', () => {
  test.each([
    'fetch --prune origin main',
    'push',
    'ls-remote origin HEAD',
    'branch -d old',
    'commit -m x',
    'log --format=%ar',
    'log --all --format=%s',
    'log -S core --format=%s',
    'log --since=yesterday --format=%s',
    'log --date=relative --format=%ad',
    'log --author=Ronny --format=%s',
    'log --format=%D -1',
    'log --name-only --format=%h',
    'rev-list --all --count',
    'log -p $1..HEAD -- ops',
    'diff --name-only $1 HEAD',
    'diff $1..HEAD',
    'rev-parse --verify --quiet refs/heads/other',
    'rev-parse no-such-branch',
    'show HEAD',
    'config --get user.email',
    'config --get core.hooksPath',
    'config --local core.autocrlf',
    'rev-parse --is-shallow-repository',
    '-c core.quotePath=false ls-files',
    'stash list',
    'grep core HEAD',
    '-C / status --porcelain',
    'ls-files --no-such-option',
    'cat-file -e $1:ops/bin/run.sh',
  ])('git %s', async (line) => {
    const { needs, exitCode } = await ask(line);
    expect(needs).toHaveLength(1);
    expect(exitCode).not.toBe(0);
  });
});

test('the message of a commit that was listed before is known', async () => {
  const { root, snapshot, shas } = fixture;
  const needs: string[] = [];
  const io = callIn(root, needs);
  const command = gitCommand([{ root, snapshot, branch: 'main', remotes: null, changes: unchanged }]);
  await command(['log', '--format=%H', `${shas[0]}..HEAD`, '--', 'ops'], io);
  for (const format of ['%h %s', '%B']) {
    const args = ['log', '-1', `--format=${format}`, shas[1] ?? ''];
    expect(await command(args, io)).toMatchObject({ stdout: git(root, ...args), exitCode: 0 });
  }
  expect(needs).toEqual([]);
});

test('scratch folders are no repositories', async () => {
  const command = gitCommand([
    {
      root: '/code/spine',
      snapshot: memorySnapshot({ files: {}, sha: 'a'.repeat(40) }),
      branch: null,
      remotes: null,
      changes: unchanged,
    },
  ]);
  const needs: string[] = [];
  const io = callIn('/tmp/x', needs);
  expect(await command(['rev-parse', '--show-toplevel'], io)).toMatchObject({ exitCode: 128, stdout: '' });
  expect(needs).toEqual([]);
  expect(await command(['branch', '--show-current'], { ...io, cwd: '/code/spine' })).toMatchObject({ exitCode: 128 });
  expect(needs).toEqual(['git name of the branch']);
});

describe('where branches were joined', () => {
  let work: string;
  let snapshot: Snapshot;
  const shas: string[] = [];
  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'git-merges-'));
    git(work, 'init', '--quiet', '--initial-branch=main');
    const commit = (path: string) => {
      write(work, path, `${shas.length}\n`);
      git(work, 'add', '-A');
      git(work, 'commit', '--quiet', '-m', `change ${path}`);
      shas.push(git(work, 'rev-parse', 'HEAD').trim());
    };
    for (const path of ['a', 'b']) commit(path);
    git(work, 'checkout', '--quiet', '-b', 'side', shas[0] ?? '');
    commit('c');
    git(work, 'checkout', '--quiet', 'main');
    commit('a');
    git(work, 'merge', '--quiet', '--no-edit', 'side');
    commit('d');
    snapshot = await directorySnapshot(work, 'HEAD');
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test.each([0, 1, 2, 3, 4])('what HEAD has beyond commit %d is what git says', async (index) => {
    const command = gitCommand([{ root: work, snapshot, branch: 'main', remotes: null, changes: unchanged }]);
    const io = callIn(work);
    for (const args of [
      ['rev-list', '--count', `${shas[index]}..HEAD`],
      ['log', '--format=%H %P', `${shas[index]}..HEAD`],
      ['log', '--merges', '--format=%h %p', `${shas[index]}..HEAD`],
      ['log', '--format=%H', '--', 'b', 'c'],
      ['log', '--format=%H', '--', 'a', 'c'],
      ['log', '-n', '2', '--format=%H', '--', 'a', 'b', 'c'],
    ]) {
      expect(await command(args, io)).toMatchObject({ stdout: git(work, ...args), exitCode: 0 });
    }
  });

  test('a history that may lack merges is not taken for the whole', async () => {
    const lacking: Snapshot = {
      ...snapshot,
      history: async (query) => ({ ...(await snapshot.history(query)), mayLackMerges: true }),
    };
    const command = gitCommand([{ root: work, snapshot: lacking, branch: 'main', remotes: null, changes: unchanged }]);
    const needs: string[] = [];
    const io = callIn(work, needs);
    await command(['log', '--format=%H', `${shas[0]}..HEAD`, '--', 'a', 'c'], io);
    expect(needs).toEqual(['git log of several paths across merges, which GitHub does not tell']);
  });
});
