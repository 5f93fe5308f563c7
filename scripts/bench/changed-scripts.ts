/** A commit in which every registered script is another text, so that scripts are run that we would otherwise judge ourselves. */
import { execFileSync } from 'node:child_process';
import { registeredGates } from '../../cli/shared/registry.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';

const BRANCH = 'refs/heads/main';
const COMMENT = '\n# A line more.\n';

/** Adds a comment to the scripts of all gates on the branch `main` of a bare repository; gives the gates' numbers and names by script. */
export async function changeScripts(gitDir: string, now: number): Promise<ReadonlyMap<string, string>> {
  const snapshot = await directorySnapshot(gitDir, BRANCH);
  const gates = new Map<string, string>();
  for (const { id, name, script, isRetired, isInline } of await registeredGates(snapshot, now)) {
    if (isRetired || isInline || !snapshot.entries.get(script)?.mode.startsWith('100')) continue;
    const before = gates.get(script);
    gates.set(script, `${before === undefined ? '' : `${before}, `}${id} ${name}`);
  }
  const git = (args: readonly string[], input?: Buffer) =>
    execFileSync('git', [`--git-dir=${gitDir}`, ...args], { ...(input && { input }), maxBuffer: 100_000_000 });
  const commit = `commit ${BRANCH}\ncommitter Bench <bench@example.com> ${Math.floor(now / 1000)} +0000\ndata 4\nedit\nfrom ${BRANCH}^0\n`;
  const stream = [Buffer.from(commit)];
  for (const script of gates.keys()) {
    const text = Buffer.concat([git(['cat-file', 'blob', `${BRANCH}:${script}`]), Buffer.from(COMMENT)]);
    const mode = snapshot.entries.get(script)?.mode;
    stream.push(Buffer.from(`M ${mode} inline ${script}\ndata ${text.length}\n`), text, Buffer.from('\n'));
  }
  git(['fast-import', '--quiet', '--force'], Buffer.concat(stream));
  return gates;
}
