import { createClock } from '../../core/clock.ts';
import { redactText } from '../../core/text/redact.ts';
import { createTrace, type TraceRecorder } from '../../core/trace.ts';
import { untilRead } from '../read/until-all-read.ts';
import { configurationViewOf } from '../read/view.ts';
import type { EarlierVerdicts } from '../reuse.ts';
import { type StoredTrace, stillHolds } from '../still-holds.ts';
import type { World } from '../world.ts';
import { GOVERNANCE_FILES, type Governance, type RegisteredGate, readGovernance } from './governance.ts';

/** What the governance files said, in a form that can be kept. */
export interface StoredGovernance extends StoredTrace {
  readonly says: Omit<Governance, 'profiles' | 'gates' | 'bypass'> & {
    readonly profiles: readonly (readonly [domain: string, gates: readonly string[]])[];
    readonly gates: readonly RegisteredGate[];
    readonly bypass: string | null;
  };
}

/** What an earlier audit found out. */
export interface Earlier extends EarlierVerdicts {
  readonly governance?: StoredGovernance | undefined;
}

/** A larger one is parsed anew each time. */
const MOST_CHARACTERS = 1_000_000;

/** The governance files of the target: as they were read before while they are the same, else read anew. Throws `CouldNotAudit`. */
export async function governanceOf(
  world: World,
  trace: TraceRecorder,
  earlier: Earlier | undefined,
): Promise<{ readonly governance: Governance; readonly stored: StoredGovernance | undefined }> {
  const kept = earlier?.governance;
  if (kept && kept.version === earlier.version && (await untilRead(world, (here) => stillHolds(kept, here)))) {
    trace.include({ ...kept, facts: new Map(kept.facts) });
    return { governance: recalled(kept), stored: kept };
  }
  world.target.prefetch(Object.values(GOVERNANCE_FILES));
  const own = createTrace();
  const clock = createClock(world.now, own.askTime);
  const governance = await untilRead(world, ({ target }) => readGovernance(configurationViewOf(target, own), clock));
  trace.include(own);
  return { governance, stored: earlier && storable(governance, own, earlier.version, world.now) };
}

function storable(
  { profiles, gates, bypass, ...rest }: Governance,
  { facts, flipsAt, asksTime }: TraceRecorder,
  version: string,
  at: number,
): StoredGovernance | undefined {
  const says = { ...rest, profiles: [...profiles], gates: [...gates.values()], bypass: bypass ?? null };
  const text = JSON.stringify(says);
  // A secret is kept nowhere.
  const said = says.gates
    .flatMap(({ name, category, severity, fixHint, script }) => [name, category, severity, fixHint, script])
    .concat(rest.unusable)
    .join('\n');
  if (text.length > MOST_CHARACTERS || redactText(said) !== said) return undefined;
  return { version, at, facts: [...facts], flipsAt, asksTime, says };
}

function recalled({ says: { profiles, gates, bypass, ...rest } }: StoredGovernance): Governance {
  return {
    ...rest,
    profiles: new Map(profiles),
    gates: new Map(gates.map((gate) => [gate.id, gate])),
    bypass: bypass ?? undefined,
  };
}
