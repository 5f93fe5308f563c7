import type { Finding } from '../core/finding.ts';
import { redactText } from '../core/redact.ts';
import type { GateReport, Report } from '../core/report.ts';

const KEY =
  '[\\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credentials?|bearer|auth)';
/** `password: x`, `"token" = 'x y'`, `api_key is x`, anywhere in a sentence. */
const ASSIGNMENT = new RegExp(
  `(\\b${KEY}["'\`]?\\s*(?:[:=]+|\\bis\\b)\\s*)("[^"]*"|'[^']*'|\`[^\`]*\`|[^\\s,;)]+)`,
  'gi',
);

/** Text from the audited repo as it may be stored and shown: secrets by form, and values that follow a key that looks secret, are masked. */
export function redactSentence(text: string): string {
  return redactText(text).replace(ASSIGNMENT, '$1•••');
}

/** A report without anything that looks secret, before it goes anywhere. */
export function redactReport(report: Report): Report {
  return { ...report, gates: report.gates.map(redactGate) };
}

function redactGate(gate: GateReport): GateReport {
  const { reason, unverified } = gate;
  return {
    ...gate,
    findings: gate.findings.map(redactFinding),
    ...(reason === undefined ? {} : { reason: redactSentence(reason) }),
    ...(unverified ? { unverified: unverified.map(redactSentence) } : {}),
  };
}

function redactFinding(finding: Finding): Finding {
  return { ...finding, subject: redactText(finding.subject), message: redactSentence(finding.message) };
}
