import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Delivery } from '../../src/core/store.ts';
import { StoredAudit } from '../../src/core/store.ts';
import { reportAsTable } from '../../src/formats/table.ts';
import { askApi } from '../shared/diagnosis/api.ts';

export interface FirstAudit {
  readonly url: string;
  readonly repo: string;
  readonly dashboardToken: string;
  readonly print: (text: string) => void;
  /** Milliseconds until it is given up, and between two looks. */
  readonly patience?: number;
  readonly interval?: number;
}

const Progress = z.object({ stage: z.string(), auditId: z.string().nullable() });

/** Asks the Worker for an audit, waits for its end, and shows the result and what the inbox did or would do. False when it did not come to an end. */
export async function showAudit(wanted: FirstAudit): Promise<boolean> {
  const { repo, print, patience = 300_000, interval = 1000 } = wanted;
  const progress = async () => Progress.parse(await (await askApi(wanted, `/repos/${repo}/progress`)).json());
  const before = (await progress()).auditId;
  const asked = await askApi(wanted, '/audits', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ repo, force: true }),
  });
  if (asked.status !== 202) {
    print(`${repo}: the Worker answered ${asked.status} to the request for an audit; \`npm run doctor\` says why\n`);
    return false;
  }
  const end = Date.now() + patience;
  for (let stage = ''; ; await sleep(interval)) {
    const now = await progress();
    if (now.stage !== stage) print(`${repo}: ${now.stage}\n`);
    stage = now.stage;
    if (now.auditId !== before && now.auditId !== null && stage !== 'queued') break;
    if (Date.now() > end) {
      print(`${repo}: no result yet; it is at ${wanted.url} when it has come\n`);
      return false;
    }
  }
  // KV may take a while to show what was just written.
  const audit = StoredAudit.parse(await (await askApi(wanted, `/repos/${repo}/latest`)).json());
  const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  print(`\n${audit.report.error ?? reportAsTable(audit.report, { color })}\n`);
  print(planText(audit.delivery));
  return audit.report.error === undefined;
}

function planText({ mode, actions, notes, errors }: Delivery): string {
  const heading = mode === 'dry-run' ? 'The inbox is a dry run. It would:' : 'The inbox did:';
  const lines = actions.length > 0 ? actions : ['nothing'];
  return [
    heading,
    ...lines.map((line) => `  ${line}`),
    ...notes,
    ...errors.map((error) => `trouble: ${error}`),
    '',
  ].join('\n');
}
