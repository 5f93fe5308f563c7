import { parse } from 'yaml';
import { z } from 'zod';
import type { RegisteredGate } from './governance.ts';

const DefaultRegistry = z.object({
  gates: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      category: z.string(),
      severity: z.string(),
      inline: z.boolean().default(false),
    }),
  ),
});

/** Reads the text of `bindings/default-registry.yaml`. Throws when it is not of the form it has in this repository. */
export function parseDefaultRegistry(text: string): readonly RegisteredGate[] {
  return DefaultRegistry.parse(parse(text)).gates.map(({ inline, ...gate }) => ({
    ...gate,
    fixHint: '',
    script: '',
    isRetired: false,
    isInline: inline,
  }));
}
