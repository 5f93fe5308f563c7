import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadPython } from '../../../cli/shared/python.ts';
import { runScript } from '../../../src/scripts/run-script.ts';
import { treeOf } from '../tree-of.ts';

const folders = Array.from({ length: 12 }, (_, index) => `ops/${index}`);
const FILES = Object.fromEntries(folders.map((folder) => [`${folder}/a.txt`, folder]));

function judge(source: string) {
  return runScript({
    script: 'check.sh',
    tree: treeOf({ ...FILES, 'check.sh': `grep -q . ops/0/a.txt; python3 - <<'PY'\n${source}\nPY\n` }),
    siblings: new Map(),
    now: 0,
    python: loadPython,
    layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
  });
}

/** Holds every instance that is made, so that none is collected. */
function instancesMade(): readonly WebAssembly.Instance[] {
  const made: WebAssembly.Instance[] = [];
  const watched = class extends WebAssembly.Instance {
    constructor(...args: ConstructorParameters<typeof WebAssembly.Instance>) {
      super(...args);
      made.push(this);
    }
  };
  vi.spyOn(WebAssembly, 'Instance').mockImplementation(watched);
  return made;
}

afterEach(() => void vi.restoreAllMocks());

describe('the memory of Python', () => {
  test('is one, however often a program starts over and however many run', async () => {
    const made = instancesMade();
    const reads = folders.map((folder) => `assert open("${folder}/a.txt").read() == "${folder}"`).join('\n');
    const asks = 'import subprocess\nassert subprocess.check_output(["python3", "-c", "print(1)"]) == b"1\\n"';
    const verdicts = await Promise.all([judge(reads), judge(asks), judge('raise SystemExit(1)')]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'fail']);
    expect(made).toHaveLength(1);
  });

  test('holds nothing of the program before, however that ended', async () => {
    await judge(
      'import json, os\njson.kept = ["a" * 10**6 for _ in range(25)]\nopen(os.makedirs("/tmp/made") or "/tmp/made/kept", "w").write("kept")',
    );
    await judge('x = "a" * 10**9');
    const looks = 'import json, os\nassert not hasattr(json, "kept") and not os.path.exists("/tmp/made/kept")';
    expect(await judge(looks)).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test.each([
    ['its own memory', 'x = []\nwhile True: x.append("a" * 10**6)'],
    ['output', 'while True: print("a" * 10**6)'],
    ['a file', 'f = open("/tmp/x", "w")\nwhile True: f.write("a" * 10**6)'],
    ['a file with a hole', 'f = open("/tmp/x", "wb")\nf.seek(10**9)\nf.write(b"1")'],
    ['a file that is made longer', 'open("/tmp/x", "wb").truncate(10**9)'],
    ['many files', 'for i in range(10**6): open(f"/tmp/{i}", "w")'],
    ['a pipe', 'import os\nr, w = os.pipe()\nwhile True: os.write(w, b"a" * 10**5)'],
    [
      'a database',
      'import sqlite3\nc = sqlite3.connect(":memory:")\nc.execute("CREATE TABLE t (a)")\nfor i in range(10**5): c.execute("INSERT INTO t VALUES (?)", ("a" * 10**5,))',
    ],
    [
      'an answer of a database',
      'import sqlite3\nc = sqlite3.connect(":memory:")\nc.execute("CREATE TABLE t (a)")\nfor i in range(300): c.execute("INSERT INTO t VALUES (?)", ("a" * 60,))\nc.execute("SELECT t.a, u.a FROM t, t u").fetchall()',
    ],
  ])('is bounded for %s', async (_, source) => {
    expect(await judge(source)).toMatchObject({ verdict: 'crashed', reason: expect.stringContaining('limit: memory') });
  });

  test('is bounded where a program swallows all errors', async () => {
    const source = 'x = []\nwhile True:\n  try: x.append("a" * 10**6)\n  except BaseException: pass';
    expect(await judge(source)).toMatchObject({ verdict: 'crashed', reason: expect.stringContaining('limit: memory') });
  });

  test('is none beside the disk', async () => {
    const source = 'try: open("/dev/shm/x", "w")\nexcept OSError: pass';
    expect(await judge(source)).toMatchObject({ verdict: 'blind', reason: expect.stringContaining('/dev/shm/x') });
  });
});
