import type { Commit } from '../../core/snapshot.ts';
import type { Command, CommandIo, CommandResult } from '../command.ts';
import { absolute } from '../shell/file-system.ts';
import {
  BeyondGit,
  committedTextAt,
  failed,
  type GitCheckout,
  mustBeClean,
  printed,
  type Subcommand,
} from './checkout.ts';
import { catFile, checkIgnore, lsFiles, lsTree } from './files.ts';
import { grep } from './grep.ts';
import { log, revList } from './log.ts';
import { hasFolder, mergeBase, noSuchPath, pathNamed, revParse } from './revisions.ts';
import { branch, config, diff, remote, showRef, status, symbolicRef, worktree } from './state.ts';

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  ['branch', branch],
  ['cat-file', catFile],
  ['check-ignore', checkIgnore],
  ['config', config],
  ['diff', diff],
  ['grep', grep],
  ['log', log],
  ['ls-files', lsFiles],
  ['ls-tree', lsTree],
  ['merge-base', mergeBase],
  ['remote', remote],
  ['rev-list', revList],
  ['rev-parse', revParse],
  ['show', show],
  ['show-ref', showRef],
  ['status', status],
  ['symbolic-ref', symbolicRef],
  ['update-index', updateIndex],
  ['worktree', worktree],
]);
/** Exit status for what is not known here, and git's own for what went wrong. */
const FATAL = 128;

/**
 * `git` for scripts of an audited repo, answered from snapshots: each checkout is a clean, fresh clone of its commit.
 * It reads only. What it cannot know, and what would write or use the network, is recorded as a need and fails.
 */
export function gitCommand(checkouts: readonly GitCheckout[]): Command {
  const listed = new Map<string, Commit>();
  return async (args, io) => {
    try {
      return await answer(args, io, checkouts, listed);
    } catch (error) {
      if (!(error instanceof BeyondGit)) throw error;
      io.needs(`git ${error.message}`, error.isPassing);
      return failed(`git: not known here: ${error.message}`, FATAL);
    }
  };
}

async function answer(
  args: readonly string[],
  io: CommandIo,
  checkouts: readonly GitCheckout[],
  listed: Map<string, Commit>,
): Promise<CommandResult> {
  const pending = [...args];
  let { cwd } = io;
  for (let option = pending[0]; option?.startsWith('-'); option = pending[0]) {
    pending.shift();
    if (option === '-C') cwd = absolute(cwd, pending.shift() ?? '');
    else if (option === '-c') mustBeHarmless(pending.shift() ?? '', checkouts);
    else if (option !== '--no-pager' && option !== '--no-optional-locks') throw new BeyondGit(option);
  }
  for (const variable of REDIRECTING) if (io.env.get(variable) !== undefined) throw new BeyondGit(`with ${variable}`);
  const [name, ...rest] = pending;
  const subcommand = SUBCOMMANDS.get(name ?? '');
  if (!subcommand) throw new BeyondGit(name ?? 'without a command');
  const checkout = checkouts.find(({ root }) => cwd === root || cwd.startsWith(`${root}/`));
  if (!checkout) return outside(cwd);
  if (!isFolder(checkout, cwd)) return failed(`fatal: cannot change to '${cwd}': No such file or directory`);
  const { sha } = checkout.snapshot;
  if (sha === null) throw new BeyondGit('state of a work tree with changes');
  const prefix = cwd === checkout.root ? '' : `${cwd.slice(checkout.root.length + 1)}/`;
  return subcommand(rest, { checkout, head: sha, cwd, prefix, io, listed });
}

/** Variables by which git looks elsewhere, or otherwise. */
const REDIRECTING =
  'GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_COMMON_DIR GIT_CONFIG GIT_CONFIG_COUNT GIT_NAMESPACE'.split(' ');

/** Settings that change nothing about what git says here. */
function mustBeHarmless(setting: string, checkouts: readonly GitCheckout[]): void {
  // It is about names that hold other letters than those of ASCII.
  if (/^core\.quotePath=(?:false|off|no|0)$/i.test(setting) && checkouts.every(hasPlainNames)) return;
  if (!/^(?:safe\.|advice\.|color\.|core\.(?:pager|fsmonitor|hooksPath|quotePath=true)|user\.|gc\.)/i.test(setting))
    throw new BeyondGit(`-c ${setting}`);
}

function hasPlainNames({ snapshot }: GitCheckout): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return [...snapshot.entries.keys()].every((path) => /^[\x00-\x7f]*$/.test(path));
}

function isFolder({ root, snapshot }: GitCheckout, cwd: string): boolean {
  if (cwd === root) return true;
  const below = `${cwd.slice(root.length + 1)}/`;
  return [...snapshot.entries.keys()].some((path) => path.startsWith(below));
}

/** Scratch folders are no repositories; of others nothing is known. */
function outside(cwd: string): CommandResult {
  if (!/^\/tmp(?:\/|$)/.test(cwd)) throw new BeyondGit(`in ${cwd}`);
  return failed('fatal: not a git repository (or any of the parent directories): .git');
}

/** `git show HEAD:path`; of commits only as `git log` can tell. */
async function show(...[args, call]: Parameters<Subcommand>): Promise<CommandResult> {
  const [revision, ...more] = args.filter((arg) => arg !== '--no-color');
  if (revision === undefined || more.length > 0 || revision.startsWith('-') || !revision.includes(':')) {
    throw new BeyondGit(`show ${args.join(' ')}`);
  }
  const path = await pathNamed(call, revision);
  const entry = path === null ? undefined : call.checkout.snapshot.entries.get(path);
  if (path === null || !entry) {
    if (path === null || hasFolder(call, path)) throw new BeyondGit(`show ${revision}`);
    return noSuchPath(call, path, revision);
  }
  if (entry.mode === '120000' || entry.mode === '160000') throw new BeyondGit(`show ${revision}`);
  return printed(await committedTextAt(call, path));
}

async function updateIndex(...[args, call]: Parameters<Subcommand>): Promise<CommandResult> {
  if (args.join(' ') !== '-q --refresh') throw new BeyondGit(`update-index ${args.join(' ')}`);
  await mustBeClean(call, 'update-index', () => true);
  return printed('');
}
