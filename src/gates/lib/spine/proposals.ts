import type { Repo, TextLine } from '../../../core/repo.ts';

/** Where proposals wait for a decision. */
export const PROPOSALS = 'mailroom/outbox/proposals';

export interface Manifest {
  readonly status: string;
  /** Whether the mark of applied proposals is there; it decides over the status that is written down. */
  readonly isMarked: boolean;
  readonly created: string;
  has(field: string): boolean;
}

/** The manifest of a proposal, read line by line as its script does. */
export function readManifest(repo: Repo, proposal: string): Manifest {
  const lines = repo.lines(`${PROPOSALS}/${proposal}/manifest.yaml`);
  const isMarked = repo.isFile(`${PROPOSALS}/${proposal}/.applied`);
  return {
    isMarked,
    status: isMarked ? 'applied' : statusOf(lines),
    created: textOf(lines, 'created'),
    has: (field) => lines.some(({ text }) => text.startsWith(`${field}:`)),
  };
}

function statusOf(lines: readonly TextLine[]): string {
  const status = textOf(lines, 'status') || (lines.some(({ text }) => text.startsWith('status:')) ? '' : 'pending');
  const isReadOnly = lines.some(({ text }) => /^read_only: *true|^mode: *read-only/.test(text));
  return status === 'pending' && isReadOnly ? 'read-only' : status;
}

/** What the first line of a key holds, without quotes. */
function textOf(lines: readonly TextLine[], key: string): string {
  const line = lines.find(({ text }) => text.startsWith(`${key}:`))?.text ?? '';
  const value = line.slice(key.length + 1).replace(/^ +/, '');
  return value.replace(/["']/g, '');
}
