/** The sample ops repo's whole history, audited commit by commit: with what the audit before left, and from nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildSampleOpsRepo, commitBreakage, commitRepair } from '../../cli/demo/sample-ops-repo.ts';
import { CouldNotAudit } from '../../src/audit/registry/could-not-audit.ts';
import type { Earlier } from '../../src/audit/registry/kept-governance.ts';
import { type Audit, runAudit } from '../../src/audit/run.ts';
import { DAY } from '../../src/core/durations.ts';
import { gates } from '../../src/gates/index.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { git } from '../../src/snapshot/clone/git.ts';

const scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-history-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function orReason(audit: Promise<Audit>): Promise<Audit | string> {
  try {
    return await audit;
  } catch (error) {
    if (error instanceof CouldNotAudit) return error.message;
    throw error;
  }
}

test('every commit of the sample, two nights each, says the same with and without reuse', {
  timeout: 600_000,
}, async () => {
  const now = new Date('2026-02-18T04:17:00Z');
  const repo = await buildSampleOpsRepo(scratch, { now });
  await commitBreakage(repo, new Date(now.getTime() + DAY));
  await commitRepair(repo, new Date(now.getTime() + 2 * DAY));
  const log = (await git(repo.dir, 'log', '--reverse', '--format=%H %ct')).trim().split('\n');
  const siblings = { workbench: await directorySnapshot(join(repo.workbenchDir, '.git'), 'HEAD') };
  let earlier: Earlier = { version: 'one', verdicts: new Map() };
  const totals = { judged: 0, reused: 0 };
  for (const [index, line] of log.entries()) {
    const [sha = '', seconds = ''] = line.split(' ');
    const target = await directorySnapshot(repo.dir, sha);
    for (const night of [0, 1]) {
      const request = {
        target,
        siblings: index % 5 === 3 ? {} : siblings,
        now: Number(seconds) * 1000 + night * DAY,
        gates,
        defaultRegistry: { gates: [], lanes: [] },
        detailed: true,
      };
      const incremental = await orReason(runAudit({ ...request, earlier }));
      const full = await orReason(runAudit(request));
      if (typeof incremental === 'string' || typeof full === 'string') {
        expect(incremental).toEqual(full);
        continue;
      }
      expect(incremental.report).toEqual(full.report);
      expect(incremental.flipsAt).toEqual(full.flipsAt);
      totals.judged += incremental.judged;
      totals.reused += incremental.reused;
      const kept = JSON.parse(JSON.stringify([...incremental.verdicts]));
      earlier = { version: 'one', verdicts: new Map(kept), governance: incremental.governance };
    }
  }
  expect(totals.reused).toBeGreaterThan(totals.judged);
});
