import { expect, test } from 'vitest';
import { loadPython } from '../../../cli/shared/python.ts';
import { executeScript } from '../../../src/scripts/execute.ts';
import { LIMITS, type Limits } from '../../../src/scripts/shell/budget.ts';
import { treeOf } from '../tree-of.ts';

/** What a script prints, and how often Python starts for it. */
async function run(script: string, limits: Limits = LIMITS) {
  const parts = await loadPython();
  let starts = 0;
  const create: typeof parts.create = (options) => {
    starts += 1;
    return parts.create(options);
  };
  const { output, limit } = await executeScript({
    script: 'check.sh',
    tree: treeOf({ 'check.sh': script, 'ops/a.txt': 'one\n' }),
    siblings: new Map(),
    now: 0,
    limits,
    python: async () => ({ ...parts, create }),
    layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
  });
  return { said: output.trim().split('\n').join(' '), starts, limit };
}

test('a program that asks for nothing is not started again for what it was given before', async () => {
  const script = `
day() { python3 - "$1" <<'PY'
import sys
from datetime import datetime
print(datetime.fromisoformat(sys.argv[1]).day)
PY
}
for date in 2026-02-18 2026-02-19 2026-02-18 2026-02-18; do day "$date"; done`;
  expect(await run(script)).toEqual({ said: '18 19 18 18', starts: 2, limit: null });
});

test('how it ends and what it says of errors come again', async () => {
  const script = `fail() { python3 -c 'raise SystemExit("no")'; echo $?; }; fail; fail 2>/dev/null`;
  expect(await run(script)).toEqual({ said: 'no 1 1', starts: 1, limit: null });
});

test.each([
  ['a file', `say() { python3 -c 'print(open("/tmp/x").read())'; }; echo 1 >/tmp/x; say; echo 2 >/tmp/x; say`, '1  2'],
  [
    'whether there is one',
    `say() { python3 -c 'import os; print(os.path.exists("/tmp/x"))'; }; rm -f /tmp/x; say; >/tmp/x; say`,
    'False True',
  ],
  [
    'a file that is open meanwhile',
    `say() { python3 -c 'print(open("/tmp/x").read())'; }; exec 3>/tmp/x; echo 1 >&3; say; echo 2 >&3; say`,
    '1  1 2',
  ],
  [
    'a listing',
    `mkdir /tmp/d; say() { python3 -c 'import os; print(os.listdir("/tmp/d"))'; }; say; >/tmp/d/x; say`,
    `[] ['x']`,
  ],
  [
    'a module beside it',
    `cd /tmp; say() { python3 -c 'import mine; print(mine.X)'; }; echo X=1 >mine.py; say; echo X=2 >mine.py; say`,
    '1 2',
  ],
  ['its input', `say() { python3 -c 'print(input())'; }; echo 1 | say; echo 2 | say`, '1 2'],
  ['the clock', `say() { python3 -c 'import time; print(int(time.time()))'; }; say; sleep 2; say`, '0 2'],
  [
    'a process',
    `say() { python3 -c 'import subprocess; print(subprocess.getoutput("cat /tmp/x"))'; }; echo 1 >/tmp/x; say; echo 2 >/tmp/x; say`,
    '1 2',
  ],
  ['the environment', `say() { python3 -c 'import os; print(os.environ["A"])'; }; export A=1; say; A=2; say`, '1 2'],
  [
    'its folder',
    `say() { python3 -c 'import os; print(os.getcwd())'; }; cd /tmp; say; cd /srv/ops; say`,
    '/tmp /srv/ops',
  ],
])('one that asks for %s hears what is so by then', async (_, script, said) => {
  expect((await run(script)).said).toBe(said);
});

test('one that writes, writes again', async () => {
  const script = `add() { python3 -c 'open("/tmp/x", "a").write("x")'; }; rm -f /tmp/x; add; add; cat /tmp/x`;
  expect((await run(script)).said).toBe('xx');
});

test('starts of Python count as the work that they are', async () => {
  const script = `for i in {1..20}; do python3 -c pass $i; done`;
  expect((await run(script)).limit).toBeNull();
  expect((await run(script, { ...LIMITS, ticks: 40_000 })).limit).toBe('more than Python may compute');
});
