import type { Example, Gate, GateExamples } from '../../src/core/gate.ts';
import { type Variation, variationsOf } from '../../src/gates/lib/variations.ts';

/** What a gate must also get right, beyond the examples that explain it: what its script's shell, grep and yq make of odd input. */
export interface NearMisses {
  readonly gate: Gate;
  readonly examples: Partial<GateExamples>;
}

export function nearMisses(gate: Gate, examples: Partial<GateExamples>): NearMisses {
  return { gate, examples };
}

/** The sound repo of a gate: the one that its first passing example shows. */
function soundRepo(gate: Gate): Example {
  const [sound] = gate.examples.pass;
  if (!sound) throw new Error(`${gate.name} has no passing example`);
  return sound;
}

export function soundFiles(gate: Gate): Example['files'] {
  return soundRepo(gate).files;
}

/** Edits of the sound repo, in a world that differs in `rest`. */
export function variationsOn(gate: Gate, rest: Partial<Example> = {}): Variation {
  const sound = soundRepo(gate);
  return variationsOf(sound.files, { ...sound, ...rest });
}
