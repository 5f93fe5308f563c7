import type { Commit, Snapshot } from '../../core/snapshot.ts';
import type { CommandIo, CommandResult } from '../command.ts';
import { absolute } from '../shell/file-system.ts';

/** A repository where a script finds it: a clean, fresh clone of one commit. */
export interface GitCheckout {
  /** Absolute. */
  readonly root: string;
  readonly snapshot: Snapshot;
  /** The branch that is checked out; null where it is not known. */
  readonly branch: string | null;
  /** URLs by name; null where they are not known. */
  readonly remotes: ReadonlyMap<string, string> | null;
  /** What the script itself has done to the work tree so far. */
  changes(): Promise<Changes>;
}

/** How a work tree differs from the commit that was checked out, by paths from its root. */
export interface Changes {
  /** Tracked files that are gone or have other bytes or rights. */
  readonly changed: readonly string[];
  /** Files that are not tracked. */
  readonly made: readonly string[];
}

/** One call of git. */
export interface GitCall {
  readonly checkout: GitCheckout;
  /** The commit that is checked out. */
  readonly head: string;
  /** Absolute. */
  readonly cwd: string;
  /** `cwd` below the root, with a slash at its end; '' at the root. */
  readonly prefix: string;
  readonly io: CommandIo;
  /** Commits that earlier calls of the same run have listed, by name: of these the message is known. */
  readonly listed: Map<string, Commit>;
}

export type Subcommand = (args: readonly string[], call: GitCall) => Promise<CommandResult> | CommandResult;

/** Something that git can and this one cannot, or that depends on what is not here. */
export class BeyondGit extends Error {
  override readonly name = 'BeyondGit';
  /** It may be known next time. */
  readonly isPassing: boolean;

  constructor(message: string, { isPassing = false } = {}) {
    super(message);
    this.isPassing = isPassing;
  }
}

export function printed(stdout: string, exitCode = 0): CommandResult {
  return { stdout, stderr: '', exitCode };
}

export function failed(message: string, exitCode = 128): CommandResult {
  return { stdout: '', stderr: message === '' ? '' : `${message}\n`, exitCode };
}

export function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Throws `BeyondGit` where something that is asked about differs from its commit: what git would say of that is not known. */
export async function mustBeClean(
  call: GitCall,
  asking: string,
  isAskedAbout: (path: string) => boolean,
): Promise<void> {
  await mustBeCommitted(call, asking, isAskedAbout);
  const { changed } = await call.checkout.changes();
  if (changed.some(isAskedAbout)) throw new BeyondGit(`${asking} of what the script changed`);
}

/** The same for questions about the index, which a script's own changes do not touch. */
export async function mustBeCommitted(
  { checkout }: GitCall,
  asking: string,
  isAskedAbout: (path: string) => boolean,
): Promise<void> {
  const changed = await checkout.snapshot.uncommitted();
  if (changed.some(isAskedAbout)) throw new BeyondGit(`${asking} of a work tree with changes`);
}

/** A path as the script wrote it, from the repo's root; null for one outside of the repo. */
export function pathInRepo({ checkout, cwd }: GitCall, path: string): string | null {
  const full = absolute(cwd, path);
  if (full === checkout.root) return '';
  return full.startsWith(`${checkout.root}/`) ? full.slice(checkout.root.length + 1) : null;
}

/** The text of a file as it was committed. Throws `BeyondGit` where it cannot be had. */
export async function committedTextAt(call: GitCall, path: string): Promise<string> {
  const { changed } = await call.checkout.changes();
  if (changed.includes(path)) throw new BeyondGit(`content of ${path} before the script changed it`);
  return textAt(call, path);
}

/** The text of a tracked file in the work tree. Throws `BeyondGit` where it cannot be had. */
export async function textAt({ checkout, io }: GitCall, path: string): Promise<string> {
  const text = await io.readFile(`${checkout.root}/${path}`);
  if (text === null) throw new BeyondGit(`content of ${path}`);
  return text;
}
