import { type Audit, runAudit } from '../../src/audit/run.ts';
import type { GateReport } from '../../src/core/report.ts';
import { readDeclaredGates } from '../../src/declared/declare.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

const NOW = Date.parse('2026-11-28T06:00:00Z');

/** Audits a small repo that declares gates. */
export async function auditDeclared(
  files: Readonly<Record<string, string>>,
  options: { readonly now?: number; readonly only?: readonly string[] } = {},
): Promise<Audit> {
  return runAudit({
    target: memorySnapshot({ files }),
    siblings: {},
    now: NOW,
    gates: [],
    defaultRegistry: { gates: [], lanes: [] },
    declare: (repo, taken) => readDeclaredGates(repo, { taken }),
    ...options,
  });
}

/** `verdict: rule subject @ path:line:column` of every gate, in the order of the report. */
async function verdicts(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { report } = await auditDeclared(files);
  return report.gates.map(gateInWords);
}

export function gateInWords({ number, verdict, reason, findings }: GateReport): string {
  const found = findings.map(
    ({ rule, subject, path, line, column }) => `${rule} ${subject} @ ${[path, line, column].filter(Boolean).join(':')}`,
  );
  return `${number} ${[verdict, ...(reason === undefined ? [] : [`(${reason})`]), ...found].join(' | ')}`;
}

/** The one gate of a repo with these tables and this gate. */
export async function judge(
  gate: string,
  files: Readonly<Record<string, string>>,
  data = 'host: { files: hosts.yaml, each: "hosts[]" }',
): Promise<string> {
  const [verdict] = await verdicts({ ...files, 'lanekeeper.yaml': `data:\n  ${data}\ngates:\n  - ${gate}\n` });
  return verdict ?? 'no gate';
}
