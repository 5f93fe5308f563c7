import { expect, test } from 'vitest';
import { scriptEngine } from '../../src/scripts/engine.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

/** What the engine says of a script that looks for its checkout in its home. */
async function judge(root: string, environment: Readonly<Record<string, string>> = {}) {
  const files = { 'check.sh': 'grep -q x "$HOME/code/ops/ops/x.yaml"', 'ops/x.yaml': 'x: 1\n' };
  const target = memorySnapshot({ files, sha: 'a'.repeat(40) });
  const run = await scriptEngine({ root, siblings: {}, environment }).open({ target, siblings: new Map(), now: 0 });
  return run('check.sh');
}

test('a checkout in somebody’s home says where that is', async () => {
  expect(await judge('/Users/someone/code/ops')).toMatchObject({ verdict: 'pass' });
  expect(await judge('/home/someone/code/ops')).toMatchObject({ verdict: 'pass' });
});

test('one that lies elsewhere is in nobody’s home, unless the target says so', async () => {
  expect(await judge('/srv/code/ops')).toMatchObject({ verdict: 'blind' });
  expect(await judge('/srv/code/ops', { HOME: '/srv' })).toMatchObject({ verdict: 'pass' });
});
