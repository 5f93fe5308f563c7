import { type Audit, runAudit } from '../../src/audit/run.ts';
import { HOUR } from '../../src/core/durations.ts';
import type { FactRow, ReportedFacts } from '../../src/core/facts.ts';
import type { GateReport } from '../../src/core/report.ts';
import type { FileMode } from '../../src/core/snapshot.ts';
import { readDeclaredGates } from '../../src/declared/declare.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

export const NOW = Date.parse('2026-11-28T06:00:00Z');

/** Audits a small repo that declares gates. */
export async function auditDeclared(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: {
    readonly now?: number;
    readonly only?: readonly string[];
    readonly reported?: ReportedFacts;
    readonly modes?: Readonly<Record<string, FileMode>>;
  } = {},
): Promise<Audit> {
  const { modes = {}, ...request } = options;
  return runAudit({
    target: memorySnapshot({ files, modes }),
    siblings: {},
    now: NOW,
    gates: [],
    defaultRegistry: { gates: [], lanes: [] },
    declare: (repo, taken) => readDeclaredGates(repo, { taken }),
    ...request,
  });
}

/** What machines posted `age` ms ago: tables by machine and name. */
export function postedBy(
  machines: Readonly<Record<string, Readonly<Record<string, readonly FactRow[]>>>>,
  { age = HOUR } = {},
): ReportedFacts {
  const at = NOW - age;
  return {
    maxAge: 36 * HOUR,
    arrivals: Object.keys(machines).map((runner) => ({ kind: 'facts', runner, at })),
    tables: (name) =>
      Object.entries(machines).flatMap(([runner, tables]) => {
        const rows = tables[name];
        return rows ? [{ at, runner, rows }] : [];
      }),
  };
}

/** `verdict: rule subject @ path:line:column` of every gate, in the order of the report. */
async function verdicts(files: Readonly<Record<string, string | Uint8Array>>): Promise<readonly string[]> {
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
  files: Readonly<Record<string, string | Uint8Array>>,
  data = 'host: { files: hosts.yaml, each: "hosts[]" }',
): Promise<string> {
  const [verdict] = await verdicts({ ...files, 'lanekeeper.yaml': `data:\n  ${data}\ngates:\n  - ${gate}\n` });
  return verdict ?? 'no gate';
}
