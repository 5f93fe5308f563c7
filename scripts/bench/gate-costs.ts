/** What one gate costs: judged natively, by its script in the script engine, and by its script in bash. Each starts with nothing read. */
import type { Checkout } from '../../cli/shared/checkout.ts';
import { registeredGates } from '../../cli/shared/registry.ts';
import { evaluateGates } from '../../src/audit/evaluate.ts';
import { SnapshotReader } from '../../src/audit/read/reader.ts';
import { GOVERNANCE_FILES } from '../../src/audit/registry/governance.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { gates as native } from '../../src/gates/index.ts';
import { scriptEngine } from '../../src/scripts/engine.ts';
import { cpuOf } from './cpu.ts';
import { rounded } from './numbers.ts';

export interface GateCost {
  readonly number: string;
  readonly name: string;
  readonly script: string;
  readonly nativeMs: number;
  /** Null where the engine cannot judge it. */
  readonly engineMs: number | null;
}

/** Every gate that the repo registers with a script, and that we also judge ourselves; none where it has no registry. */
export async function costsByGate(
  target: Snapshot,
  { directory }: Checkout,
  now: number,
): Promise<readonly GateCost[]> {
  if (!target.entries.has(GOVERNANCE_FILES.registry)) return [];
  const gates = new Map(native.map((gate) => [gate.name, gate]));
  const engine = scriptEngine({ root: directory, siblings: {} });
  const askEngine = async (script: string) => (await engine.open({ target, siblings: new Map(), now }))(script);
  const costs: GateCost[] = [];
  for (const { id, name, script, isRetired, isInline } of await registeredGates(target, now)) {
    const gate = gates.get(name);
    if (!gate || isRetired || isInline || !target.entries.has(script)) continue;
    // The first time loads the engine, and says whether it can.
    const { verdict } = await askEngine(script);
    const isJudged = verdict === 'pass' || verdict === 'fail';
    costs.push({
      number: id,
      name,
      script,
      nativeMs: rounded(await cpuOf(() => judge(gate, gates, target, now)), 2),
      engineMs: isJudged ? rounded(await cpuOf(() => askEngine(script)), 2) : null,
    });
  }
  return costs;
}

function judge(gate: Gate, gates: ReadonlyMap<string, Gate>, target: Snapshot, now: number) {
  return evaluateGates({ target: new SnapshotReader('target', target), siblings: new Map(), now, gates }, [gate]);
}
