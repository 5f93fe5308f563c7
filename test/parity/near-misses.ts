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

/** Edits of the sound repo that the gate's first passing example shows, in a world that differs in `rest`. */
export function variationsOn(gate: Gate, rest: Partial<Example> = {}): Variation {
  const [sound] = gate.examples.pass;
  if (!sound) throw new Error(`${gate.name} has no passing example`);
  return variationsOf(sound.files, { ...sound, ...rest });
}
