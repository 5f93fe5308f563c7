import { digest } from '../../core/digest.ts';
import { type FindingKey, findingKey } from '../../core/finding.ts';
import type { Verdict } from '../../core/gate.ts';
import type { GateReport } from '../../core/report.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Trace } from '../../core/trace.ts';
import { redactReport } from '../redact-report.ts';
import { CouldNotAudit } from '../registry/could-not-audit.ts';
import type { StoredVerdict } from '../reuse.ts';
import { type AuditRequest, runAudit } from '../run.ts';
import { EnoughJudged, type Mark } from './turn.ts';

/** A state of the world in which a gate is judged. */
export interface Scene {
  readonly target: Snapshot;
  readonly siblings: Readonly<Record<string, Snapshot>>;
  readonly now: number;
}

/** What a gate said in one scene. */
export interface Judged {
  readonly mark: Mark;
  readonly scene: Scene;
  readonly findings: GateReport['findings'];
  readonly facts: Trace['facts'];
  readonly flipsAt: number | null;
}

/** The same without the scene, which can be kept. */
export type Said = Omit<Judged, 'scene'>;

/** What earlier sittings found, where one search takes several. */
export interface CourtRecord {
  recall(scene: string): Said | undefined;
  /** Waited for after each scene that was judged. */
  keep(scene: string, said: Said): Promise<void>;
  /** Asked before a scene is judged. Throws `Adjourned` where it is left for the next sitting, `EnoughJudged` where it took too long. */
  mayJudge(): void;
}

/** The search goes on in the next sitting, with what is on record. */
export class Adjourned extends Error {
  override readonly name = 'Adjourned';
}

/** Everything about an audit that is the same in every scene. */
export type Circumstances = Pick<
  AuditRequest,
  'gates' | 'declare' | 'reported' | 'defaultRegistry' | 'governance' | 'lostSiblings' | 'scripts' | 'earlier'
> & {
  /** All is judged in one sitting where it is absent. */
  readonly record?: CourtRecord | undefined;
};

export interface Charge {
  /** The gate's name. */
  readonly gate: string;
  /** The findings that somebody has to answer for; any finding when null. */
  readonly findings: readonly FindingKey[] | null;
  /** Where the repo's own script judges the gate: the blob of the version whose verdict counts. Else no script is run. */
  readonly script?: string | undefined;
}

/** The version of the repo's own script whose verdict is the gate's; undefined where it is ours. */
export function scriptOf({ script }: GateReport, { entries }: Snapshot): string | undefined {
  if (!script || script.standing === 'compared') return undefined;
  return entries.get(script.path)?.sha ?? undefined;
}

/** Judges one gate in many scenes, with the gates that it asks. */
export interface Court {
  /** Throws `EnoughJudged`, `Adjourned`, and `SnapshotError` where nothing can be read now. */
  judge(scene: Scene): Promise<Judged>;
  /** How many scenes were judged. */
  readonly judged: number;
}

/** What the governance files decide about a gate is left aside where the gate by itself says the same: they change often. */
export type Procedure = 'alone' | 'governed';

/** A court that sits for at most `limit` scenes. A verdict that still holds counts as well: the scene had to be read. */
export function openCourt(
  charge: Charge,
  procedure: Procedure,
  { record, earlier, scripts, ...circumstances }: Circumstances,
  limit: { left: number },
): Court {
  const { gate: name } = charge;
  const version = earlier?.version ?? 'blame';
  let latest = earlier?.verdicts ?? new Map<string, StoredVerdict>();
  let judged = 0;
  const way = procedure === 'alone' ? { only: [name] } : { narrowedTo: name };
  const hear = async (scene: Scene): Promise<Said> => {
    try {
      const run = charge.script === undefined ? undefined : scripts;
      const known = { version, verdicts: latest };
      const audit = await runAudit({ ...circumstances, ...scene, ...way, scripts: run, earlier: known });
      latest = audit.verdicts;
      const gate = redactReport(audit.report).gates.find((each) => each.name === name);
      const { mark, findings } = gate ? answerOf(gate, charge, scene.target) : NOTHING_SAID;
      return { mark, findings, facts: audit.facts(), flipsAt: audit.flipsAt };
    } catch (error) {
      // There is no such gate at that commit, or no lanes.
      if (!(error instanceof CouldNotAudit)) throw error;
      return { ...NOTHING_SAID, facts: new Map(), flipsAt: null };
    }
  };
  return {
    get judged() {
      return judged;
    },
    async judge(scene) {
      if (limit.left <= 0) throw new EnoughJudged('enough states were judged');
      limit.left -= 1;
      judged += 1;
      const key = keyOf(charge, procedure, scene);
      const known = record?.recall(key);
      if (known) return { ...known, scene };
      record?.mayJudge();
      const said = await hear(scene);
      await record?.keep(key, said);
      return { ...said, scene };
    },
  };
}

const NOTHING_SAID: Pick<Said, 'mark' | 'findings'> = { mark: 'unclear', findings: [] };

/** All that tells one scene of a search from another. */
function keyOf({ gate, findings, script }: Charge, procedure: Procedure, { target, siblings, now }: Scene) {
  const heads = Object.entries(siblings).map(([name, { sha }]) => [name, sha]);
  return digest(JSON.stringify([gate, findings, script, procedure, target.sha, heads, now]));
}

/** What a gate says about the charge. It is a script's version that is certified, so its verdict counts at commits, too, that were not yet told so. */
function answerOf(gate: GateReport, { findings: keys, script }: Charge, { entries }: Snapshot) {
  const own = gate.verdict === 'provisional' ? gate.script : undefined;
  const counts = own && script !== undefined && entries.get(own.path)?.sha === script;
  const { verdict, findings } = counts ? own : gate;
  return { mark: markOf(verdict, findings, keys), findings };
}

function markOf(verdict: Verdict, findings: GateReport['findings'], keys: Charge['findings']): Mark {
  if (verdict === 'pass') return 'good';
  if (verdict !== 'fail') return 'unclear';
  if (keys === null) return 'bad';
  return findings.some((finding) => keys.includes(findingKey(finding))) ? 'bad' : 'good';
}
