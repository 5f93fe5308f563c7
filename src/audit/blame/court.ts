import { type FindingKey, findingKey } from '../../core/finding.ts';
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

/** Everything about an audit that is the same in every scene. */
export type Circumstances = Pick<
  AuditRequest,
  'gates' | 'declare' | 'reported' | 'defaultRegistry' | 'governance' | 'lostSiblings' | 'scripts'
>;

export interface Charge {
  /** The gate's name. */
  readonly gate: string;
  /** The findings that somebody has to answer for; any finding when null. */
  readonly findings: readonly FindingKey[] | null;
}

/** Judges one gate in many scenes, with the gates that it asks. */
export interface Court {
  /** Throws `EnoughJudged`, and `SnapshotError` where nothing can be read now. */
  judge(scene: Scene): Promise<Judged>;
  /** How many scenes were judged. */
  readonly judged: number;
}

/** What the governance files decide about a gate is left aside where the gate by itself says the same: they change often. */
export type Procedure = 'alone' | 'governed';

/** A court that sits for at most `limit` scenes. A verdict that still holds counts as well: the scene had to be read. */
export function openCourt(
  { gate: name, findings: keys }: Charge,
  procedure: Procedure,
  circumstances: Circumstances,
  limit: { left: number },
): Court {
  let latest: readonly (readonly [string, StoredVerdict])[] = [];
  let judged = 0;
  const way = procedure === 'alone' ? { only: [name] } : { narrowedTo: name };
  return {
    get judged() {
      return judged;
    },
    async judge(scene) {
      if (limit.left <= 0) throw new EnoughJudged('enough states were judged');
      limit.left -= 1;
      judged += 1;
      try {
        const earlier = { version: 'blame', verdicts: new Map(latest) };
        const audit = await runAudit({ ...circumstances, ...scene, ...way, earlier });
        latest = [...audit.verdicts];
        const gate = redactReport(audit.report).gates.find((each) => each.name === name);
        return {
          mark: gate ? markOf(gate, keys) : 'unclear',
          scene,
          findings: gate?.findings ?? [],
          facts: audit.facts(),
          flipsAt: audit.flipsAt,
        };
      } catch (error) {
        // There is no such gate at that commit, or no lanes.
        if (!(error instanceof CouldNotAudit)) throw error;
        return { mark: 'unclear', scene, findings: [], facts: new Map(), flipsAt: null };
      }
    },
  };
}

function markOf({ verdict, findings }: GateReport, keys: readonly FindingKey[] | null): Mark {
  if (verdict === 'pass') return 'good';
  if (verdict !== 'fail') return 'unclear';
  if (keys === null) return 'bad';
  return findings.some((finding) => keys.includes(findingKey(finding))) ? 'bad' : 'good';
}
