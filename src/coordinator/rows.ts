import { z } from 'zod';
import type { Kept } from '../core/kept.ts';
import type { Ledger } from '../core/ledger.ts';
import { CommitStatus } from '../core/status.ts';
import { GateHistory, TargetSummary } from '../core/store.ts';
import { InboxState } from '../inbox/state.ts';
import { GovernanceRow } from './governance-row.ts';
import { LastAudit } from './last-audit-row.ts';
import { RepeatableRow } from './repeatable-row.ts';
import { Facts, Reported } from './reported-row.ts';
import { Pending } from './request-rows.ts';
import { CulpritRow, SceneRow, SearchRow } from './search-rows.ts';
import { VerdictRow } from './verdict-row.ts';
import { Work } from './work-row.ts';

export type { LastAudit, SiblingHeads } from './last-audit-row.ts';
export type { AuditRequest, Pending } from './request-rows.ts';

/** A row of the ledger is not what this version wrote, and nothing can find it out again. */
class LedgerRowError extends Error {
  override readonly name = 'LedgerRowError';
}

/** Milliseconds since the epoch. */
const Instant = z.number();
const Count = z.int().nonnegative();

/** A step that was begun (`intent/…`) or done (`done/…`), while its transition is not confirmed. */
const StepRow = z.object({
  at: Instant,
  kind: z.string(),
  /** Null for a create. */
  issue: z.int().nullable(),
});
export type StepRow = Kept<typeof StepRow>;

const Heads = z.object({
  sha: z.string(),
  /** Heads before it, newest first. */
  earlier: z.array(z.string()),
  /** An earlier head that GitHub names again, and since when. */
  again: z.object({ sha: z.string(), since: Instant }).exactOptional(),
});

/** Who made which gates' findings baseline, when and why. */
const AcceptanceRecord = z.object({ at: Instant, by: z.string(), reason: z.string(), gates: z.array(z.string()) });
export type AcceptanceRecord = Kept<typeof AcceptanceRecord>;

/** GitHub's number of a repository, its name by now, and whether only some people can read it. */
const Repository = z.object({ id: z.int(), name: z.string(), isPrivate: z.boolean().exactOptional() });
export type Repository = Kept<typeof Repository>;

/** Which repository is audited, and which ones are its siblings. */
const Identity = Repository.extend({ siblings: z.record(z.string(), Repository).exactOptional() });

/** What nothing but the ledger knows: a row that does not fit stops the target, rather than being taken for day one. */
const KEPT = { repo: z.string(), inbox: InboxState, identity: Identity };

/** What the next audit finds out again: a row that does not fit counts as absent, and is reported. */
const LOSABLE = {
  login: z.string(),
  head: Heads,
  /** GitHub asks for silence until then. */
  notBefore: Instant,
  acceptances: z.array(AcceptanceRecord),
  pending: Pending,
  lease: z.object({
    life: z.string(),
    until: Instant,
    /** Lives in a row that died holding it. */
    deaths: Count.exactOptional(),
  }),
  /** When the last audit ended. */
  endedAt: Instant,
  work: Work,
  last: LastAudit,
  /** Names the audit that is under way, in however many alarms and lives, until it is told. */
  audit: z.string(),
  repeatable: RepeatableRow,
  governance: GovernanceRow,
  /** By gate name. */
  culprits: z.record(z.string(), CulpritRow),
  search: SearchRow,
  /** GitHub requests by purpose that earlier alarms made for an audit that is not whole yet. */
  asked: z.record(z.string(), Count),
  status: CommitStatus,
  summary: TargetSummary,
  histories: z.record(z.string(), GateHistory),
  deliveries: z.array(z.string()),
  writes: z.array(Instant),
  results: z.array(Reported),
  facts: z.array(Facts),
  /** When anything was last reported. */
  reportedAt: Instant,
  /** Proofs of authority that were used, until they could not be sent again. */
  proofs: z.array(z.object({ id: z.string(), expiresAt: Instant })),
  /** Rows that were dropped since the last audit, as sentences. */
  dropped: z.array(z.string()),
};

