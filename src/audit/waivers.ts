import { DAY } from '../core/durations.ts';
import type { Verdict } from '../core/gate.ts';
import type { Repo } from '../core/repo.ts';
import { redactText } from '../core/text/redact.ts';
import type { Waiver, Waivers } from '../core/waiver.ts';
import type { YamlValue } from '../core/yaml/value.ts';

export const WAIVERS_FILE = 'ops/bindings/audit.waivers.yaml';

const MAX_DAYS = 180;

/** Reads the waivers of the audited commit; `now` in ms since the epoch. An entry holds through the last second (UTC) of its `expires` day. */
export function readWaivers(repo: Repo, now: number): Waivers {
  if (!repo.isFile(WAIVERS_FILE)) return { active: [], problems: [], isReadable: true };
  if (!repo.isYaml(WAIVERS_FILE) || repo.yaml(WAIVERS_FILE).kind === 'list') {
    const problem = repo.isYaml(WAIVERS_FILE) ? 'is a list instead of a map' : 'is not readable as YAML';
    const problems = [`${WAIVERS_FILE} ${problem}; the waivers of the last readable version stay in force.`];
    return { active: [], problems, isReadable: false };
  }
  const problems: string[] = [];
  const active: Waiver[] = [];
  for (const entry of repo.yaml(WAIVERS_FILE).get('waivers').items) {
    const waiver = readEntry(entry, now);
    if (typeof waiver === 'string') problems.push(`${entry.place.path}:${entry.place.line}: ${waiver}`);
    else active.push(waiver);
  }
  return { active, problems, isReadable: true };
}

function readEntry(entry: YamlValue, now: number): Waiver | string {
  if (entry.kind !== 'map') return 'a waiver is a map with gate, reason, owner and expires.';
  const text = (key: string) => entry.get(key).or('').trim();
  const lacking = ['gate', 'reason', 'owner', 'expires'].filter((key) => text(key) === '');
  if (lacking.length > 0) return `this waiver has no ${lacking.join(', ')} and is not applied.`;
  const expires = text('expires');
  const end = /^\d{4}-\d{2}-\d{2}$/.test(expires) ? Date.parse(`${expires}T00:00:00Z`) + DAY : Number.NaN;
  if (Number.isNaN(end)) return `\`expires: ${expires}\` is no date (YYYY-MM-DD); this waiver is not applied.`;
  if (end <= now) return `the waiver for ${text('gate')} expired on ${expires}; renew or remove it.`;
  if (end - now > (MAX_DAYS + 1) * DAY)
    return `the waiver for ${text('gate')} runs more than ${MAX_DAYS} days; shorten it, it is not applied.`;
  return {
    gate: text('gate'),
    subject: text('subject') || null,
    reason: redactText(text('reason')),
    owner: redactText(text('owner')),
    expires,
  };
}

/** Whether a waiver covers a finding of a gate, which may be named by number or name. */
export function isWaivedBy(
  waiver: Waiver,
  gate: { readonly number: string; readonly name: string },
  subject: string,
): boolean {
  const isSameGate = waiver.gate === gate.number || waiver.gate === gate.name;
  return isSameGate && (waiver.subject === null || waiver.subject === subject);
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
    const isUnknown = named.some(({ verdict }) => verdict === 'blind' || verdict === 'crashed');
    return !isUnknown && !named.some((gate) => gate.findings.some(({ subject }) => isWaivedBy(waiver, gate, subject)));
  });
}
