import { z } from 'zod';
import { TraceRow } from './verdict-row.ts';

const Texts = z.array(z.string());

/** What the governance files said, and all that it rests on. The interface is `StoredGovernance` of `src/audit/registry/kept-governance.ts`. */
export const GovernanceRow = TraceRow.extend({
  says: z.object({
    coreGates: Texts,
    assignments: z.array(z.object({ gate: z.string(), primary: z.string(), secondary: Texts })),
    domains: z.array(z.object({ id: z.string(), pathTriggers: Texts })),
    releaseSequence: Texts,
    profiles: z.array(z.tuple([z.string(), Texts])),
    gates: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        category: z.string(),
        severity: z.string(),
        fixHint: z.string(),
        script: z.string(),
        isRetired: z.boolean(),
        isInline: z.boolean(),
        isLeftToUs: z.boolean().exactOptional(),
        place: z
          .object({
            repo: z.string(),
            path: z.string(),
            line: z.number().nullable(),
            column: z.number().exactOptional(),
          })
          .exactOptional(),
      }),
    ),
    bypass: z.string().nullable(),
    unusable: Texts,
  }),
});
