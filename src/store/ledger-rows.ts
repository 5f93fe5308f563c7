import { z } from 'zod';
import type { Ledger } from '../core/ledger.ts';
import { type Migration, upgrade } from './version.ts';

/** The ledger's own version is one of its rows. */
const VERSION_KEY = 'schema-version';

/**
 * Version 0 had no number, and the rows of version 1. Version 2 knows more of each issue, and orders heads instead of dating them.
 * A change of what any row means gets a migration here, and a fixture of the version before it in test/coordinator/fixtures/stored.
 */
const MIGRATIONS: readonly Migration<Ledger>[] = [(ledger) => ledger, describeIssues];

type Row = Readonly<Record<string, unknown>>;

function describeIssues(ledger: Ledger): Ledger {
  const inbox = ledger.get('inbox') as (Row & { gates: Record<string, Row & { issue: Row | null }> }) | undefined;
  if (inbox) {
    const unknown = { closedSha: null, isHeld: false, follows: null };
    const gates = Object.entries(inbox.gates).map(([name, gate]) => [
      name,
      { ...gate, issue: gate.issue && { ...unknown, ...gate.issue } },
    ]);
    const [gapInbox, broken] = [inbox.gapInbox, inbox.broken].map((standing) =>
      standing ? { isPinned: false, ...standing } : null,
    );
    ledger.put('inbox', { ...inbox, gates: Object.fromEntries(gates), gapInbox, broken });
  }
  // Heads are ordered from here on; what was in flight is planned anew, and found by its marker.
  for (const key of ['head', ...ledger.keys('intent/'), ...ledger.keys('done/')]) ledger.delete(key);
  return ledger;
}

/** The number that the present version writes. */
export const LEDGER_VERSION = MIGRATIONS.length;

/** Brings a ledger to the present version, all or nothing. Throws `NewerVersionError` for one that a newer Lanekeeper wrote. */
export function upgradeLedger(ledger: Ledger, migrations = MIGRATIONS): void {
  const version = ledger.get(VERSION_KEY);
  if (version === migrations.length) return;
  ledger.transaction(() => {
    upgrade(ledger, version, migrations, "This target's ledger");
    ledger.put(VERSION_KEY, migrations.length);
  });
}

const Instant = z.number();
const Standing = z.looseObject({ number: z.int(), revision: z.int() }).nullable();

const StepRow = z.looseObject({ at: Instant, kind: z.string(), issue: z.int().nullable() });

/** What nothing but the ledger knows: a row that does not fit stops the target, rather than being taken for day one. */
const IRREPLACEABLE: Readonly<Record<string, z.ZodType>> = {
  [VERSION_KEY]: z.int(),
  repo: z.string(),
  inbox: z.looseObject({
    startedAt: Instant.nullable(),
    gates: z.record(
      z.string(),
      z.looseObject({
        revision: z.int(),
        baseline: z.array(z.string()).nullable(),
        issue: z
          .looseObject({ number: z.int(), phase: z.string(), findings: z.array(z.string()), openedAt: Instant })
          .nullable(),
      }),
    ),
    group: Standing,
    gapInbox: Standing,
    broken: Standing,
    failedAudits: z.int(),
  }),
  'intent/': StepRow,
  'done/': StepRow,
};

/** What the next audit finds out again: a row that does not fit counts as absent. */
const REPLACEABLE: Readonly<Record<string, z.ZodType>> = {
  login: z.string(),
  head: z.looseObject({ sha: z.string(), earlier: z.array(z.string()) }),
  notBefore: Instant,
  acceptances: z.array(z.looseObject({ at: Instant, by: z.string(), reason: z.string() })),
  pending: z.looseObject({ trigger: z.string(), at: Instant }),
  lease: z.looseObject({ life: z.string(), until: Instant }),
  last: z.looseObject({
    report: z.looseObject({ schemaVersion: z.literal(1), sha: z.string().nullable(), gates: z.array(z.unknown()) }),
    flipsAt: Instant.nullable(),
    engine: z.string(),
    siblings: z.record(z.string(), z.string()),
  }),
  status: z.looseObject({ sha: z.string(), state: z.string(), description: z.string() }),
  summary: z.looseObject({ id: z.string(), strip: z.string() }),
  standings: z.record(z.string(), z.looseObject({ strip: z.string() })),
  deliveries: z.array(z.string()),
  writes: z.array(Instant),
};

/** A row of the ledger is not what this version wrote. */
export class LedgerRowError extends Error {
  override readonly name = 'LedgerRowError';
}

/** Whether the tables above know the row. */
export function isKnownRow(key: string): boolean {
  const name = nameOf(key);
  return name in REPLACEABLE || name in IRREPLACEABLE;
}

function nameOf(key: string): string {
  return /^(?:intent|done)\//.exec(key)?.[0] ?? key;
}

/** A row as it was read, checked. Rows that the tables do not know pass. Throws `LedgerRowError` for what cannot be found out again. */
export function checkRow(key: string, value: unknown): unknown {
  const name = nameOf(key);
  const schema = REPLACEABLE[name] ?? IRREPLACEABLE[name];
  const parsed = schema?.safeParse(value);
  if (!parsed || parsed.success) return value;
  if (name in REPLACEABLE) return undefined;
  const [issue] = parsed.error.issues;
  throw new LedgerRowError(`the ledger's row ${key} is damaged (${issue?.path.join('.')}: ${issue?.message})`);
}
