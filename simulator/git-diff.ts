/** What changed between two commits, with rename detection as GitHub shows it. */
import type { GitRepository } from './git.ts';

export interface ChangedFile {
  path: string;
  previousPath: string | undefined;
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** The blob after the change; before it for a removed file. */
  oid: string;
  additions: number;
  deletions: number;
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const statuses: Record<string, ChangedFile['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

function parseRaw(fields: string[], files: Map<string, ChangedFile>): void {
  for (let head = fields[0]; head?.startsWith(':'); head = fields[0]) {
    fields.shift();
    const [, , before = '', after = '', letter = 'M'] = head.split(' ');
    const status = statuses[letter.charAt(0)] ?? 'modified';
    const moved = status === 'renamed' || status === 'copied';
    const previousPath = moved ? fields.shift() : undefined;
    const path = fields.shift() ?? '';
    const oid = status === 'removed' ? before : after;
    files.set(path, { path, previousPath, status, oid, additions: 0, deletions: 0 });
  }
}

function parseNumstat(fields: string[], files: Map<string, ChangedFile>): void {
  for (let head = fields.shift(); head !== undefined && head !== ''; head = fields.shift()) {
    const [added = '0', deleted = '0', name = ''] = head.split('\t');
    if (name === '') fields.shift();
    const file = files.get(name === '' ? (fields.shift() ?? '') : name);
    if (file === undefined) continue;
    file.additions = Number(added) || 0;
    file.deletions = Number(deleted) || 0;
  }
}

/** The files that differ; `base` undefined compares with nothing, as for a first commit. */
export async function changedFiles(git: GitRepository, base: string | undefined, head: string): Promise<ChangedFile[]> {
  const args = ['diff-tree', '-r', '-M', '-z', '--raw', '--numstat', '--no-abbrev', base ?? emptyTree, head];
  const fields = (await git.run(args)).toString().split('\0');
  const files = new Map<string, ChangedFile>();
  parseRaw(fields, files);
  parseNumstat(fields, files);
  return [...files.values()];
}

/** How many files each commit changed against its first parent, in one process for all of them. */
export async function changedFileCounts(git: GitRepository, oids: string[]): Promise<Map<string, number>> {
  const args = ['log', '--stdin', '--no-walk=unsorted', '-m', '--first-parent', '-M', '-z', '--name-only'];
  const output = await git.run([...args, '--format=%x01%H'], `${oids.join('\n')}\n`);
  const counts = new Map<string, number>();
  for (const block of output.toString().split('\x01').slice(1)) {
    const oid = block.slice(0, 40);
    counts.set(
      oid,
      block
        .slice(40)
        .split('\0')
        .filter((name) => name.trim() !== '').length,
    );
  }
  return counts;
}
