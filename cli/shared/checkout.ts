import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveCommit } from '../../src/snapshot/clone/directory.ts';
import { currentBranch, git } from '../../src/snapshot/clone/git.ts';

export interface Checkout {
  readonly directory: string;
  readonly sha: string;
  /** Brings it back to the commit: scripts leave things behind. */
  restore(): Promise<void>;
  remove(): Promise<void>;
}

/** A clean checkout of one commit, in a folder of its own: gates neither see uncommitted work nor leave anything behind in the clone. Throws `SnapshotError`. */
export async function checkOut(clone: string, revision: string): Promise<Checkout> {
  const sha = await resolveCommit(clone, revision);
  const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-report-'));
  const directory = join(scratch, 'checkout');
  const remove = () => rm(scratch, { recursive: true, force: true });
  try {
    await git(clone, 'clone', '--quiet', '--shared', '--no-checkout', '.', directory);
    const origin = await git(clone, 'remote', 'get-url', 'origin').catch(() => '');
    if (origin.trim() !== '') await git(directory, 'remote', 'set-url', 'origin', origin.trim());
    const branch = (await currentBranch(clone)) ?? 'main';
    await git(directory, 'checkout', '--quiet', '-B', branch, sha);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    directory,
    sha,
    async restore() {
      await git(directory, 'reset', '--quiet', '--hard', sha);
      await git(directory, 'clean', '--quiet', '-ffdx');
    },
    remove,
  };
}
