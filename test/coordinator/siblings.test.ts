import { expect, test } from 'vitest';
import { runAudit } from '../../src/audit/run.ts';
import { type Branch, headsOf, openSiblings } from '../../src/coordinator/siblings.ts';
import { gateFinding } from '../../src/core/finding.ts';
import type { Gate } from '../../src/core/gate.ts';
import { SnapshotError, type SnapshotFailure } from '../../src/core/snapshot.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

function broken(failure: SnapshotFailure): Branch {
  const fail = async () => {
    throw new SnapshotError(failure, 'you/workbench is not there');
  };
  return { head: fail, open: fail };
}

const sound: Branch = {
  head: async () => 'a'.repeat(40),
  open: async () => memorySnapshot({ sha: 'a'.repeat(40), files: { 'README.md': 'hello\n' } }),
};

const readsSibling: Gate = {
  name: 'sibling-is-there',
  mirrors: [],
  why: '',
  fix: '',
  reads: [],
  rules: {},
  *check({ sibling, repo }) {
    if (!sibling('workbench')) yield { blind: 'the sibling is needed' };
    if (!repo.isFile('README.md')) yield gateFinding('file-exists', 'README.md', undefined, 'It is missing.');
  },
  examples: { pass: [], fail: [] },
};

test('a sibling that cannot be read makes the gates that need it blind, with the reason, and stops nothing', async () => {
  const branches = { workbench: broken('not-found'), docs: sound };
  const opened = await openSiblings(branches, await headsOf(branches));
  expect(Object.keys(opened.siblings)).toEqual(['docs']);
  const { report } = await runAudit({
    target: memorySnapshot({ files: { 'README.md': '' } }),
    ...opened,
    now: 0,
    gates: [{ ...readsSibling, own: { number: 'X1', lane: 'extra', severity: 'low' } }],
    defaultRegistry: { gates: [], lanes: [] },
  });
  expect(report.complete).toBe(true);
  expect(report.lanes).toMatchObject([{ id: 'extra', total: 1, pass: 0, blind: 1 }]);
  expect(report.gates[0]).toMatchObject({
    verdict: 'blind',
    reason: 'the sibling is needed; the sibling `workbench` could not be read: you/workbench is not there',
  });
});

test('a limit stops the audit, for it stops everything else too', async () => {
  await expect(headsOf({ workbench: broken('rate-limited') })).rejects.toThrow(SnapshotError);
});
