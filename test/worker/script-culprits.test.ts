/** What broke a certified script gate, in workerd: an alarm runs eight scripts at most, so the search takes more than one. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, inject, test } from 'vitest';
import type { GateReport } from '../../src/core/report.ts';
import type { StoredAudit } from '../../src/core/store.ts';

const REPO = 'you/scripted';
const headers = { authorization: 'Bearer dashboard-token-for-tests' };

async function ask<T>(path: string, init: RequestInit = {}): Promise<T | undefined> {
  const answer = await exports.default.fetch(`http://lanekeeper.test${path}`, { headers, ...init });
  return answer.ok ? answer.json<T>() : undefined;
}

async function onStage<T>(path: string): Promise<T> {
  return (await fetch(`${inject('stageUrl')}${path}`, { method: 'POST' })).json();
}

/** Audits, and gives what the audit says and how many alarms it took until it was told. */
async function audit(): Promise<{ readonly audit: StoredAudit; readonly alarms: number }> {
  const latest = () => ask<StoredAudit>(`/api/repos/${REPO}/latest`);
  const before = (await latest())?.id;
  await ask('/api/audits', { method: 'POST', body: JSON.stringify({ repo: REPO }) });
  const coordinator = env.COORDINATORS.get(env.COORDINATORS.idFromName(REPO));
  for (let alarms = 1; alarms < 20; alarms++) {
    await runDurableObjectAlarm(coordinator);
    const now = await latest();
    if (now && now.id !== before) return { audit: now, alarms };
  }
  throw new Error('no audit was told');
}

/** What the ledger holds of a search that is not at its end. */
async function onRecord(): Promise<readonly unknown[]> {
  const query = "SELECT key FROM ledger WHERE key IN ('search', 'audit') OR key LIKE 'scene/%'";
  const coordinator = env.COORDINATORS.get(env.COORDINATORS.idFromName(REPO));
  return runInDurableObject(coordinator, (_, { storage }) => storage.sql.exec(query).toArray());
}

function gateIn({ report }: StoredAudit): GateReport {
  const gate = report.gates.find(({ name }) => name === 'script-a');
  if (!gate) throw new Error('the gate is not in the report');
  return gate;
}

test('a search over several alarms names the commit once, in the one issue that it opens', async () => {
  const first = await audit();
  expect(gateIn(first.audit)).toMatchObject({ verdict: 'pass', script: { standing: 'certified' } });
  const culprit = await onStage<string>('/break');

  const { audit: told, alarms } = await audit();

  expect(alarms).toBe(first.alarms + 1);
  expect(gateIn(told)).toMatchObject({ verdict: 'fail', brokenBy: { commit: { sha: culprit } } });
  expect(await onStage('/compared')).toBe(1);
  expect(told.work).toMatchObject({ judged: 1 });
  expect(await onRecord()).toEqual([]);
  const history = await ask<{ audits: readonly unknown[] }>(`/api/repos/${REPO}/audits`);
  expect(history?.audits).toHaveLength(2);
  const issues = await onStage<readonly { title: string; body: string }[]>('/scripted-issues');
  expect(issues.map(({ title }) => title)).toEqual(['Gap inbox', 'a script-a is failing']);
  expect(issues[1]?.body.replace(/[\u200b\\]/g, '')).toContain(`/commit/${culprit}) "Let it in"`);
});
