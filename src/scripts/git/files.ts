import type { TreeEntry } from '../../core/snapshot.ts';
import type { CommandResult } from '../command.ts';
import { linesOf as linesRead } from '../commands/inputs.ts';
import { ignoreRules, isIgnored } from '../commands/search/ignore.ts';
import {
  BeyondGit,
  committedTextAt,
  failed,
  type GitCall,
  linesOf,
  mustBeClean,
  mustBeCommitted,
  pathInRepo,
  printed,
  textAt,
} from './checkout.ts';
import { admitsAny, pathspec, shownPath } from './pathspec.ts';
import { commitNamed, hasFolder, noSuchPath, pathNamed } from './revisions.ts';

/** Splits off what follows `--`; before it, options and the first operands may stand mixed. */
export function split(args: readonly string[]): {
  readonly options: readonly string[];
  readonly operands: readonly string[];
} {
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const after = end < 0 ? [] : args.slice(end + 1);
  return {
    options: before.filter((arg) => arg.startsWith('-') && arg !== '-'),
    operands: [...before.filter((arg) => !arg.startsWith('-') || arg === '-'), ...after],
  };
}

export function only(options: readonly string[], known: readonly string[], name: string): void {
  const other = options.find((option) => !known.includes(option));
  if (other !== undefined) throw new BeyondGit(`${name} ${other}`);
}

const LS_FILES =
  '-z -c --cached -o --others -m --modified -d --deleted -s --stage --error-unmatch --full-name --exclude-standard -i --ignored --directory --no-empty-directory -u --unmerged'.split(
    ' ',
  );

/** `git ls-files`: the tracked files; nothing is untracked, changed or deleted but by the script itself. */
export async function lsFiles(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const { options, operands } = split(args);
  only(options, LS_FILES, 'ls-files');
  const specs = operands.map((operand) => pathspec(call, operand));
  const has = (...names: readonly string[]) => names.some((name) => options.includes(name));
  const { entries } = call.checkout.snapshot;
  const admits = admitsAny(call, specs);
  await mustBeCommitted(call, 'ls-files', admits);
  const paths = sorted([...entries.keys()].filter(admits));
  const unmatched = specs.find((spec) => !spec.isExcluding && !paths.some(spec.admits));
  if (has('--error-unmatch') && unmatched) {
    const message = `error: pathspec '${unmatched.written}' did not match any file(s) known to git\nDid you forget to 'git add'?`;
    return failed(message, 1);
  }
  if (has('-i', '--ignored')) throw new BeyondGit('ls-files --ignored');
  const asksForChanges = has('-o', '--others', '-m', '--modified', '-d', '--deleted');
  if (asksForChanges) {
    await mustBeClean(call, 'ls-files', admits);
    await mustHaveNothingNew(call, 'ls-files', admits);
  }
  if ((asksForChanges || has('-u', '--unmerged')) && !has('-c', '--cached')) return printed('');
  const shown = has('--full-name') ? { ...call, prefix: '' } : call;
  const lines = paths.map((path) => {
    const name = has('-z') ? path : shownPath(shown, path);
    return has('-s', '--stage') ? `${staged(entries.get(path))}\t${name}` : name;
  });
  return printed(has('-z') ? lines.map((line) => `${line}\0`).join('') : linesOf(lines));
}

function staged(entry: TreeEntry | undefined): string {
  if (!entry?.sha) throw new BeyondGit('blob of a file without one');
  return `${entry.mode} ${entry.sha} 0`;
}

