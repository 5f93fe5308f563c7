import type { FileMode } from '../../src/core/snapshot.ts';
import { SnapshotTree } from '../../src/scripts/files/tree.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

/** A repo made of texts, as scripts see it. */
export function treeOf(files: Readonly<Record<string, string>>, executable: readonly string[] = []): SnapshotTree {
  const modes = Object.fromEntries(executable.map((path): [string, FileMode] => [path, '100755']));
  return new SnapshotTree(memorySnapshot({ files, modes, sha: 'a'.repeat(40) }));
}
