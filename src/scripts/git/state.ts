import type { CommandResult } from '../command.ts';
import { BeyondGit, failed, type GitCall, linesOf, mustBeClean, mustBeCommitted, printed } from './checkout.ts';
import { mustHaveNothingNew, only, split } from './files.ts';
import { admitsAny, pathspec } from './pathspec.ts';
import { commitNamed } from './revisions.ts';

function branchOf({ checkout }: GitCall): string {
  if (checkout.branch === null) throw new BeyondGit('name of the branch');
  return checkout.branch;
}

function remotesOf({ checkout }: GitCall): ReadonlyMap<string, string> {
  if (checkout.remotes === null) throw new BeyondGit('remotes');
  return checkout.remotes;
}

const STATUS =
  '--porcelain --porcelain=v1 -s --short -b --branch -z -u -uno -uall -unormal --untracked-files --untracked-files=no --untracked-files=all --untracked-files=normal --ignore-submodules'.split(
    ' ',
  );

function lettersOf(option: string): readonly string[] {
  return [...option.slice(1)].map((letter) => `-${letter}`);
}

/** `git status`: a fresh clone is clean as long as the script changes nothing. */
export async function status(args: readonly string[], call: GitCall): Promise<CommandResult> {
  await mustBeClean(call, 'status', () => true);
  await mustHaveNothingNew(call, 'status', () => true);
  const options = split(args).options.flatMap((option) => (/^-[sbz]{2,}$/.test(option) ? lettersOf(option) : [option]));
  only(options, STATUS, 'status');
  const has = (...names: readonly string[]) => names.some((name) => options.includes(name));
  if (has('--porcelain', '--porcelain=v1', '-s', '--short', '-z')) {
    return printed(has('-b', '--branch') ? `## ${branchOf(call)}...origin/${branchOf(call)}\n` : '');
  }
  const branch = branchOf(call);
  const lines = [
    `On branch ${branch}`,
    `Your branch is up to date with 'origin/${branch}'.`,
    '',
    'nothing to commit, working tree clean',
  ];
  return printed(linesOf(lines));
}

const SAYS_HOW =
  /^(?:--quiet|-q|--exit-code|--name-only|--name-status|--stat|--numstat|--shortstat|--summary|--check|-z|-p|-u|-w|--no-color|--color=never|--no-ext-diff|--cached|--staged|--diff-filter=\w+|--raw|-U\d+|--unified=\d+|--ignore-\S+|--no-renames)$/;

/** `git diff` of a fresh clone with itself: nothing, unless the script changed it. Between commits a snapshot cannot tell. */
export async function diff(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const paths = end < 0 ? before.filter((arg) => isTracked(call, arg)) : args.slice(end + 1);
  const specs = paths.map((path) => pathspec(call, path));
  const isAboutIndex = before.includes('--cached') || before.includes('--staged');
  const mustHold = isAboutIndex ? mustBeCommitted : mustBeClean;
  await mustHold(call, 'diff', specs.length === 0 ? () => true : admitsAny(call, specs));
  for (const arg of before) {
    if (SAYS_HOW.test(arg)) continue;
    if (arg.startsWith('-')) throw new BeyondGit(`diff ${arg}`);
    if (end < 0 && isTracked(call, arg)) continue;
    for (const revision of arg.split(/\.{2,3}/)) {
      if (revision !== '' && (await commitNamed(call, revision)) !== call.head)
        throw new BeyondGit(`diff with ${revision}`);
    }
  }
  return printed('');
}

function isTracked({ checkout, prefix }: GitCall, path: string): boolean {
  const full = `${prefix}${path.replace(/\/$/, '')}`;
  if (checkout.snapshot.entries.has(full)) return true;
  return [...checkout.snapshot.entries.keys()].some((known) => known.startsWith(`${full}/`));
}

/** `git branch`: the one that a fresh clone has. */
export function branch(args: readonly string[], call: GitCall): CommandResult {
  if (args.length === 1 && args[0] === '--show-current') return printed(`${branchOf(call)}\n`);
  if (args.length === 0) return printed(`* ${branchOf(call)}\n`);
  throw new BeyondGit(`branch ${args.join(' ')}`);
}

export function symbolicRef(args: readonly string[], call: GitCall): CommandResult {
  const { options, operands } = split(args);
  only(options, ['--short', '-q', '--quiet'], 'symbolic-ref');
  if (operands.length !== 1 || operands[0] !== 'HEAD') throw new BeyondGit(`symbolic-ref ${operands.join(' ')}`);
  return printed(options.includes('--short') ? `${branchOf(call)}\n` : `refs/heads/${branchOf(call)}\n`);
}

export async function showRef(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const { options, operands } = split(args);
  only(options, ['--verify', '--quiet', '-q'], 'show-ref');
  if (!options.includes('--verify')) throw new BeyondGit('show-ref without --verify');
  const lines: string[] = [];
  for (const name of operands) lines.push(`${await commitNamed(call, name)} ${name}`);
  return printed(options.some((option) => option !== '--verify') ? '' : linesOf(lines));
}

/** `git remote`, `-v`, `get-url`. */
export function remote(args: readonly string[], call: GitCall): CommandResult {
  const remotes = remotesOf(call);
  const [how, name = '', ...more] = args;
  const names = [...remotes.keys()].sort();
  if (how === undefined) return printed(linesOf(names));
  if (how === '-v' && args.length === 1) {
    return printed(
      linesOf(
        names.flatMap((each) => [`${each}\t${remotes.get(each)} (fetch)`, `${each}\t${remotes.get(each)} (push)`]),
      ),
    );
  }
  if (how !== 'get-url' || more.length > 0 || name.startsWith('-')) throw new BeyondGit(`remote ${args.join(' ')}`);
  const url = remotes.get(name);
  return url === undefined ? failed(`error: No such remote '${name}'`, 2) : printed(`${url}\n`);
}

export function worktree(args: readonly string[], call: GitCall): CommandResult {
  const [how, ...options] = args;
  if (how !== 'list') throw new BeyondGit(`worktree ${how ?? ''}`);
  only(options, ['--porcelain'], 'worktree list');
  const { root } = call.checkout;
  if (options.length === 0) return printed(`${root}  ${call.head.slice(0, 7)} [${branchOf(call)}]\n`);
  return printed(`worktree ${root}\nHEAD ${call.head}\nbranch refs/heads/${branchOf(call)}\n\n`);
}

/** What a fresh clone's configuration holds of its own. */
const OWN: Readonly<Record<string, string>> = {
  'core.repositoryformatversion': '0',
  'core.filemode': 'true',
  'core.bare': 'false',
  'core.logallrefupdates': 'true',
};

/** `git config --get` of plain values. What a user's own configuration could hold is not known. */
export function config(args: readonly string[], call: GitCall): CommandResult {
  const [first, ...rest] = args.filter((arg) => arg !== '--local');
  const name = first === '--get' || first === 'get' ? rest[0] : first;
  if (name === undefined || name.startsWith('-') || (first === name && rest.length > 0))
    throw new BeyondGit(`config ${args.join(' ')}`);
  const key = name.toLowerCase();
  const remote = /^remote\.(.+)\.url$/.exec(name)?.[1];
  const value = remote === undefined ? OWN[key] : remotesOf(call).get(remote);
  if (value !== undefined) return printed(`${value}\n`);
  // Hooks and line endings are set in each clone, and a user may have set anything.
  if (remote === undefined) throw new BeyondGit(`config ${name}`);
  return printed('', 1);
}
