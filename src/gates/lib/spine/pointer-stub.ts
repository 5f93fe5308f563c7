import type { GateContext } from '../../../core/gate.ts';
import { shellWords } from '../bash/shell.ts';
import { locate, OPS_ROOT, type RepoPath, WORKBENCH_ROOT } from './host-paths.ts';

const STUB = 'spine_pointer_stub: true';

/**
 * The document that a file stands for: where its pointer leads if it is a stub whose pointer leads to a file, else the file itself.
 * `no sibling` when the pointer leads into a workbench that is not configured.
 */
export function followPointer(context: GateContext, path: string): RepoPath | 'no sibling' {
  const itself = { repo: context.repo, path };
  if (!context.repo.isFile(path)) return itself;
  const lines = context.repo.lines(path).map(({ text }) => text);
  const root = statedIn(lines, 'authority_repo');
  const below = statedIn(lines, 'authority_path');
  if (!lines.includes(STUB) || !below || (root !== OPS_ROOT && root !== WORKBENCH_ROOT)) return itself;
  const target = locate(context, `${root}/${below}`);
  if (target === 'no sibling') return target;
  return target !== 'machine' && target.repo.isFile(target.path) ? target : itself;
}

/** The rest of the first line that starts with the key, as a shell reads it; nothing when a quote stays open. */
function statedIn(lines: readonly string[], key: string): string | undefined {
  const line = lines.find((candidate) => candidate.startsWith(`${key}:`));
  return line === undefined ? undefined : shellWords(line.slice(key.length + 1));
}
