import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Outcome } from './compare.ts';

export interface Certificate {
  readonly script: string;
  /** Git blob id of the script: another version of it is not certified. */
  readonly blob: string;
  readonly agreed: boolean;
  readonly trees: number;
  readonly commit: string;
  readonly at: string;
}

/** What is kept of an outcome; null where nothing was compared. */
export async function certificateOf(
  outcome: Outcome,
  script: string,
  { directory, sha }: { readonly directory: string; readonly sha: string },
  at: Date,
): Promise<Certificate | null> {
  if (outcome.kind !== 'certified' && outcome.kind !== 'differs') return null;
  const blob = blobId(await readFile(join(directory, script)));
  const trees = outcome.kind === 'certified' ? outcome.trees : 0;
  return { script, blob, agreed: outcome.kind === 'certified', trees, commit: sha, at: at.toISOString() };
}

/** `ops/bindings/audit.certified.yaml` of the ops repo. */
export function printCertificates(certificates: readonly Certificate[]): string {
  const head = '# Scripts whose verdict by the script engine was compared with real bash: npm run certify\n';
  return head + stringify({ version: 1, certified: certificates });
}

function blobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
