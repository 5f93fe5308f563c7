import type { Repo } from '../../core/repo.ts';
import { entryAnswer, type TraceRecorder } from '../../core/trace.ts';
import type { World } from '../world.ts';
import { CouldNotAudit } from './could-not-audit.ts';
import { GOVERNANCE_FILES, hasAllFiles, isGoverned } from './governance.ts';

/**
 * Whether a repository has governance files. A symbolic link in the place of one (or in that of a folder above it) which leads nowhere in
 * the repository has them where that leads: an audit without them would look clean. Throws `CouldNotAudit` for such a link.
 */
export function hasGovernance({ target }: World, repo: Repo, trace: TraceRecorder): boolean {
  if (hasAllFiles(repo)) return true;
  for (const path of placesOf(Object.values(GOVERNANCE_FILES))) {
    const entry = target.tree.at(path);
    trace.record({ kind: 'entry', repo: 'target', subject: path }, entryAnswer(entry));
    if (entry === undefined || entry === 'folder' || entry.mode !== '120000') continue;
    if (repo.isFile(path) || repo.isDirectory(path)) continue;
    const problem = 'this symbolic link leads nowhere in the repository, so governance files behind it cannot be read.';
    throw new CouldNotAudit(problem, 'Put the files in its place, or remove it.', repo.at(path).place);
  }
  return isGoverned(repo);
}

/** The paths and all folders above them, from the root down. */
function placesOf(paths: readonly string[]): ReadonlySet<string> {
  const parts = paths.map((path) => path.split('/'));
  return new Set(parts.flatMap((names) => names.map((_, index) => names.slice(0, index + 1).join('/'))));
}
