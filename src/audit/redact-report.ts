import type { Finding } from '../core/finding.ts';
import { shortHash } from '../core/hash.ts';
import type { GateReport, Report, ScriptReport } from '../core/report.ts';
import { redactText } from '../core/text/redact.ts';
import { type StoredVerdict, textsOf } from './reuse.ts';

/** Longer texts tell nobody more; the whole line is in the repo. */
const MAX_LENGTH = 2000;
const MAX_SUBJECT = 300;
/** Of what a script printed. */
const MAX_LINE = 300;

type Mask = typeof redactText;

/** Texts that this version has searched already. */
export interface Searched {
  /** A report that was redacted: masking leaves alone what it has masked. */
  readonly before?: Report | undefined;
  /** Verdicts that were found to hold no secret. */
  readonly verdicts?: Iterable<StoredVerdict>;
}

/** A report without anything that looks secret, before it goes anywhere. What was `searched` is not searched again. */
export function redactReport(report: Report, { before, verdicts = [] }: Searched = {}): Report {
  const { problems, gates } = report;
  const harmless = new Set(before ? shownIn(before) : []);
  for (const verdict of verdicts) for (const text of textsOf(verdict)) harmless.add(text);
  const mask: Mask = (text) => (harmless.has(text) ? text : redactText(text));
  const told = problems?.map((problem) => ({ ...problem, message: short(mask(problem.message)) }));
  return { ...report, ...(told ? { problems: told } : {}), gates: gates.map((gate) => redactGate(gate, mask)) };
}

/** What a redacted report says, without the texts that were cut there: those were masked as a whole. */
function shownIn({ gates }: Report): readonly string[] {
  const texts = gates.flatMap(({ reason, unverified = [], script, reported, fixHint, why, findings }) => [
    ...[reason, ...unverified, fixHint, why, script?.reason, ...(script?.output ?? []), ...(reported?.output ?? [])],
    ...[...findings, ...(script?.findings ?? [])].flatMap(({ subject, message, excerpt }) => [
      subject,
      message,
      excerpt,
    ]),
  ]);
  return texts.flatMap((text) => (text !== undefined && text.length < MAX_LINE ? [text] : []));
}

function redactGate(gate: GateReport, mask: Mask): GateReport {
  const { reason, unverified, script, reported, fixHint, why } = gate;
  return {
    ...gate,
    ...(script ? { script: redactScript(script, mask) } : {}),
    ...(reported?.output ? { reported: { ...reported, output: redactOutput(reported.output, mask) } } : {}),
    findings: gate.findings.map((finding) => redactFinding(finding, mask)),
    ...(reason === undefined ? {} : { reason: short(mask(reason)) }),
    ...(unverified ? { unverified: unverified.map((part) => short(mask(part))) } : {}),
    ...(fixHint === undefined ? {} : { fixHint: short(mask(fixHint)) }),
    ...(why === undefined ? {} : { why: short(mask(why)) }),
  };
}

function redactScript({ reason, findings, output, ...script }: ScriptReport, mask: Mask): ScriptReport {
  return {
    ...script,
    ...(reason === undefined ? {} : { reason: short(mask(reason)) }),
    findings: findings.map((finding) => redactFinding(finding, mask)),
    output: redactOutput(output, mask),
  };
}

function redactOutput(output: readonly string[], mask: Mask): string[] {
  return output.map((line) => mask(line).slice(0, MAX_LINE));
}

function redactFinding(finding: Finding, mask: Mask): Finding {
  const { subject, message, excerpt } = finding;
  const shown = { subject: keptSubject(subject, mask), message: short(mask(message)) };
  return { ...finding, ...shown, ...(excerpt === undefined ? {} : { excerpt: mask(excerpt) }) };
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
export function keptSubject(text: string, mask: Mask = redactText): string {
  const masked = mask(text);
  const fits = masked.length <= MAX_SUBJECT || (masked.length <= MAX_KEPT && CUT.test(masked));
  const shown = fits ? masked : `${masked.slice(0, MAX_SUBJECT)}… ${shortHash(masked)}`;
  return masked === text ? shown : `${shown} ${shortHash(text).slice(-4)}`;
}
