import { describe, expect, test } from 'vitest';
import { type Expectations, scriptEngine } from '../../src/scripts/engine.ts';
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

describe('a place that the target states as absent', () => {
  const ASKS = (place: string) =>
    `test -f ops/x.yaml || exit 1; if [ -d ${place} ]; then echo "FAIL: there"; exit 1; fi`;

  async function ask(check: string, more: Partial<Expectations> = {}) {
    const target = memorySnapshot({ files: { 'check.sh': check, 'ops/x.yaml': 'x: 1\n' }, sha: 'a'.repeat(40) });
    const run = await scriptEngine({ root: '/home/someone/ops', siblings: {}, ...more }).open({
      target,
      siblings: new Map(),
      now: 0,
    });
    return run('check.sh');
  }

  test('is a need until it is stated, and the reason says how', async () => {
    expect(await ask(ASKS('/mnt/pool/db'))).toMatchObject({
      verdict: 'blind',
      reason: 'needs the path /mnt/pool/db; where nothing is there, the target can state it as `absent`',
    });
    expect(await ask(`ssh nas; ${ASKS('/mnt/pool/db')}`)).toMatchObject({
      reason: 'needs ssh, the path /mnt/pool/db',
    });
  });

  test.each([
    ['itself', '/mnt/pool', '/mnt/pool'],
    ['what lies in it', '/mnt/pool/db/*/', '/mnt/pool'],
    ['one in the home', '~/.config/tool/key', '~/.config'],
    ['one where others may have put it', '/tmp/tool.lock', '/tmp/tool.lock'],
  ])('holds nothing: %s', async (_, asked, stated) => {
    expect(await ask(ASKS(asked), { absent: [stated] })).toMatchObject({
      verdict: 'pass',
      unverified: [`${stated.replace('~', '/home/someone')}, which the target's settings say is absent`],
    });
  });

  test('says nothing of any other place', async () => {
    const absent = ['/mnt/pool'];
    for (const asked of ['/mnt', '/mnt/pool2', '/mnt/*/db']) {
      expect(await ask(ASKS(asked), { absent })).toMatchObject({ verdict: 'blind' });
    }
    expect(await ask(ASKS('/srv/x'), { absent: [] })).toMatchObject({ verdict: 'blind', unverified: [] });
  });

  test('is not the checkout, nor a sibling that could not be read', async () => {
    const absent = ['/home/someone'];
    const siblings = { workbench: undefined };
    expect(await ask(ASKS('/home/someone/ops/ops/'), { absent })).toMatchObject({ verdict: 'fail', unverified: [] });
    expect(await ask(ASKS('/home/someone/workbench/x'), { absent, siblings })).toMatchObject({
      verdict: 'blind',
      reason: expect.stringContaining('the path ~/workbench'),
    });
  });

  test('can be made by the script', async () => {
    const check = 'test -f ops/x.yaml && mkdir -p ~/.cache/a && echo 1 > ~/.cache/a/b && grep -q 1 ~/.cache/a/b';
    expect(await ask(check, { absent: ['~/.cache'] })).toMatchObject({ verdict: 'pass' });
  });

  test('is part of what earlier verdicts stand on', () => {
    const layouts = [[], ['/mnt/a'], ['/mnt/a', '/mnt/b']].map(
      (absent) => scriptEngine({ root: '/srv/ops', siblings: {}, absent }).layout,
    );
    expect(new Set(layouts).size).toBe(3);
  });
});
