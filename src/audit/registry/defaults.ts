import { parse } from 'yaml';
import { z } from 'zod';
import type { RegisteredGate } from './governance.ts';
import type { Lane } from './lanes.ts';

const Registry = z.object({
  gates: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      category: z.string(),
      severity: z.string(),
      inline: z.boolean().default(false),
    }),
  ),
  lanes: z.record(z.string(), z.array(z.string())),
});

/** The gates and lanes that Lanekeeper brings, for whoever has no registry. */
export interface DefaultRegistry {
  readonly gates: readonly RegisteredGate[];
  readonly lanes: readonly Lane[];
}

/** Reads the text of `bindings/default-registry.yaml`. Throws when it is not of the form it has in this repository. */
export function parseDefaultRegistry(text: string): DefaultRegistry {
  const { gates, lanes } = Registry.parse(parse(text));
  return {
    gates: gates.map(({ inline, ...gate }) => ({
      ...gate,
      fixHint: '',
      script: '',
      isRetired: false,
      isInline: inline,
    })),
    lanes: Object.entries(lanes).map(([id, ids]) => ({ id, gates: ids })),
  };
}
