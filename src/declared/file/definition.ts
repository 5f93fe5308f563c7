import { commandGate } from '../command.ts';
import type { DeclaredGate } from '../gate.ts';
import type { GateEntry } from './form.ts';
import type { PlacedGate } from './read.ts';

/** Seconds for a command that asks for none. */
const DEFAULT_TIMEOUT = 120;

interface Home {
  readonly lane: string;
  /** Of the gate file. */
  readonly path: string;
}

/** What every kind of gate says of itself. */
export function wordsOf({ id, severity = 'medium', owner, why, fix }: GateEntry, { lane, path }: Home) {
  const advice = [fix, owner && `Ask ${owner}.`].filter((part) => part !== undefined).join(' ');
  return { id, lane, severity, why: why ?? `${path} declares it.`, fix: advice || `See ${id} in ${path}.` };
}

/** The gate of a command. */
export function commandOf(
  entry: Extract<GateEntry, { readonly run: string }>,
  { at, places }: PlacedGate,
  home: Home,
): DeclaredGate {
  const { run, timeout = DEFAULT_TIMEOUT, say } = entry;
  const { path, line } = places.mistake([...at, 'run'], '');
  const command = { command: run, timeout, ...(say === undefined ? {} : { say }) };
  return commandGate({ ...wordsOf(entry, home), command, place: { path, line } });
}
