import type { Finding } from '../core/finding.ts';
import { shortHash } from '../core/hash.ts';
import type { GateReport, Report } from '../core/report.ts';
import { redactText } from '../core/text/redact.ts';

const KEY =
  '[\\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credentials?|bearer|auth)';
/** `password: x`, `"token":"x y"`, `api_key=x`, anywhere in a sentence; not the name in `secret:name`. */
const ASSIGNMENT = new RegExp(
  `(\\b${KEY}["'\`]?\\s*(?::\\s+|:(?=["'\`])|=\\s*))("[^"]*"|'[^']*'|\`[^\`]*\`|[^\\s,;)]+)`,
  'gi',
);
/** Longer texts tell nobody more; the whole line is in the repo. */
const MAX_LENGTH = 2000;
const MAX_SUBJECT = 300;

/** Text from the audited repo as it may be stored and shown: secrets by form, and values that follow a key that looks secret, are masked. */
export function redactSentence(text: string): string {
  return redactText(text).replace(ASSIGNMENT, (whole, key: string, value: string) =>
    value.startsWith('•••') ? whole : `${key}•••`,
  );
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
    ...(reason === undefined ? {} : { reason: short(redactSentence(reason)) }),
    ...(unverified ? { unverified: unverified.map((part) => short(redactSentence(part))) } : {}),
  };
}

function redactFinding(finding: Finding): Finding {
  const { subject, message, excerpt } = finding;
  const shown = { subject: shortSubject(subject), message: short(redactSentence(message)) };
  return { ...finding, ...shown, ...(excerpt === undefined ? {} : { excerpt: redactSentence(excerpt) }) };
}

function short(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** Part of a finding's identity: what is cut off still tells it from others. */
function shortSubject(text: string): string {
  const subject = redactSentence(text);
  return subject.length > MAX_SUBJECT ? `${subject.slice(0, MAX_SUBJECT)}… ${shortHash(subject)}` : subject;
}
