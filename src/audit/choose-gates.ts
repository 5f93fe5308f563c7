import { createClock } from '../core/clock.ts';
import type { Gate } from '../core/gate.ts';
import { Unavailable } from '../core/signals.ts';
import type { TraceRecorder } from '../core/trace.ts';
import { untilRead } from './read/until-all-read.ts';
import { configurationViewOf } from './read/view.ts';
import { CouldNotAudit } from './registry/could-not-audit.ts';
import type { DefaultRegistry } from './registry/defaults.ts';
import { readGovernance } from './registry/governance.ts';
import { hasGovernance } from './registry/has-governance.ts';
import { type Earlier, governanceOf, type StoredGovernance } from './registry/kept-governance.ts';
import {
  type SelectedGate,
  type Selection,
  selectGoverned,
  selectNamed,
  selectScripts,
  selectUngoverned,
} from './registry/select.ts';
import type { ScriptsRequest } from './scripts.ts';
import { WAIVERS_FILE } from './waivers.ts';
import type { World } from './world.ts';

/** Which gates an audit is asked for. */
export interface GateRequest {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly gates: readonly Gate[];
  /** What we know of gates without a repo's registry. */
  readonly defaultRegistry: DefaultRegistry;
  /** `none`: as if the repo had no governance files. */
  readonly governance?: 'repo' | 'none';
  /** Lane ids to audit; every lane when absent. */
  readonly lanes?: readonly string[];
  /** Numbers or names of gates to run by themselves, whatever the governance files say. */
  readonly only?: readonly string[];
  /** The name of one gate: of those that the governance files select, only this one is judged and reported. */
  readonly narrowedTo?: string;
  /** Paths that a push changed, to tell which lanes it touched. */
  readonly changedPaths?: readonly string[];
  /** What an earlier audit found out, for what of it still holds. Without it every gate is judged, and nothing is kept. */
  readonly earlier?: Earlier;
  /** Runs the repo's own scripts; without it, gates that nobody else judges are not implemented. */
  readonly scripts?: ScriptsRequest | undefined;
}

/** Chosen gates, with what the governance files said where that can be kept. */
export type ChosenGates = Selection & { readonly stored?: StoredGovernance | undefined };

/** Chooses the gates that run, in which lanes, and says what is decided before they do. Throws `CouldNotAudit` when there are no lanes to audit. */
export async function chooseGates(request: GateRequest, world: World, trace: TraceRecorder): Promise<ChosenGates> {
  const chosen = await choose(request, world, trace);
  const { narrowedTo } = request;
  if (narrowedTo === undefined) return chosen;
  return { ...chosen, gates: chosen.gates.filter(({ entry }) => entry.name === narrowedTo) };
}

async function choose(request: GateRequest, world: World, trace: TraceRecorder): Promise<ChosenGates> {
  const { gates, defaultRegistry, only } = request;
  if (only) return selectNamed(only, gates, defaultRegistry, await registeredScripts(request, world, trace));
  if (await isGoverned(request, world, trace)) return chooseGoverned(request, world, trace);
  return chooseUngoverned(request, world, trace);
}

async function isGoverned({ governance = 'repo' }: GateRequest, world: World, trace: TraceRecorder): Promise<boolean> {
  if (governance === 'none') return false;
  return untilRead(world, (here) => hasGovernance(here, configurationViewOf(here.target, trace), trace));
}

function chooseUngoverned(request: GateRequest, world: World, trace: TraceRecorder): Promise<ChosenGates> {
  world.target.prefetch([WAIVERS_FILE]);
  return untilRead(world, (here) => selectUngoverned(request, configurationViewOf(here.target, trace)));
}

async function chooseGoverned(request: GateRequest, world: World, trace: TraceRecorder): Promise<ChosenGates> {
  const { gates, earlier } = request;
  // Nearly every gate is registered: reading for all of them along with the lanes saves a round of requests.
  const early = earlier && earlier.verdicts.size > 0 ? [] : gates.flatMap(({ reads }) => reads);
  world.target.prefetch([WAIVERS_FILE, ...early]);
  const { governance, stored } = await governanceOf(world, trace, earlier);
  const selection = await untilRead(world, (here) =>
    selectGoverned(request, governance, configurationViewOf(here.target, trace), here.target.snapshot.entries),
  );
  return { ...selection, stored };
}

/** Gates of the registry with a script to ask, for gates that are run by themselves: those do without a registry that can be read. */
async function registeredScripts(
  { gates, governance = 'repo', scripts, now }: GateRequest,
  world: World,
  trace: TraceRecorder,
): Promise<readonly SelectedGate[]> {
  if (!scripts || governance === 'none') return [];
  try {
    const clock = createClock(now, trace.askTime);
    const governed = await untilRead(world, (here) => readGovernance(configurationViewOf(here.target, trace), clock));
    return await untilRead(world, (here) =>
      selectScripts(gates, governed, configurationViewOf(here.target, trace), here.target.snapshot.entries),
    );
  } catch (error) {
    if (error instanceof CouldNotAudit || error instanceof Unavailable) return [];
    throw error;
  }
}
