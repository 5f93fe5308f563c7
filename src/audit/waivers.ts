import { DAY } from '../core/durations.ts';
import type { Located } from '../core/finding.ts';
import type { Verdict } from '../core/gate.ts';
import type { Repo } from '../core/repo.ts';
import { Abort, Exhausted, Unavailable } from '../core/signals.ts';
import type { FileMode } from '../core/snapshot.ts';
import { redactText } from '../core/text/redact.ts';
import type { Waiver, Waivers } from '../core/waiver.ts';
import type { YamlValue } from '../core/yaml/value.ts';
import { keptSubject } from './redact-report.ts';

export const WAIVERS_FILE = 'ops/bindings/audit.waivers.yaml';

const MAX_DAYS = 180;

const KEYS = ['gate', 'subject', 'reason', 'owner', 'expires'];

/**
 * Reads the waivers of the audited commit; `now` in ms since the epoch, `mode` as the tree has it. An entry holds through the last second (UTC) of its `expires` day.
 * Whatever is not exactly as it should be waives nothing and is named: a slip must never waive more than was meant.
 */
export function readWaivers(repo: Repo, now: number, mode: FileMode | undefined): Waivers {
  try {
    if (!repo.isFile(WAIVERS_FILE)) {
      return repo.isDirectory(WAIVERS_FILE) ? unreadable('is a folder; it has to be a file') : NO_WAIVERS;
    }
    if (mode !== '100644' && mode !== '100755')
      return unreadable('is a symbolic link, or is reached through one; make it a file');
    return readEntries(repo.yaml(WAIVERS_FILE), now);
  } catch (error) {
    if (error instanceof Abort) return unreadable(error.message, error.place.line);
    const isLasting = error instanceof Exhausted || (error instanceof Unavailable && error.isLasting);
    if (!isLasting) throw error;
    return unreadable(error.message);
  }
}

const NO_WAIVERS: Waivers = { active: [], problems: [], isReadable: true };

function unreadable(what: string, line: number | null = null): Waivers {
  const where = line === null ? WAIVERS_FILE : `${WAIVERS_FILE}:${line}`;
  const problem = `${where} cannot be used: ${what.replace(/[.;]?$/, '.')} The waivers of its last readable version stay in force.`;
  return { active: [], problems: [problem], isReadable: false };
}

function readEntries(file: YamlValue, now: number): Waivers {
  if (file.kind === 'absent' || file.kind === 'null') return NO_WAIVERS;
  if (file.kind !== 'map') return unreadable('the file is a map with the key `waivers`', file.place.line);
  const problems: string[] = [];
  const active: Waiver[] = [];
  const note = ({ place: { path, line } }: Located, problem: string) =>
    problems.push(`${path}:${line}: ${redactText(problem)}`);
  for (const [key, value] of file.entries) {
    if (key !== 'waivers') note(value, `\`${key}\` is not \`waivers\`; what stands below it is not applied.`);
  }
  const list = file.get('waivers');
  if (file.keys.filter((key) => key === 'waivers').length > 1) {
    return unreadable('the key `waivers` stands there more than once', list.place.line);
  }
  if (list.kind !== 'list' && list.kind !== 'absent' && list.kind !== 'null') {
    note(list, '`waivers` is not a list, so no waiver is applied. Begin each waiver with `- gate:`.');
    return { active, problems, isReadable: true };
  }
  for (const entry of list.items) {
    const waiver = readEntry(entry, now);
    if (typeof waiver === 'string') note(entry, waiver);
    else if (active.some(({ gate, subject }) => gate === waiver.gate && subject === waiver.subject))
      note(
        entry,
        `the waiver for ${waiver.gate} stands there already, so this one is not applied; remove one of them.`,
      );
    else active.push(waiver);
  }
  return { active, problems, isReadable: true };
}

/** The waiver, or why it is not applied and what to do. */
function readEntry(entry: YamlValue, now: number): Waiver | string {
  if (entry.kind !== 'map') return 'a waiver is a map with gate, reason, owner and expires; this one is not applied.';
  const { keys } = entry;
  const strange = keys.find((key) => !KEYS.includes(key));
  if (strange !== undefined) {
    return `a waiver has no \`${strange}\`, only ${KEYS.join(', ')}; this one is not applied. Correct or remove the key.`;
  }
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) return `\`${twice}\` stands twice in this waiver, which is not applied. Remove one of them.`;
  const odd = keys.find((key) => entry.get(key).kind !== 'scalar' || entry.get(key).raw.trim() === '');
  if (odd !== undefined) {
    return `\`${odd}\` is empty or no text, so this waiver is not applied. Fill it in${odd === 'subject' ? ', or leave the key out to waive every finding of the gate' : ''}.`;
  }
  const lacking = KEYS.filter((key) => key !== 'subject' && !keys.includes(key));
  if (lacking.length > 0) return `this waiver has no ${lacking.join(', ')} and is not applied.`;
  const text = (key: string) => entry.get(key).raw.trim();
  const [gate, expires] = [text('gate'), text('expires')];
  const end = lastSecond(expires);
  if (end === undefined) return `\`expires: ${expires}\` is not a date (YYYY-MM-DD); this waiver is not applied.`;
  if (end <= now) return `the waiver for ${gate} expired on ${expires}; renew or remove it.`;
  if (end - now > (MAX_DAYS + 1) * DAY) {
    return `the waiver for ${gate} runs more than ${MAX_DAYS} days; shorten it, it is not applied.`;
  }
  const subject = keys.includes('subject') ? keptSubject(text('subject')) : null;
  return { gate, subject, reason: redactText(text('reason')), owner: redactText(text('owner')), expires };
}

/** The end of a day in the calendar, in ms since the epoch; undefined for a day that there is not. */
function lastSecond(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const start = Date.parse(`${date}T00:00:00Z`);
  const isReal = !Number.isNaN(start) && new Date(start).toISOString().startsWith(date);
  return isReal ? start + DAY : undefined;
}

/** Whether a waiver covers a finding of a gate, which may be named by number or name. */
export function isWaivedBy(
  waiver: Waiver,
  gate: { readonly number: string; readonly name: string },
  subject: string,
): boolean {
  const isSameGate = waiver.gate === gate.number || waiver.gate === gate.name;
  return (
    isSameGate && (waiver.subject === null || waiver.subject === subject || waiver.subject === keptSubject(subject))
  );
}

/** Waivers that were kept from the last readable version of the file run out all the same. */
export function waiversInForce(waivers: Waivers, now: number): Waivers {
  return { ...waivers, active: waivers.active.filter(({ expires }) => Date.parse(`${expires}T00:00:00Z`) + DAY > now) };
}

/** Active waivers that cover no finding of this report's gates, those of gates aside that could not be judged. */
export function unusedWaivers(
  waivers: readonly Waiver[],
  gates: readonly {
    readonly number: string;
    readonly name: string;
    readonly verdict: Verdict;
    readonly findings: readonly { readonly subject: string }[];
  }[],
): readonly Waiver[] {
  return waivers.filter((waiver) => {
    const named = gates.filter(({ number, name }) => waiver.gate === number || waiver.gate === name);
    const isUnknown = named.some(({ verdict }) => !['pass', 'fail', 'skip'].includes(verdict));
    return !isUnknown && !named.some((gate) => gate.findings.some(({ subject }) => isWaivedBy(waiver, gate, subject)));
  });
}
