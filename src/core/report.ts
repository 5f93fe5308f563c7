import { z } from 'zod';
import { BrokenBy } from './broken-by.ts';
import { DeclarationProblem } from './declaration.ts';
import { Finding } from './finding.ts';
import { Verdict } from './gate.ts';
import type { Kept } from './kept.ts';

const Count = z.int().nonnegative();
const Instant = z.iso.datetime();

/** A verdict from where a gate can run, with its age and origin. */
const ReportedVerdict = z
  .object({
    verdict: z.enum(['pass', 'fail', 'blind']),
    sha: z.string(),
    at: Instant,
    runner: z.string().describe('Who ran the gate'),
    output: z.array(z.string()).exactOptional().describe('The end of what it printed there, masked and cut'),
    otherwise: z.array(z.string()).exactOptional().describe('Runners that said otherwise of the same commit'),
  })
  .meta({ id: 'ReportedVerdict' });
export type ReportedVerdict = Kept<typeof ReportedVerdict>;

/** Why a gate is skipped for which there is no code. */
export const NOT_IMPLEMENTED = 'not implemented';

/** What the gate's own script says, run by the script engine. */
export const ScriptReport = z
  .object({
    path: z.string(),
    standing: z
      .enum(['certified', 'trusted', 'provisional', 'compared'])
      .describe(
        'Whether it is the verdict: it is where the script is certified, or the target trusts its scripts; a provisional one counts as nothing; one is compared where Lanekeeper judges the gate itself, the script has changed, and its verdict is the same or does not count',
      ),
    inPlaceOf: Verdict.exactOptional().describe("Lanekeeper's own verdict, where the changed script's counts instead"),
    verdict: z.enum(['pass', 'fail', 'blind', 'crashed']),
    reason: z.string().exactOptional(),
    findings: z.array(Finding).describe("Empty where they are the gate's"),
    output: z.array(z.string()).describe('What else it printed, masked and cut'),
  })
  .meta({ id: 'ScriptReport' });
export type ScriptReport = Kept<typeof ScriptReport>;

/** What one audit says of one gate. */
export const GateReport = z
  .object({
    number: z.string(),
    name: z.string(),
    category: z.string(),
    severity: z.string(),
    lanes: z.array(z.string()).describe('In lane order; empty when it was run by itself'),
    verdict: Verdict,
    reason: z.string().exactOptional().describe('Why it is blind, crashed or skipped'),
    unverified: z.array(z.string()).exactOptional().describe('Parts that cannot be judged from here'),
    ours: z.boolean().exactOptional().describe('Of a lane that Lanekeeper brings along'),
    runs: z.string().exactOptional().describe('The command that decides it, where it can run'),
    facts: z.array(z.string()).exactOptional().describe('What machines report that it read; no clone holds it'),
    scriptChanged: z.boolean().exactOptional().describe('The script changed since our verdict was verified against it'),
    script: ScriptReport.exactOptional(),
    reported: ReportedVerdict.exactOptional().describe('What a runner elsewhere said of it; it never overrules'),
    findings: z.array(Finding),
    brokenBy: BrokenBy.exactOptional().describe('What made it fail, where somebody asked and it could be found out'),
    fixHint: z.string().exactOptional().describe("The repo's own advice"),
    why: z.string().exactOptional().describe('What goes wrong in the real world when it fails'),
  })
  .meta({ id: 'GateReport' });
export type GateReport = Kept<typeof GateReport>;

export const LaneReport = z
  .object({
    id: z.string(),
    total: Count,
    pass: Count,
    fail: Count,
    blind: Count,
    crashed: Count,
    skip: Count,
    provisional: Count.exactOptional().describe('Absent where none is'),
    gates: z.array(z.string()),
    ours: z.boolean().exactOptional().describe('Brought along by Lanekeeper'),
  })
  .meta({ id: 'LaneReport' });
export type LaneReport = Kept<typeof LaneReport>;

/** The verdicts of one audit of one commit. */
export const Report = z
  .object({
    schemaVersion: z.literal(1),
    repo: z.string(),
    sha: z.string().nullable(),
    now: Instant.describe("The audit's clock"),
    complete: z
      .boolean()
      .describe(
        'Everything asked of the target was obtained, no gate crashed, every declared gate could be used. Siblings and machines do not count',
      ),
    error: z.string().exactOptional().describe('Why nothing could be audited'),
    problems: z.array(DeclarationProblem).exactOptional().describe('Mistakes in the gates that the repo declares'),
    certificates: z
      .string()
      .exactOptional()
      .describe('What is wrong with the list of certified scripts, so that none is'),
    unusable: z
      .array(z.string())
      .exactOptional()
      .describe('Entries of the governance files that have no usable name, so that nothing came of them'),
    bypass: z.string().exactOptional().describe('A stabilisation window that would let its own runs skip'),
    siblings: z.record(z.string(), z.string().nullable()),
    lanes: z.array(LaneReport),
    gates: z.array(GateReport),
  })
  .meta({ id: 'Report' });
export type Report = Kept<typeof Report>;

/** Whether an audit has nothing to say of the repo: every gate is blind, provisional or does not apply. That is not a pass. */
export function judgedNothing({ gates }: Pick<Report, 'gates'>): boolean {
  return gates.every(({ verdict }) => verdict === 'blind' || verdict === 'skip' || verdict === 'provisional');
}

/** A gate's number and name; a gate of a gate file has one word for both. */
export function gateTitle({ number, name }: Pick<GateReport, 'number' | 'name'>): string {
  return number === name ? name : `${number} ${name}`.trim();
}

/** Whether a gate's verdict is its own script's and nobody has certified that: nothing that it says counts. */
export function isProvisional({ script }: Pick<GateReport, 'script'>): boolean {
  return script?.standing === 'provisional';
}
