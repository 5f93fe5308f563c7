import { belowAnswer, type TraceRecorder } from '../core/trace.ts';
import type { Mount } from './files/access.ts';

/** Answers about the checkout as such, which is always a clean one at a known place. */
const ABOUT_THE_PLACE = new Set(['--show-toplevel', '--is-inside-work-tree', '--is-bare-repository', '--show-prefix']);
/** Answers made from which files there are; what these read besides is recorded where it is read. */
const ABOUT_FILES = new Set(['ls-files', 'grep', 'check-ignore']);

/** Records what an answer of git rests on beyond the files that it read: nothing, the files that there are, or the commit. */
export function recordGit(args: readonly string[], mounts: readonly Mount[], trace: TraceRecorder): void {
  const [name = '', ...rest] = withoutFolder(args);
  // A commit that is checked out has no changes, whichever it is: asking for them is no look at it.
  if (name === 'status' || (name === 'diff' && !namesRevision(rest))) return;
  if (name === 'rev-parse' && rest.length > 0 && rest.every((arg) => ABOUT_THE_PLACE.has(arg))) return;
  for (const { name: repo, tree } of mounts) {
    const { entries, sha } = tree.snapshot;
    if (ABOUT_FILES.has(name)) trace.record({ kind: 'below', repo, subject: '' }, belowAnswer(entries, ''));
    else trace.record({ kind: 'commit', repo, subject: '' }, sha ?? 'a work tree');
  }
}

/** Whether anything but options stands before the paths. */
function namesRevision(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((arg) => !arg.startsWith('-'));
}

/** Where it is asked is part of the file system's questions, save for which repository that is: so all of them count. */
function withoutFolder(args: readonly string[]): readonly string[] {
  return args[0] === '-C' || args[0] === '-c' ? withoutFolder(args.slice(2)) : args;
}
