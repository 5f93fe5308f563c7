import type { Declaration } from '../core/declaration.ts';
import { defined } from '../core/defined.ts';
import type { GateReport, LaneReport, Report } from '../core/report.ts';
import { Exhausted, Unavailable } from '../core/signals.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { countVerdicts } from '../core/verdict-counts.ts';
import type { Evaluation } from './evaluate.ts';
import { withExcerpt } from './excerpt.ts';
import type { Lane } from './registry/lanes.ts';
import { type SelectedGate, type Selection, UNIMPLEMENTED } from './registry/select.ts';
import type { World } from './world.ts';

export interface ReportParts {
  readonly target: Snapshot;
  readonly siblings: Readonly<Record<string, Snapshot>>;
  readonly now: number;
  readonly detailed?: boolean;
  readonly world: World;
  readonly selection: Selection;
  /** What the gates said that had to be run. */
  readonly evaluations: ReadonlyMap<SelectedGate, Evaluation | undefined>;
  readonly declaration: Declaration;
}

/** Puts together what one audit says: selection and verdicts, as people read them. */
export function assembleReport(parts: ReportParts): Report {
  const { target, siblings, now, world, selection, declaration } = parts;
  const gates = gateReports(parts);
  const isWhole = world.target.failures.size === 0 && declaration.mistakes.length === 0;
  const names = new Set(['workbench', ...Object.keys(siblings)]);
  return defined({
    schemaVersion: 1 as const,
    repo: target.repo,
    sha: target.sha,
    now: new Date(now).toISOString(),
    complete: isWhole && gates.every(({ verdict }) => verdict !== 'crashed'),
    problems: declaration.mistakes.length > 0 ? declaration.mistakes : undefined,
    bypass: selection.bypass,
    siblings: Object.fromEntries([...names].map((name) => [name, siblings[name]?.sha ?? null])),
    lanes: laneReports(selection.lanes, gates),
    gates,
  });
}

/** Findings with what stands at their places. What may not or cannot be quoted is left out. */
export function withExcerpts(evaluation: Evaluation, { target }: World): Evaluation {
  const findings = evaluation.findings.map((finding) => {
    try {
      return withExcerpt(finding, target);
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Exhausted) return finding;
      throw error;
    }
  });
  return { ...evaluation, findings };
}

function gateReports({ selection, evaluations, detailed = false }: ReportParts): readonly GateReport[] {
  const lanesById = idsByGate(selection.lanes);
  return selection.gates.map((selected): GateReport => {
    const { entry, gate, decided = UNIMPLEMENTED, scriptChanged, isOurs } = selected;
    const evaluation = evaluations.get(selected);
    const { verdict, reason, findings } = evaluation ?? decided;
    return defined({
      number: entry.id,
      name: entry.name,
      category: entry.category,
      severity: entry.severity,
      lanes: lanesById.get(gateKey(entry.id, isOurs)) ?? [],
      verdict,
      reason,
      unverified: evaluation && evaluation.unverified.length > 0 ? evaluation.unverified : undefined,
      ours: isOurs,
      runs: gate?.command?.command,
      scriptChanged: scriptChanged || undefined,
      findings,
      fixHint: entry.fixHint || gate?.fix || undefined,
      why: detailed ? gate?.why : undefined,
    });
  });
}

/** A gate of the repo's and one of ours may have the same number. */
function gateKey(id: string, isOurs: boolean | undefined): string {
  return `${isOurs ? 'ours' : 'theirs'} ${id}`;
}

/** The lanes that list a gate, in lane order. */
function idsByGate(lanes: readonly Lane[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, gates, isOurs } of lanes) {
    for (const gate of new Set(gates)) {
      const key = gateKey(gate, isOurs);
      found.set(key, [...(found.get(key) ?? []), id]);
    }
  }
  return found;
}

function laneReports(lanes: readonly Lane[], gates: readonly GateReport[]): readonly LaneReport[] {
  const verdicts = new Map(gates.map(({ number, ours, verdict }) => [gateKey(number, ours), verdict]));
  return lanes.map(({ id, gates: ids, isOurs }) => {
    const counts = countVerdicts(ids.map((number) => verdicts.get(gateKey(number, isOurs))));
    // A gate of ours that does not apply is no part of the total; in the repo's own lanes its registry decides what counts.
    const total = isOurs ? ids.length - counts.skip : ids.length;
    return defined({ id, total, ...counts, gates: ids, ours: isOurs });
  });
}
