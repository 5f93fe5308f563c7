import type { Audit } from '../../src/audit/run.ts';
import { NOT_IMPLEMENTED } from '../../src/core/report.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { SnapshotTree } from '../../src/scripts/files/tree.ts';
import { runScript, type ScriptVerdict } from '../../src/scripts/run-script.ts';
import { registeredGates } from '../shared/registry.ts';

/** The verdict of a gate's own script, by the script engine. */
export interface ProvisionalVerdict extends ScriptVerdict {
  readonly number: string;
  readonly name: string;
  readonly lanes: readonly string[];
}

export interface ScriptOptions {
  readonly target: Snapshot;
  readonly siblings: ReadonlyMap<string, Snapshot>;
  readonly now: number;
  /** Where the repo's scripts expect the checkout; some compare it with what bindings say. */
  readonly checkoutRoot: string;
}

/** Judges every gate that is registered and not implemented by its own script, one after the other, and hears of each. */
export async function* judgeByScript(
  { report }: Audit,
  { target, siblings, now, checkoutRoot }: ScriptOptions,
): AsyncGenerator<ProvisionalVerdict> {
  const scripts = new Map((await registeredGates(target, now)).map(({ name, script }) => [name, script]));
  const trees = [...siblings].map(([name, snapshot]) => [name, new SnapshotTree(snapshot)] as const);
  const parent = checkoutRoot.slice(0, checkoutRoot.lastIndexOf('/'));
  const layout = {
    root: checkoutRoot,
    home: '/home/nobody',
    siblings: new Map([...siblings.keys()].map((name) => [name, `${parent}/${name}`])),
    environment: new Map(['SPINE_ROOT', 'SPINE_REPO', 'SPINE_CODE'].map((name) => [name, checkoutRoot])),
  };
  for (const { number, name, lanes, verdict, reason } of report.gates) {
    const script = scripts.get(name) ?? '';
    if (verdict !== 'skip' || reason !== NOT_IMPLEMENTED || script === '') continue;
    const tree = new SnapshotTree(target);
    yield { number, name, lanes, ...(await runScript({ script, tree, siblings: new Map(trees), now, layout })) };
  }
}

/** One verdict for a terminal, with what is wrong below it. */
export function provisionalAsText({ number, name, verdict, reason, findings, lanes }: ProvisionalVerdict): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  const shown = findings.slice(0, 10).map(({ path, line, message }) => {
    const place = path === null ? '' : `${path}${line === null ? '' : `:${line}`}  `;
    return `    ${place}${message}\n`;
  });
  const rest = findings.length > shown.length ? `    … and ${findings.length - shown.length} more findings\n` : '';
  return `  ${verdict.padEnd(7)} ${number} ${name}${why} [${lanes.join(', ')}]\n${shown.join('')}${rest}`;
}
