import type { CommandResult } from '../command.ts';
import { BeyondGit, failed, type GitCall, linesOf, printed } from './checkout.ts';

const FULL = /^[0-9a-f]{40}$/;
/** As many digits as a fresh clone of a repo of some thousand objects shows. */
const SHORT = 7;

/** The commit that a revision names. Throws `BeyondGit` for branches, tags and commits of which a snapshot knows nothing. */
export async function commitNamed(call: GitCall, revision: string): Promise<string> {
  const { checkout, head } = call;
  const name = revision.replace(/\^\{commit\}$/, '').replace(/\^0$/, '');
  const { branch } = checkout;
  const names = branch === null ? [] : [branch, `heads/${branch}`, `refs/heads/${branch}`];
  const remote = branch === null ? [] : [`origin/${branch}`, `refs/remotes/origin/${branch}`];
  if (['HEAD', '@', ...names, ...remote].includes(name)) return head;
  if (/^[0-9a-f]{4,40}$/.test(name) && head.startsWith(name)) return head;
  if (FULL.test(name) && (await isAncestor(call, name))) return name;
  throw new BeyondGit(`revision ${revision}`);
}

/** Whether the snapshot's commit descends from `revision`, or is it. */
async function isAncestor({ checkout }: GitCall, revision: string): Promise<boolean> {
  const answer = await checkout.snapshot.history({ after: revision, paths: [], limit: 0 });
  if ('unavailable' in answer) throw new BeyondGit(`history (${answer.unavailable})`, { isPassing: true });
  return answer.isAncestor;
}

/** The path in `HEAD:path`, or in `:path` of the index, which holds the same; from the root. Null where the revision names no file. */
export async function pathNamed(call: GitCall, revision: string): Promise<string | null> {
  const at = revision.indexOf(':');
  if (at < 0 || /^:(?:\/|[0-3]:)/.test(revision)) return null;
  const commit = at === 0 ? call.head : await commitNamed(call, revision.slice(0, at));
  if (commit !== call.head) throw new BeyondGit(`file of another commit (${revision})`);
  const path = revision.slice(at + 1);
  if (!/^\.\.?(?:\/|$)/.test(path)) return path;
  const parts = `${call.prefix}${path}`.split('/').filter((part) => part !== '.' && part !== '');
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return kept.join('/');
}

/** What git says where a revision such as `HEAD:path` names nothing. */
export async function noSuchPath({ checkout }: GitCall, path: string, revision: string): Promise<CommandResult> {
  const tree = revision.slice(0, revision.indexOf(':'));
  const { made } = await checkout.changes();
  if (made.includes(path))
    return failed(`fatal: path '${path}' exists on disk, but not in ${tree === '' ? 'the index' : `'${tree}'`}`);
  if (tree === '') return failed(`fatal: path '${path}' does not exist (neither on disk nor in the index)`);
  return failed(`fatal: path '${path}' does not exist in '${tree}'`);
}

/** `git rev-parse`: facts about the checkout and the names of commits and blobs. */
export async function revParse(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const { checkout, cwd, prefix } = call;
  const facts: Readonly<Record<string, string>> = {
    '--show-toplevel': checkout.root,
    '--is-inside-work-tree': 'true',
    '--is-inside-git-dir': 'false',
    '--is-bare-repository': 'false',
    '--show-prefix': prefix,
    '--show-cdup': prefix.replace(/[^/]+\//g, '../'),
    '--git-dir': cwd === checkout.root ? '.git' : `${checkout.root}/.git`,
    '--git-common-dir': cwd === checkout.root ? '.git' : `${checkout.root}/.git`,
    '--absolute-git-dir': `${checkout.root}/.git`,
  };
  const lines: string[] = [];
  let length: number | null = null;
  let isName = false;
  let isQuiet = false;
  for (const arg of args) {
    const fact = facts[arg];
    const short = /^--short(?:=(\d+))?$/.exec(arg);
    if (fact !== undefined) lines.push(fact);
    else if (short) length = Number(short[1] ?? SHORT);
    else if (arg === '--abbrev-ref') isName = true;
    else if (arg === '-q' || arg === '--quiet') isQuiet = true;
    else if (arg === '--verify' || arg === '--end-of-options') continue;
    else if (arg.startsWith('-')) throw new BeyondGit(`rev-parse ${arg}`);
    else if (isName) lines.push(branchName(call, arg));
    else {
      const found = await parsed(call, arg);
      if (found === null && isQuiet) return printed(linesOf(lines), 1);
      if (found === null) {
        const [, path = ''] = arg.split(':');
        return { ...(await noSuchPath(call, path, arg)), stdout: linesOf(lines) };
      }
      lines.push(length === null ? found : found.slice(0, Math.max(length, 4)));
    }
  }
  return printed(linesOf(lines));
}

async function parsed(call: GitCall, revision: string): Promise<string | null> {
  // A full name is taken as it is, whether there is such an object or not.
  if (FULL.test(revision)) return revision;
  if (!revision.includes(':')) return commitNamed(call, revision);
  const path = await pathNamed(call, revision);
  const entry = path === null ? undefined : call.checkout.snapshot.entries.get(path);
  if (!entry && path !== null && hasFolder(call, path)) throw new BeyondGit(`tree of ${path}`);
  if (!entry) return null;
  if (entry.sha === null) throw new BeyondGit('blob of a file without one');
  return entry.sha;
}

export function hasFolder({ checkout }: GitCall, path: string): boolean {
  if (path === '') return true;
  for (const known of checkout.snapshot.entries.keys()) if (known.startsWith(`${path}/`)) return true;
  return false;
}

function branchName({ checkout }: GitCall, revision: string): string {
  if (checkout.branch === null) throw new BeyondGit('name of the branch');
  if (revision === 'HEAD' || revision === '@' || revision === checkout.branch) return checkout.branch;
  if (revision === '@{u}' || revision === '@{upstream}') return `origin/${checkout.branch}`;
  throw new BeyondGit(`rev-parse --abbrev-ref ${revision}`);
}

/** `git merge-base`, with `--is-ancestor` or where one side descends from the other. */
export async function mergeBase(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const [one, other, ...more] = args.filter((arg) => arg !== '--is-ancestor');
  if (one === undefined || other === undefined || more.length > 0 || one.startsWith('-')) {
    throw new BeyondGit(`merge-base ${args.join(' ')}`);
  }
  const to = await commitNamed(call, other);
  if (to !== call.head) throw new BeyondGit(`merge-base with ${other}`);
  const isBase = await isAncestor(call, await orItself(call, one));
  if (args.includes('--is-ancestor')) return printed('', isBase ? 0 : 1);
  if (!isBase) throw new BeyondGit(`merge-base of ${one}`);
  return printed(`${await commitNamed(call, one)}\n`);
}

/** `origin/main` and the like are names of HEAD; a commit's own name may be asked for as it is. */
async function orItself(call: GitCall, revision: string): Promise<string> {
  return /^[0-9a-f]{4,40}$/.test(revision) ? revision : commitNamed(call, revision);
}
