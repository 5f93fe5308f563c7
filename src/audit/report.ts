import type { Declaration } from '../core/declaration.ts';
import { defined } from '../core/defined.ts';
import type { GateReport, LaneReport, Report, ScriptReport } from '../core/report.ts';
import type { ScriptAnswer } from '../core/script-gate.ts';
import { Exhausted, Unavailable } from '../core/signals.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { parseQuestion, questionText, type Trace } from '../core/trace.ts';
import { countVerdicts } from '../core/verdict-counts.ts';
import type { Certificates } from './certificates.ts';
import type { Evaluation } from './evaluate.ts';
import { quotationOf, withExcerpt } from './excerpt.ts';
import type { Lane } from './registry/lanes.ts';
import { type Decided, type SelectedGate, type Selection, UNIMPLEMENTED } from './registry/select.ts';
import type { StoredVerdict } from './reuse.ts';
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
  readonly scripts: ScriptVerdicts;
  readonly declaration: Declaration;
}

/** What the repo's own scripts said, by path, and which of that counts. */
export interface ScriptVerdicts {
  readonly answers: ReadonlyMap<string, ScriptAnswer>;
  readonly certificates: Certificates;
  readonly areTrusted: boolean;
}

/** Puts together what one audit says: selection and verdicts, as people read them. */
export function assembleReport(parts: ReportParts): Report {
  const { target, siblings, now, world, selection, declaration, scripts } = parts;
  const gates = gateReports(parts);
  const isRead = world.target.failures.size === 0 && !gates.some((gate) => hasLostSomething(gate, scripts));
  const isWhole = isRead && declaration.mistakes.length === 0;
  const readsWorkbench = selection.gates.some(({ gate }) => gate !== undefined && gate.mirrors.length > 0);
  const names = new Set([...(readsWorkbench ? ['workbench'] : []), ...Object.keys(siblings)]);
  return defined({
    schemaVersion: 1 as const,
    repo: target.repo,
    sha: target.sha,
    now: new Date(now).toISOString(),
    complete: isWhole && gates.every(({ verdict }) => verdict !== 'crashed'),
    problems: declaration.mistakes.length > 0 ? declaration.mistakes : undefined,
    certificates: scripts.certificates.problem,
    unusable: selection.unusable?.length ? selection.unusable : undefined,
    bypass: selection.bypass,
    siblings: Object.fromEntries([...names].map((name) => [name, siblings[name]?.sha ?? null])),
    lanes: laneReports(selection.lanes, gates),
    gates,
  });
}

/**
 * Findings with what stands at their places. What may not or cannot be quoted is left out.
 * What the gate quoted `before` of a file that is still the same is not looked up again: for that, the whole file is parsed.
 */
export function withExcerpts(evaluation: Evaluation, { target }: World, before?: StoredVerdict): Evaluation {
  const { facts } = evaluation.trace;
  const quoted = before && quotedBefore(before, facts);
  const findings = evaluation.findings.map((finding) => {
    const excerpt = quoted?.get(quotationOf(finding));
    if (excerpt !== undefined) return { ...finding, excerpt };
    try {
      return withExcerpt(finding, target);
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Exhausted) return finding;
      throw error;
    }
  });
  return { ...evaluation, findings };
}

/** What was quoted of the files that the gate found as they are now. */
function quotedBefore(before: StoredVerdict, facts: Trace['facts']): ReadonlyMap<string, string> {
  const isSame = new Set(before.facts.filter(([text, answer]) => facts.get(text) === answer).map(([text]) => text));
  const quoted = new Map<string, string>();
  for (const finding of before.findings) {
    const { repo, path, excerpt } = finding;
    const isThere = path !== null && isSame.has(questionText({ kind: 'path', repo, subject: path }));
    if (isThere && excerpt !== undefined) quoted.set(quotationOf(finding), excerpt);
  }
  return quoted;
}