/** In the order of bytes. */
export function sorted(paths: readonly string[]): readonly string[] {
  const encoder = new TextEncoder();
  const keyed = paths.map((path) => ({ path, bytes: encoder.encode(path) }));
  keyed.sort((one, other) => {
    const length = Math.min(one.bytes.length, other.bytes.length);
    for (let index = 0; index < length; index++) {
      const difference = (one.bytes[index] ?? 0) - (other.bytes[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return one.bytes.length - other.bytes.length;
  });
  return keyed.map(({ path }) => path);
}

const LS_TREE = '-r -z --name-only --name-status --full-name --full-tree'.split(' ');

/** `git ls-tree` of the commit that is checked out. */
export async function lsTree(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const { options, operands } = split(args);
  only(options, LS_TREE, 'ls-tree');
  const [revision = '', ...paths] = operands;
  const subtree = revision.includes(':') ? await pathNamed(call, revision) : null;
  if (subtree === null && (await commitNamed(call, revision)) !== call.head) throw new BeyondGit(`tree of ${revision}`);
  if (subtree !== null || paths.some((path) => /^\.\.?(?:\/|$)/.test(path)))
    throw new BeyondGit(`ls-tree ${args.join(' ')}`);
  const { entries } = call.checkout.snapshot;
  const isDeep = options.includes('-r');
  const namesOnly = options.includes('--name-only') || options.includes('--name-status');
  const base = options.includes('--full-tree') ? '' : call.prefix;
  const lines = new Map<string, string>();
  for (const path of sorted([...entries.keys()])) {
    const shown = isDeep ? fileIn(path, base, paths) : nameIn(path, base, paths);
    if (shown === null || lines.has(shown)) continue;
    const entry = entries.get(shown);
    if (!namesOnly && !entry?.sha) throw new BeyondGit('ls-tree of folders with their ids');
    const kind = entry?.mode === '160000' ? 'commit' : 'blob';
    const name = shownPath(
      options.includes('--full-name') ? { ...call, prefix: '' } : { ...call, prefix: base },
      shown,
    );
    lines.set(shown, namesOnly ? name : `${entry?.mode} ${kind} ${entry?.sha}\t${name}`);
  }
  const ends = options.includes('-z') ? '\0' : '\n';
  return printed([...lines.values()].map((line) => line + ends).join(''));
}

function fileIn(path: string, base: string, wanted: readonly string[]): string | null {
  if (!path.startsWith(base)) return null;
  const name = path.slice(base.length);
  const isWanted =
    wanted.length === 0 || wanted.some((each) => name === each || name.startsWith(`${each.replace(/\/$/, '')}/`));
  return isWanted ? path : null;
}

/** The entry of the folder, or of one that is named, through which a path leads. */
function nameIn(path: string, base: string, wanted: readonly string[]): string | null {
  if (!path.startsWith(base)) return null;
  const name = path.slice(base.length);
  if (wanted.length === 0) return base + (name.split('/')[0] ?? '');
  for (const each of wanted) {
    const folder = each.replace(/\/$/, '');
    if (each.endsWith('/') && name.startsWith(each))
      return base + folder + name.slice(folder.length).split('/', 2).join('/');
    if (!each.endsWith('/') && (name === folder || name.startsWith(`${folder}/`))) return base + folder;
  }
  return null;
}

/** `git cat-file -e`, `-t`, `-s`, `-p` of commits and files. */
export async function catFile(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const [how, revision, ...more] = args;
  if (revision === undefined || more.length > 0) throw new BeyondGit(`cat-file ${args.join(' ')}`);
  const path = await pathNamed(call, revision);
  if (path === null) {
    await commitNamed(call, revision);
    if (how === '-e') return printed('');
    if (how === '-t') return printed('commit\n');
    throw new BeyondGit(`cat-file ${how} of a commit`);
  }
  const entry = call.checkout.snapshot.entries.get(path);
  if (!entry || entry.mode === '160000') {
    if (entry) throw new BeyondGit('cat-file of a submodule');
    return noSuchPath(call, path, revision);
  }
  if (how === '-e') return printed('');
  if (how === '-t') return printed('blob\n');
  if (entry.mode === '120000') throw new BeyondGit('cat-file of a symbolic link');
  if (how === '-s' && entry.size !== null) return printed(`${entry.size}\n`);
  if (how !== '-p' && how !== 'blob') throw new BeyondGit(`cat-file ${how}`);
  return printed(await committedTextAt(call, path));
}

/** `git check-ignore`: which paths the tree's `.gitignore` files leave out. Tracked files are never left out. */
export async function checkIgnore(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const { options, operands } = split(args);
  only(options, ['-q', '--quiet', '--no-index', '--stdin'], 'check-ignore');
  const isQuiet = options.includes('-q') || options.includes('--quiet');
  const readsInput = options.includes('--stdin');
  if (readsInput && operands.length > 0) return failed('fatal: cannot specify pathnames with --stdin');
  if (!readsInput && operands.length === 0) return failed('fatal: no path specified');
  const asked = readsInput ? linesRead(call.io.stdin) : operands;
  if (readsInput && asked.some((line) => line.startsWith('"'))) throw new BeyondGit('check-ignore of quoted names');
  if (isQuiet && asked.length !== 1) return failed('fatal: --quiet is only valid with a single pathname');
  const ignored: string[] = [];
  for (const operand of asked) {
    if (operand === '')
      return { ...failed('fatal: empty string is not a valid pathspec'), stdout: readsInput ? linesOf(ignored) : '' };
    const path = pathInRepo(call, operand);
    if (path === null)
      return failed(`fatal: ${operand}: '${operand}' is outside repository at '${call.checkout.root}'`);
    const isTracked = call.checkout.snapshot.entries.has(path) || hasFolder(call, path);
    if (path === '' || (isTracked && !options.includes('--no-index'))) continue;
    if (await isLeftOut(call, path, operand.endsWith('/') || hasFolder(call, path))) ignored.push(operand);
  }
  return printed(isQuiet ? '' : linesOf(ignored), ignored.length > 0 ? 0 : 1);
}

/** Throws `BeyondGit` where the script made files that are asked about and that `.gitignore` files do not leave out. */
export async function mustHaveNothingNew(
  call: GitCall,
  asking: string,
  isAskedAbout: (path: string) => boolean,
): Promise<void> {
  const { made } = await call.checkout.changes();
  for (const path of made.filter(isAskedAbout))
    if (!(await isLeftOut(call, path, false))) throw new BeyondGit(`${asking} of what the script made`);
}

/** A folder that is left out takes along all below it; of a file's rules the nearest and last decides. */
async function isLeftOut(call: GitCall, path: string, isFolder: boolean): Promise<boolean> {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const at = parts.slice(0, depth).join('/');
    const isInner = depth < parts.length;
    if (await decides(call, parts.slice(0, depth - 1), at, isInner || isFolder)) return true;
  }
  return false;
}

async function decides(call: GitCall, folders: readonly string[], path: string, isFolder: boolean): Promise<boolean> {
  for (let depth = folders.length; depth >= 0; depth--) {
    const folder = folders
      .slice(0, depth)
      .map((name) => `${name}/`)
      .join('');
    if (!call.checkout.snapshot.entries.has(`${folder}.gitignore`)) continue;
    const rules = ignoreRules(await textAt(call, `${folder}.gitignore`));
    const verdict = isIgnored(rules, path.slice(folder.length), isFolder);
    if (verdict !== null) return verdict;
  }
  return false;
}
