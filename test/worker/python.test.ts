import { expect, test } from 'vitest';
import { bundledPython } from '../../src/bundled-python.ts';
import { runScript } from '../../src/scripts/run-script.ts';
import { treeOf } from '../scripts/tree-of.ts';

test('a Python program runs where audits run', async () => {
  const check = `python3 - <<'PY'
import sqlite3, sys, yaml, subprocess
x = yaml.safe_load(open("ops/x.yaml"))["x"]
assert subprocess.check_output(["wc", "-l"], input=b"a\\n").strip() == b"1"
assert sqlite3.connect(":memory:").execute("SELECT 1.5").fetchone() == (1.5,)
sys.exit(0 if x == 1 else 1)
PY`;
  const judge = (x: number) =>
    runScript({
      script: 'check.sh',
      tree: treeOf({ 'check.sh': check, 'ops/x.yaml': `x: ${x}\n` }),
      siblings: new Map(),
      now: 0,
      python: bundledPython,
      layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
    });
  expect(await judge(1)).toMatchObject({ verdict: 'pass', needs: [] });
  expect(await judge(2)).toMatchObject({ verdict: 'fail' });
});