/** Whether a script whose verdict counts could not read what it may read next time. */
function hasLostSomething({ script }: GateReport, { answers }: ScriptVerdicts): boolean {
  if (script?.standing !== 'certified' && script?.standing !== 'trusted') return false;
  const asked = answers.get(script.path)?.trace.facts.keys() ?? [];
  return [...asked].some((text) => parseQuestion(text)?.kind === 'lost');
}

function gateReports({ selection, evaluations, scripts, detailed = false }: ReportParts): readonly GateReport[] {
  const lanesById = idsByGate(selection.lanes);
  return selection.gates.map((selected): GateReport => {
    const { entry, gate, scriptChanged, isOurs } = selected;
    const evaluation = evaluations.get(selected);
    const script = scriptReport(selected, evaluation, scripts);
    const said = scriptSays(script, scripts) ?? evaluation ?? selected.decided ?? UNIMPLEMENTED;
    return defined({
      number: entry.id,
      name: entry.name,
      category: entry.category,
      severity: entry.severity,
      lanes: lanesById.get(gateKey(entry.id, isOurs)) ?? [],
      verdict: said.verdict,
      reason: said.reason,
      unverified: said.unverified.length > 0 ? said.unverified : undefined,
      ours: isOurs,
      runs: gate?.command?.command,
      facts: factsRead(evaluation),
      scriptChanged: scriptChanged || undefined,
      script: script && { ...script, findings: said.findings === script.findings ? [] : script.findings },
      findings: said.findings,
      fixHint: entry.fixHint || gate?.fix || undefined,
      why: detailed ? gate?.why : undefined,
    });
  });
}

/** How every question begins that asks what machines reported. */
const REPORTED = questionText({ kind: 'reported', repo: 'machines', subject: '' });

/** Names of the tables of facts that a verdict rests on; undefined where it rests on none. */
function factsRead(evaluation: Evaluation | undefined): readonly string[] | undefined {
  const asked = [...(evaluation?.trace.facts.keys() ?? [])].filter((text) => text.startsWith(REPORTED));
  const tables = asked.map((text) => text.slice(REPORTED.length).replace(/^table /, ''));
  return tables.length > 0 ? tables : undefined;
}

/** What a selected gate's own script said, and what that is worth; undefined where it was not asked. */
function scriptReport(
  { gate, script }: SelectedGate,
  ours: Evaluation | undefined,
  { answers, certificates, areTrusted }: ScriptVerdicts,
): ScriptReport | undefined {
  const answer = script && answers.get(script.path);
  if (!script || !answer) return undefined;
  const { verdict, reason, findings, output } = answer;
  const { path, sha } = script;
  const isCertified = sha !== null && certificates.blobs.get(path)?.has(sha) === true;
  const counts = isCertified ? 'certified' : areTrusted ? 'trusted' : 'provisional';
  const inPlaceOf = counts !== 'provisional' && overrules(answer, ours) ? ours?.verdict : undefined;
  const standing = gate && inPlaceOf === undefined ? 'compared' : counts;
  const printed = verdict === 'pass' ? [] : output;
  return defined({ path, standing, inPlaceOf, verdict, reason, findings, output: printed } as const);
}

/** Our verdict was verified against an earlier script than the one that speaks now. Where both fail, our findings stay, which know their places. */
function overrules({ verdict }: ScriptAnswer, ours: Evaluation | undefined): boolean {
  return (verdict === 'pass' || verdict === 'fail') && verdict !== ours?.verdict;
}

/** What a script's answer makes of the gate. A provisional one stands beside the verdict; that it is blind is no claim, so it can be said as it is. */
function scriptSays(script: ScriptReport | undefined, { answers }: ScriptVerdicts): Decided | undefined {
  if (!script || script.standing === 'compared') return undefined;
  const { path, standing, verdict, reason, findings } = script;
  const unverified = answers.get(path)?.unverified ?? [];
  if (standing !== 'provisional') return { verdict, reason, findings, unverified };
  const isBlind = verdict === 'blind';
  return { verdict: isBlind ? verdict : 'provisional', reason, findings: [], unverified };
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
    return defined({ id, total, ...counts, provisional: counts.provisional || undefined, gates: ids, ours: isOurs });
  });
}
