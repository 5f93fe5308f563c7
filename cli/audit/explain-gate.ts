import { type GateReport, gateTitle, type Report } from '../../src/core/report.ts';
import { plural } from '../../src/core/text/plural.ts';
import { isPartlyOpen, isReportable, isUnjudged } from '../../src/reported/reportable.ts';
import type { AuditArguments } from './arguments.ts';
import type { Explanation } from './explain.ts';
import { explainScriptOf } from './explain-script.ts';

/** How one gate was judged, and where the rest of its verdict is found out, if anywhere. Throws `SnapshotError`. */
export async function explainGate(report: Report, options: AuditArguments, rows: Explanation): Promise<string> {
  const gate = report.gates.find(({ name, number }) => name === options.explain || number === options.explain);
  if (!gate) return `There is no gate ${options.explain} among those of this audit.`;
  const judged = rows.inWords() ?? (gate.script ? await explainScriptOf(gate, gate.script, options) : inWords(gate));
  const elsewhere = decidedElsewhere(gate, report.sha);
  return elsewhere === undefined ? judged : `${judged}\n\n${elsewhere}`;
}

/** A gate that neither rows nor a script explain. */
function inWords(gate: GateReport): string {
  const { verdict, reason, findings, unverified = [] } = gate;
  const count = findings.length > 0 ? `, ${plural(findings.length, 'finding')}` : '';
  const code = isCheck(gate) ? '' : "\n  Lanekeeper's own code judges it; docs/gates.md says what it looks at.";
  return [
    `${gateTitle(gate)}: ${verdict}${count}${reason === undefined ? '' : `, ${reason}`}${code}`,
    ...unverified.map((part) => `  ? not verified: ${part}`),
  ].join('\n');
}

/** What decides a gate that this command cannot judge, or not as a whole, and where to look it up; undefined for any other. */
function decidedElsewhere(gate: GateReport, sha: string | null): string | undefined {
  const { name, number, facts } = gate;
  const page = `The gate's page in the Worker's dashboard, /<owner>/<name>/gates/${encodeURIComponent(number)},`;
  if (isCheck(gate)) {
    const at = sha === null ? 'the audited commit' : `commit ${sha.slice(0, 10)}`;
    return `CI decides this gate. The Worker reads from GitHub how the check ended at ${at}; a clone does not hold that.\n${page} shows what it read. So does GitHub, beside the commit.`;
  }
  if (facts !== undefined)
    return `This gate asks what machines post to the Worker. A clone does not hold that, so this command judges as if nobody ever posted anything.\n${page} shows the verdict that rests on it, with the machine and the time.`;
  if (!isReportable(gate) || !(isUnjudged(gate) || isPartlyOpen(gate))) return undefined;
  return [
    'A runner can decide what is open here. Its results are kept by the Worker; a clone does not hold them.',
    `${page} says who ran it last, when, at which commit, and what it printed.`,
    `\`npm run report -- <clone> --gate ${number === '' ? name : number}\` runs it on this machine.`,
  ].join('\n');
}

/** Whether it stands for a check of CI: no other gate has a colon in its name. */
function isCheck({ name, ours }: GateReport): boolean {
  return ours === true && name.startsWith('check: ');
}
