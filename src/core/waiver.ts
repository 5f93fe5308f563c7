import { z } from 'zod';
import type { Kept } from './kept.ts';

/** A waiver that is in force. */
export const Waiver = z
  .object({
    gate: z.string(),
    subject: z.string().nullable().describe('Null waives every finding of the gate'),
    reason: z.string(),
    owner: z.string(),
    expires: z.string().describe('ISO date, the last day on which it holds'),
  })
  .meta({ id: 'Waiver' });
export type Waiver = Kept<typeof Waiver>;

/** The waivers of an ops repo at one moment. */
export const Waivers = z.object({
  active: z.array(Waiver),
  problems: z.array(z.string()).describe('What is wrong with the file or with single entries, with file and line'),
  isReadable: z.boolean().describe('False when the file could not be read as a whole: then nothing is known'),
});
export type Waivers = Kept<typeof Waivers>;
