import type { Finding } from '../core/finding.ts';
import { shortHash } from '../core/hash.ts';
import type { GateReport, Report, ScriptReport } from '../core/report.ts';
import { redactText } from '../core/text/redact.ts';

/** Longer texts tell nobody more; the whole line is in the repo. */
const MAX_LENGTH = 2000;
const MAX_SUBJECT = 300;
/** Of what a script printed. */
const MAX_LINE = 300;

/** A report without anything that looks secret, before it goes anywhere. */
export function redactReport(report: Report): Report {
  const { problems, gates } = report;
  const told = problems?.map((problem) => ({ ...problem, message: short(redactText(problem.message)) }));
  return { ...report, ...(told ? { problems: told } : {}), gates: gates.map(redactGate) };
}

function redactGate(gate: GateReport): GateReport {
  const { reason, unverified, script, fixHint, why } = gate;
  return {
    ...gate,
    ...(script ? { script: redactScript(script) } : {}),
    findings: gate.findings.map(redactFinding),
    ...(reason === undefined ? {} : { reason: short(redactText(reason)) }),
    ...(unverified ? { unverified: unverified.map((part) => short(redactText(part))) } : {}),
    ...(fixHint === undefined ? {} : { fixHint: short(redactText(fixHint)) }),
    ...(why === undefined ? {} : { why: short(redactText(why)) }),
  };
}

function redactScript({ reason, findings, output, ...script }: ScriptReport): ScriptReport {
  return {
    ...script,
    ...(reason === undefined ? {} : { reason: short(redactText(reason)) }),
    findings: findings.map(redactFinding),
    output: output.map((line) => redactText(line).slice(0, MAX_LINE)),
  };
}

function redactFinding(finding: Finding): Finding {
  const { subject, message, excerpt } = finding;
  const shown = { subject: keptSubject(subject), message: short(redactText(message)) };
  return { ...finding, ...shown, ...(excerpt === undefined ? {} : { excerpt: redactText(excerpt) }) };
}

function short(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** What follows a subject that was cut here: the hash of all of it, and of one that was masked as well, a part of that hash. */
const CUT = /… [0-9a-f]{16}(?: [0-9a-f]{4})?$/;
const MAX_KEPT = MAX_SUBJECT + 23;

/**
 * A finding's subject as it is kept and shown; once more, it stays the same. It is part of the finding's identity, so what was masked or cut
 * still tells it from others by a hash. Of a masked one that is only 16 bits, which tell two secrets apart and nobody what they are.
 */
export function keptSubject(text: string): string {
  const masked = redactText(text);
  const fits = masked.length <= MAX_SUBJECT || (masked.length <= MAX_KEPT && CUT.test(masked));
  const shown = fits ? masked : `${masked.slice(0, MAX_SUBJECT)}… ${shortHash(masked)}`;
  return masked === text ? shown : `${shown} ${shortHash(text).slice(-4)}`;
}
