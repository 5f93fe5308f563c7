import { z } from 'zod';
import { shortHash } from './hash.ts';
import type { Kept } from './kept.ts';

/** Where something is: a file of the audited repo (`target`) or of a sibling, and a 1-based line and column when they are known. */
export interface Place {
  readonly repo: string;
  readonly path: string;
  readonly line: number | null;
  readonly column?: number;
}

/** Anything a finding can point at: a YAML value, a line of text, or a file as a whole. */
export interface Located {
  readonly place: Place;
}

/**
 * One thing that is wrong, as a gate says it.
 * `rule` and `subject` are its identity together with the gate's name, so neither may hold a line number, a count or a date.
 */
export interface GateFinding {
  readonly rule: string;
  readonly subject: string;
  readonly at?: Located | undefined;
  readonly message: string;
}

/** One thing that is wrong; see `GateFinding` for what may be part of `rule` and `subject`. */
export function gateFinding(rule: string, subject: string, at: Located | undefined, message: string): GateFinding {
  return { rule, subject, at, message };
}

/** A problem with its place resolved, as it stands in a report. */
export const Finding = z
  .object({
    rule: z.string(),
    subject: z.string(),
    repo: z.string().describe('`target`, or the name of a sibling'),
    path: z.string().nullable(),
    line: z.int().nullable(),
    column: z.int().exactOptional().describe('1-based, where it is known'),
    message: z.string(),
    excerpt: z
      .string()
      .exactOptional()
      .describe('What stands there: of YAML the key and the value, else the line; masked and cut'),
  })
  .meta({ id: 'Finding' });
export type Finding = Kept<typeof Finding>;

/** Identity of a finding within its gate: rule and subject. */
export type FindingKey = string;

export function findingKey({ rule, subject }: { readonly rule: string; readonly subject: string }): FindingKey {
  return `${rule} ${subject}`;
}

/** Findings by identity, each once. */
export function findingKeys(findings: readonly Pick<Finding, 'rule' | 'subject'>[]): readonly FindingKey[] {
  return [...new Set(findings.map(findingKey))];
}

/** Beyond this, a text is what somebody's file holds rather than a sentence about it. */
const LONGEST = 500;

/** Resolves a problem's place; a problem without one belongs to the audited repo as a whole. What it quotes from files becomes one line of bearable length. */
export function toFinding({ rule, subject, at, message }: GateFinding): Finding {
  const { repo, path, line } = at?.place ?? { repo: 'target', path: null, line: null };
  const column = at?.place.column === undefined ? {} : { column: at.place.column };
  return { rule, subject: asSubject(subject), repo, path, line, ...column, message: oneLine(message) };
}

function oneLine(text: string): string {
  const line = joinLines(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** A subject is part of a finding's identity: what is cut off still tells it from others. */
function asSubject(text: string): string {
  const line = joinLines(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}… ${shortHash(line)}` : line;
}

function joinLines(text: string): string {
  return text.replace(/[\r\n]\s*/g, ' ');
}
