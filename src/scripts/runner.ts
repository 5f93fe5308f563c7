import type { RunScript, ScriptWorld } from '../core/script-gate.ts';
import { condensed } from './condense-trace.ts';
import { type Layout, mountsOf } from './execute.ts';
import { SnapshotTree } from './files/tree.ts';
import type { PythonParts } from './python/emscripten.ts';
import { runScript } from './run-script.ts';

/** Runs scripts on one state of the world; what they read in common is fetched, decoded and parsed once. */
export function runnerFor(
  { target, siblings, now }: ScriptWorld,
  layout: Layout,
  python?: () => Promise<PythonParts>,
): RunScript {
  const tree = new SnapshotTree(target);
  const trees = new Map([...siblings].map(([name, snapshot]) => [name, new SnapshotTree(snapshot)]));
  const mounts = mountsOf({ layout, tree, siblings: trees });
  return async (script) => {
    const { verdict, reason, findings, excerpt, unverified, trace, cost } = await runScript({
      script,
      tree,
      siblings: trees,
      now,
      layout,
      ...(python && { python }),
    });
    const { commands } = cost;
    return { verdict, reason, findings, output: excerpt, unverified, trace: condensed(trace, mounts), commands };
  };
}
