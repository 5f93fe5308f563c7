/**
 * Judges conformance cases by the gate's own script in the engine, and by the native gate where there is one, and says where they differ.
 *   node scripts/compare-engine.ts --reference <clone> --cases <file or folder>… [--gate D22]… [--id D22-03]… [--registry <rev>] [--root <path>] [--native] [--verbose]
 * `--registry` is the commit whose registry says which script is a gate's. `--root` is where the scripts expect the checkout; siblings lie beside it, and the home folder is the one that it lies in.
 * Exit status: 0 nothing differs, 1 something does.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { registeredGates } from '../cli/shared/registry.ts';
import { parseDefaultRegistry } from '../src/audit/registry/defaults.ts';
import { runAudit } from '../src/audit/run.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { gates } from '../src/gates/index.ts';
import { SnapshotTree } from '../src/scripts/files/tree.ts';
import { runScript } from '../src/scripts/run-script.ts';
import { directorySnapshot } from '../src/snapshot/clone/directory.ts';
import { type Case, commitAll, edited, inMemory, readCases, siblingOf } from './compare-engine/cases.ts';

interface Said {
  readonly verdict: string;
  readonly reason?: string | undefined;
}

const many = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean', default: false } as const;
const { values } = parseArgs({
  options: {
    reference: { type: 'string' },
    registry: { type: 'string', default: 'HEAD' },
    root: { type: 'string', default: '/srv/code/repo' },
    cases: many,
    gate: many,
    id: many,
    native: flag,
    verbose: flag,
  },
});
const { reference, root } = values;
if (reference === undefined || values.cases === undefined) throw new Error('--reference and --cases are needed');
const parent = root.slice(0, root.lastIndexOf('/'));
const home = /^\/(?:Users|home)\/[^/]+/.exec(root)?.[0] ?? '/home/nobody';
const defaultRegistry = parseDefaultRegistry(
  readFileSync(join(import.meta.dirname, '../bindings/default-registry.yaml'), 'utf8'),
);
const scratch = mkdtempSync(join(tmpdir(), 'compare-engine-'));
const bases = new Map<string, Promise<Snapshot>>();

function open(clone: string, revision: string): Promise<Snapshot> {
  const known = bases.get(revision) ?? directorySnapshot(clone, revision).then(inMemory);
  bases.set(revision, known);
  return known;
}

async function stateOf(each: Case, clone: string): Promise<Snapshot> {
  const { base, commits, edits = [] } = each;
  if (!commits) return edited(await open(clone, base), edits);
  const directory = commitAll(clone, scratch, each);
  return edited(await inMemory(await directorySnapshot(directory, 'HEAD')), edits);
}

async function byEngine(each: Case, target: Snapshot, script: string, sibling: Snapshot | undefined): Promise<Said> {
  const siblings = new Map(sibling ? [['workbench', new SnapshotTree(sibling)]] : []);
  return runScript({
    script,
    tree: new SnapshotTree(target),
    siblings,
    now: Date.parse(each.now ?? '2026-02-17T20:00:00Z'),
    layout: {
      root,
      home,
      siblings: new Map([['workbench', `${parent}/workbench`]]),
      environment: new Map(['SPINE_ROOT', 'SPINE_REPO', 'SPINE_CODE'].map((name) => [name, root])),
    },
  });
}

async function byNative(each: Case, target: Snapshot, sibling: Snapshot | undefined): Promise<Said | undefined> {
  if (!values.native) return undefined;
  const siblings: Record<string, Snapshot> = sibling ? { workbench: sibling } : {};
  const now = Date.parse(each.now ?? '2026-02-17T20:00:00Z');
  const { report } = await runAudit({ target, siblings, now, gates, defaultRegistry, only: [each.gate] });
  return report.gates.find(({ number }) => number === each.gate);
}

const isJudged = ({ verdict }: Said) => verdict === 'pass' || verdict === 'fail';
const totals = { right: 0, laxer: 0, stricter: 0, blind: 0, crashed: 0, both: 0, agree: 0 };
const wanted = readCases(values.cases).filter(
  ({ gate, id }) => (!values.gate || values.gate.includes(gate)) && (!values.id || values.id.includes(id)),
);
const registered = await registeredGates(await open(reference, values.registry), Date.now());
const scripts = new Map(registered.map(({ id, script }) => [id, script]));
for (const each of wanted) {
  const target = await stateOf(each, reference);
  const sibling = siblingOf(each);
  const engine = await byEngine(each, target, scripts.get(each.gate) ?? '', sibling);
  const native = await byNative(each, target, sibling);
  if (engine.verdict === each.verdict) totals.right++;
  else if (engine.verdict === 'blind') totals.blind++;
  else if (engine.verdict === 'crashed') totals.crashed++;
  else if (engine.verdict === 'pass') totals.laxer++;
  else totals.stricter++;
  const isComparable = native !== undefined && isJudged(native) && isJudged(engine);
  if (isComparable) totals.both++;
  if (isComparable && native.verdict === engine.verdict) totals.agree++;
  const differs = engine.verdict !== each.verdict || (isComparable && native.verdict !== engine.verdict);
  if (!differs && !values.verbose) continue;
  const beside = native ? `, native ${native.verdict}` : '';
  const why = engine.reason === undefined ? '' : ` (${engine.reason.slice(0, 200)})`;
  console.log(`${each.id}: expected ${each.verdict}, engine ${engine.verdict}${beside}${why} — ${each.note ?? ''}`);
}
rmSync(scratch, { recursive: true, force: true });
const { right, laxer, stricter, blind, crashed, both, agree } = totals;
console.log(
  `${wanted.length} cases: ${right} right, ${laxer} laxer, ${stricter} stricter, ${blind} blind, ${crashed} crashed`,
);
if (values.native) console.log(`native and engine both judge ${both}, and agree on ${agree}`);
process.exitCode = laxer + stricter + crashed > 0 || agree < both ? 1 : 0;
