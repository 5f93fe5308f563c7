import type { Ledger } from '../core/ledger.ts';
import { type Migration, renamed, upgrade } from './version.ts';

/** The ledger's own version is one of its rows. */
const VERSION_KEY = 'schema-version';

/**
 * Version 0 had no number, and the rows of version 1. Version 2 knows more of each issue, and orders heads instead of dating them.
 * Version 3 counts requests, and tells an audit's clock from when it may run. Version 4 says what it means: histories of gates, changes of an issue's state, gates that newly fail.
 * Version 5 has a row for each verdict.
 * A change of what any row means gets a migration here, and a fixture of the version before it in test/coordinator/fixtures/stored.
 */
const MIGRATIONS: readonly Migration<Ledger>[] = [
  (ledger) => ledger,
  describeIssues,
  countRequests,
  sayWhatIsMeant,
  splitVerdicts,
];

type Row = Readonly<Record<string, unknown>>;

function describeIssues(ledger: Ledger): Ledger {
  const inbox = ledger.get('inbox') as (Row & { gates: Record<string, Row & { issue: Row | null }> }) | undefined;
  if (inbox) {
    const unknown = { closedSha: null, isHeld: false, follows: null };
    const gates = Object.entries(inbox.gates).map(([name, gate]) => [
      name,
      { ...gate, issue: gate.issue && { ...unknown, ...gate.issue } },
    ]);
    const [gapInbox, broken] = [inbox.gapInbox, inbox.broken].map((single) =>
      single ? { isPinned: false, ...single } : null,
    );
    ledger.put('inbox', { ...inbox, gates: Object.fromEntries(gates), gapInbox, broken });
  }
  // Heads are ordered from here on; what was in flight is planned anew, and found by its marker.
  for (const key of ['head', ...ledger.keys('intent/'), ...ledger.keys('done/')]) ledger.delete(key);
  return ledger;
}

function countRequests(ledger: Ledger): Ledger {
  const pending = ledger.get('pending') as Row | undefined;
  if (pending) {
    const { trigger, at, changedPaths, force, attempt = 0 } = pending;
    const isRetry = trigger === 'retry';
    const paths = changedPaths === undefined ? {} : { changedPaths };
    const forced = force === true ? { force } : {};
    const due = isRetry ? { notBefore: at } : {};
    ledger.put('pending', { trigger, at, requests: 1, attempt, lookups: 0, ...paths, ...forced, ...due });
  }
  return ledger;
}

function sayWhatIsMeant(ledger: Ledger): Ledger {
  const inbox = ledger.get('inbox') as (Row & { gates: Record<string, Row & { issue: Row | null }> }) | undefined;
  if (inbox) {
    const gates = Object.entries(inbox.gates).map(([name, gate]) => [
      name,
      { ...gate, issue: gate.issue && renamed(gate.issue, 'turns', 'stateChanges') },
    ]);
    ledger.put('inbox', { ...inbox, gates: Object.fromEntries(gates) });
  }
  const summary = ledger.get('summary') as Row | undefined;
  if (summary) ledger.put('summary', renamed(summary, 'fresh', 'newlyFailing'));
  const histories = ledger.get('standings');
  if (histories !== undefined) ledger.put('histories', histories);
  ledger.delete('standings');
  return ledger;
}

function splitVerdicts(ledger: Ledger): Ledger {
  const verdicts = ledger.get('verdicts');
  if (Array.isArray(verdicts)) for (const [name, verdict] of verdicts) ledger.put(`verdict/${name}`, verdict);
  ledger.delete('verdicts');
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
