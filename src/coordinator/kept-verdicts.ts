import type { StoredVerdict } from '../audit/reuse.ts';
import { auditUnderWay } from './gate-work.ts';
import { type Rows, VERDICT } from './rows.ts';
import type { KeptVerdict } from './verdict-row.ts';

type Verdicts = ReadonlyMap<string, StoredVerdict>;

/** Characters of one verdict; a larger one is found out again, which costs less memory than to keep it. */
const MOST_OF_ONE = 400_000;
/** Characters of all of them together: they are read at the start of every audit. */
const MOST_OF_ALL = 8_000_000;

/** The verdicts that earlier audits left, each in a row of its own, so that one more is one more write. */
export function keptVerdicts(rows: Rows): ReadonlyMap<string, KeptVerdict> {
  const kept = new Map<string, KeptVerdict>();
  for (const key of rows.verdictKeys()) {
    const verdict = rows.get(key);
    if (verdict) kept.set(key.slice(VERDICT.length), verdict);
  }
  return kept;
}

/** Keeps one verdict that the audit under way has just found out. */
export function keepVerdict(rows: Rows, key: string, verdict: StoredVerdict): void {
  if (JSON.stringify(verdict).length <= MOST_OF_ONE)
    rows.put(`${VERDICT}${key}`, { ...verdict, audit: auditUnderWay(rows) });
  else rows.delete(`${VERDICT}${key}`);
}

/** Keeps those that are not kept yet; `before` are the very ones that were read. */
export function addVerdicts(rows: Rows, before: Verdicts, found: Verdicts): void {
  const fresh = [...found].filter(([key, verdict]) => before.get(key) !== verdict);
  if (fresh.length === 0) return;
  rows.transaction(() => {
    for (const [key, verdict] of fresh) keepVerdict(rows, key, verdict);
  });
}

/** What a whole audit leaves: its verdicts and no others, the small ones first where they are too many. */
export function replaceVerdicts(rows: Rows, before: Verdicts, found: Verdicts): void {
  const kept = within(MOST_OF_ALL, found);
  const gone = rows.verdictKeys().filter((key) => !kept.has(key.slice(VERDICT.length)));
  if (gone.length > 0)
    rows.transaction(() => {
      for (const key of gone) rows.delete(key);
    });
  addVerdicts(rows, before, kept);
}

export function forgetVerdicts(rows: Rows): void {
  replaceVerdicts(rows, new Map(), new Map());
}

/** Characters of a verdict, but for what every one has: adding them up costs a tenth of writing it down. */
function sizeOf({ reason, unverified, findings, facts, output = [] }: StoredVerdict): number {
  let size = 0;
  for (const [question, answer] of facts) size += question.length + answer.length;
  for (const text of [reason ?? '', ...unverified, ...output]) size += text.length;
  for (const { rule, subject, message, path, excerpt } of findings)
    for (const text of [rule, subject, message, path, excerpt]) size += text?.length ?? 0;
  return size;
}

function within(limit: number, verdicts: Verdicts): Verdicts {
  const sized = [...verdicts].map((entry) => ({ entry, size: sizeOf(entry[1]) }));
  let left = limit;
  const kept = new Map<string, StoredVerdict>();
  for (const { entry, size } of sized.sort((one, other) => one.size - other.size)) {
    left -= size;
    if (left < 0) break;
    kept.set(...entry);
  }
  return kept;
}
