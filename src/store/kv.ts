import { DAY, SECOND } from '../core/durations.ts';
import { repeated } from '../core/repeated-audit.ts';
import type { AuditStore, AuditSummary, RepeatedAudit, StoredAudit, TargetSummary } from '../core/store.ts';
import * as stored from '../core/store.ts';
import { compressed, decompressed } from './compressed.ts';
import { numberAudit, numberLine, upgradeAudit, upgradeLine } from './kv-rows.ts';

/** Seconds for which audits are kept: 90 days, and as long as others may repeat them. */
const KEEP_SECONDS = (90 * DAY + stored.REPEATABLE) / SECOND;

/** The few operations of Workers KV that we use. */
export interface KeyValue {
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>;
  put(
    key: string,
    value: Uint8Array<ArrayBuffer>,
    options?: { metadata?: unknown; expirationTtl?: number },
  ): Promise<void>;
  list(options: { prefix: string; limit?: number; cursor?: string | null }): Promise<{
    keys: { name: string; metadata?: unknown }[];
    list_complete: boolean;
    cursor?: string;
  }>;
}

/**
 * Audits in Workers KV: `audit/<repo>/<id>` holds one audit (ids sort newest first), `latest/<repo>` the last one with the fleet's line as metadata.
 * Two writes an audit. One that repeats another holds that one's id. KV is eventually consistent; nothing that must be exact is read from it. What is long is compressed. Rows carry the version of their form; one that cannot be read counts as absent.
 */
export function kvStore(kv: KeyValue): AuditStore {
  const rowAt = async (key: string) => {
    const kept = await kv.get(key, 'arrayBuffer');
    const text = kept && (await decompressed(kept));
    return text === null ? null : upgradeAudit(parsed(text));
  };
  const asWhole = (row: unknown): StoredAudit | null => stored.StoredAudit.safeParse(row).data ?? null;
  const read = async (repo: string, key: string): Promise<StoredAudit | null> => {
    const row = await rowAt(key);
    const again = stored.RepeatedAudit.safeParse(row).data;
    if (!again) return asWhole(row);
    // What is repeated is whole: a chain, or one that names itself, is damaged.
    const audit = asWhole(await rowAt(`audit/${repo}/${again.repeats}`));
    return audit && repeated(audit, again);
  };
  const write = async (repo: string, audit: StoredAudit | RepeatedAudit, summary: TargetSummary) => {
    const value = await compressed(JSON.stringify(numberAudit(audit)));
    const { id, sha, now, outcome, trigger, lanes, delivery } = summary;
    const line: AuditSummary = { id, sha, now, outcome, trigger, lanes, delivery };
    const metadata = numberLine(fitting(line));
    await kv.put(`audit/${repo}/${audit.id}`, value, { metadata, expirationTtl: KEEP_SECONDS });
    // A target that is audited no more goes one day; until then its last report can be read.
    await kv.put(`latest/${repo}`, value, {
      metadata: numberLine(fitting(summary)),
      expirationTtl: KEEP_SECONDS,
    });
  };
  return {
    save: write,
    saveRepeated: write,
    async targets() {
      const found: TargetSummary[] = [];
      for (let cursor: string | null = null, isComplete = false; !isComplete; ) {
        const page: Awaited<ReturnType<KeyValue['list']>> = await kv.list({ prefix: 'latest/', cursor });
        for (const { metadata } of page.keys) found.push(...lineOf(metadata));
        cursor = page.cursor ?? null;
        isComplete = page.list_complete || cursor === null;
      }
      return found;
    },
    latest: (repo) => read(repo, `latest/${repo}`),
    get: (repo, id) => read(repo, `audit/${repo}/${id}`),
    async history(repo, { limit, cursor }) {
      const page = await kv.list({ prefix: `audit/${repo}/`, limit, ...(cursor === undefined ? {} : { cursor }) });
      const audits = page.keys.flatMap(
        ({ metadata }) => stored.AuditSummary.safeParse(upgradeLine(metadata)).data ?? [],
      );
      return { audits, cursor: page.list_complete ? null : (page.cursor ?? null) };
    },
  };
}

/** Null where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function lineOf(metadata: unknown): readonly TargetSummary[] {
  const parsed = stored.TargetSummary.safeParse(upgradeLine(metadata));
  return parsed.success ? [parsed.data] : [];
}

/** KV takes 1,024 bytes of metadata; a repository with very many lanes shows its first ones. */
function fitting<T extends AuditSummary>(summary: T): T {
  const size = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;
  let left = 1000 - size({ ...summary, lanes: {} });
  const lanes: [string, AuditSummary['lanes'][string]][] = [];
  for (const lane of Object.entries(summary.lanes)) {
    // A lane stands between braces when it is measured alone, and beside a comma in the whole.
    left -= size(Object.fromEntries([lane])) - 1;
    if (left < 0) break;
    lanes.push(lane);
  }
  return { ...summary, lanes: Object.fromEntries(lanes) };
}
