import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inHome } from '../../src/scripts/engine.ts';
import { SnapshotTree } from '../../src/scripts/files/tree.ts';
import { runScript as runInEngine, type ScriptVerdict } from '../../src/scripts/run-script.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { git } from '../../src/snapshot/clone/git.ts';
import type { Checkout } from '../shared/checkout.ts';
import { loadPython } from '../shared/python.ts';
import { runScript as runInBash } from '../shared/run-script.ts';
import type { CertifyArguments } from './arguments.ts';
import type { Said, Trial } from './compare.ts';

/** Some of the reference's scripts are not steady: three runs must say the same before they count. */
const RUNS = 3;
/** Trees with a file less, per script. */
const CHANGED_TREES = 3;

/** Asks bash and the engine about a script on the commit, and then on trees that lack a file which it read. */
export async function tryScript(
  script: string,
  checkout: Checkout,
  { timeout, absent }: Pick<CertifyArguments, 'timeout' | 'absent'>,
): Promise<readonly Trial[]> {
  const pristine = await askEngine(script, checkout, absent);
  const first = await trial('the commit', pristine, RUNS, script, checkout, timeout);
  if (first.engine === 'blind' || first.engine === 'crashed') return [first];
  const trials = [first];
  for (const path of filesRead(pristine, script).slice(0, CHANGED_TREES)) {
    await rm(join(checkout.directory, path));
    const changed = await askEngine(script, checkout, absent);
    trials.push(await trial(`the commit without ${path}`, changed, 1, script, checkout, timeout));
  }
  return trials;
}

async function trial(
  tree: string,
  engine: ScriptVerdict,
  runs: number,
  script: string,
  checkout: Checkout,
  timeout: number,
): Promise<Trial> {
  const bash: (Said | null)[] = [];
  const isJudged = engine.verdict === 'pass' || engine.verdict === 'fail';
  for (let run = 0; run < runs && isJudged; run++) {
    const { status } = await runInBash(script, { directory: checkout.directory, timeout });
    bash.push(status === null ? null : status === 0 ? 'pass' : 'fail');
    if (run < runs - 1) await checkout.restore();
  }
  await checkout.restore();
  return { tree, bash, engine: engine.verdict, ...(engine.reason === undefined ? {} : { reason: engine.reason }) };
}

/** The engine sees the work tree as it is now, at the path where bash sees it. */
async function askEngine(script: string, { directory }: Checkout, absent: readonly string[]): Promise<ScriptVerdict> {
  const [root, home] = [directory, process.env.HOME ?? '/root'];
  return runInEngine({
    script,
    tree: new SnapshotTree(await directorySnapshot(directory)),
    siblings: new Map(),
    now: Date.now(),
    python: loadPython,
    layout: {
      root,
      home,
      siblings: new Map(),
      absent: inHome(absent, home),
      branch: (await git(directory, 'branch', '--show-current')).trim(),
      remotes: await remotesOf(directory),
      environment: new Map([
        ['SPINE_ROOT', root],
        ['SPINE_REPO', root],
        ['SPINE_CODE', root],
      ]),
    },
  });
}

async function remotesOf(directory: string): Promise<ReadonlyMap<string, string>> {
  const remotes = new Map<string, string>();
  for (const name of (await git(directory, 'remote')).split('\n').filter((line) => line !== '')) {
    remotes.set(name, (await git(directory, 'remote', 'get-url', name)).trim());
  }
  return remotes;
}

/** Files of the repo that the script looked at, itself excepted; those that it needs most come first, since it asks for them first. */
function filesRead({ trace }: ScriptVerdict, script: string): readonly string[] {
  const files: string[] = [];
  for (const [question, answer] of trace.facts) {
    const [, path = ''] = /^target entry (.*)$/s.exec(question) ?? [];
    if (path !== '' && path !== script && answer.startsWith('100')) files.push(path);
  }
  return files;
}