const SCHEMAS = { ...KEPT, ...LOSABLE };
const ABOUT_REPOSITORY: readonly (keyof typeof SCHEMAS)[] = [
  'inbox',
  'identity',
  'head',
  'acceptances',
  'work',
  'last',
  'audit',
  'repeatable',
  'governance',
  'culprits',
  'search',
  'status',
  'summary',
  'histories',
  'results',
  'facts',
  'reportedAt',
];
export const INTENT = 'intent/';
export const DONE = 'done/';
/** What a gate or a script said, by its name. */
export const VERDICT = 'verdict/';
/** What a gate said in one state of the world, while what broke it is sought. */
export const SCENE = 'scene/';
type StepKey = `${typeof INTENT | typeof DONE}${string}`;
type VerdictKey = `${typeof VERDICT}${string}`;
type SceneKey = `${typeof SCENE}${string}`;
type RowKey = keyof typeof SCHEMAS | StepKey | VerdictKey | SceneKey;
type LookedUp<K> = K extends VerdictKey ? Kept<typeof VerdictRow> : Kept<typeof SceneRow>;
type OtherRow<K> = K extends StepKey ? StepRow : LookedUp<K>;
type RowOf<K extends RowKey> = K extends keyof typeof SCHEMAS ? Kept<(typeof SCHEMAS)[K]> : OtherRow<K>;

/** The ledger of one target, row by row: the only way in which the coordinator reads and writes it. */
export interface Rows {
  /** Undefined where there is no such row, or one that can be lost does not fit. Throws `LedgerRowError` for one that cannot. */
  get<K extends RowKey>(key: K): RowOf<K> | undefined;
  /** Throws `LedgerRowError` for a value that would not be read again. */
  put<K extends RowKey>(key: K, value: RowOf<K>): void;
  delete(key: RowKey): void;
  /** Keys of steps, sorted. */
  steps(prefix: StepKey): readonly StepKey[];
  verdictKeys(): readonly VerdictKey[];
  sceneKeys(): readonly SceneKey[];
  transaction<T>(work: () => T): T;
  /** Does something, for which each row is read and checked once. Nobody else may write to the ledger meanwhile. */
  remembering<T>(work: () => Promise<T>): Promise<T>;
  /** Forgets what is known of the audited repository; what the coordinator is about, and what it was asked for, stays. */
  forgetRepository(): void;
}

/** Reads and writes a ledger's rows as this version knows them; `log` hears of each one that is dropped. */
export function rowsOf(
  ledger: Ledger,
  log: (message: string, details: Record<string, unknown>) => void = () => {},
): Rows {
  let remembered: Map<RowKey, unknown> | undefined;
  const rows: Rows = {
    get<K extends RowKey>(key: K) {
      // What was checked once has the type of its schema.
      if (remembered?.has(key)) return remembered.get(key) as RowOf<K> | undefined;
      const value = ledger.get(key);
      if (value === undefined) return undefined;
      const parsed = schemaOf(key).safeParse(value);
      if (parsed.success) {
        remembered?.set(key, value);
        return value as RowOf<K>;
      }
      const mistake = mistakeIn(parsed.error);
      if (!(key in LOSABLE || key.startsWith(VERDICT) || key.startsWith(SCENE)))
        throw new LedgerRowError(`the ledger's row ${key} is damaged (${mistake})`);
      ledger.delete(key);
      log('dropped a row of the ledger', { key, mistake });
      const sentence = `The ledger's row \`${key}\` could not be read and was dropped (${mistake}).`;
      if (key !== 'dropped') rows.put('dropped', [...(rows.get('dropped') ?? []), sentence].slice(-20));
      return undefined;
    },
    put(key, value) {
      const parsed = schemaOf(key).safeParse(value);
      if (!parsed.success) throw new LedgerRowError(`the row ${key} cannot be kept (${mistakeIn(parsed.error)})`);
      ledger.put(key, value);
      remembered?.set(key, value);
    },
    delete(key) {
      ledger.delete(key);
      remembered?.delete(key);
    },
    // The ledger gives keys that begin with the prefix.
    steps: (prefix) => ledger.keys(prefix) as StepKey[],
    verdictKeys: () => ledger.keys(VERDICT) as VerdictKey[],
    sceneKeys: () => ledger.keys(SCENE) as SceneKey[],
    transaction(work) {
      try {
        return ledger.transaction(work);
      } catch (error) {
        remembered?.clear();
        throw error;
      }
    },
    async remembering(work) {
      remembered = new Map();
      try {
        return await work();
      } finally {
        remembered = undefined;
      }
    },
    forgetRepository() {
      ledger.transaction(() => {
        for (const key of ABOUT_REPOSITORY) rows.delete(key);
        for (const key of [...rows.steps(INTENT), ...rows.steps(DONE)]) rows.delete(key);
      });
    },
  };
  return rows;
}

function schemaOf(key: RowKey): z.ZodType {
  if (Object.hasOwn(SCHEMAS, key)) return SCHEMAS[key as keyof typeof SCHEMAS];
  if (key.startsWith(VERDICT)) return VerdictRow;
  return key.startsWith(SCENE) ? SceneRow : StepRow;
}

function mistakeIn({ issues }: z.ZodError): string {
  const [issue] = issues;
  return issue ? `${issue.path.map(String).join('.') || 'the row'}: ${issue.message}` : 'unknown form';
}
