import { describe, expect, test } from 'vitest';
import { loadPython } from '../../../cli/shared/python.ts';
import { runScript } from '../../../src/scripts/run-script.ts';
import { treeOf } from '../tree-of.ts';

/** What a script says and needs that hands `programs` to Python, one after the other. */
async function judge(...programs: readonly string[]) {
  const calls = programs.map((source) => `python3 - <<'PY'\nimport sqlite3\n${source}\nPY\n`);
  const script = `set -e\ngrep -q x ops/data.yaml\nmkdir -p /tmp/made\n${calls.join('')}`;
  return runScript({
    script: 'verify/check.sh',
    tree: treeOf({ 'ops/data.yaml': 'x: 1\n', 'verify/check.sh': script }, []),
    siblings: new Map(),
    now: Date.parse('2026-02-18T01:00:00Z'),
    python: loadPython,
    layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
    limits: { commands: 20_000, output: 1_000_000, depth: 60, ticks: 200_000, time: 60_000 },
  });
}

const OPEN = 'db = sqlite3.connect("/tmp/made/a.db")';
const FILLED = `${OPEN}
db.execute("PRAGMA journal_mode=WAL")
db.execute("PRAGMA foreign_keys=ON")
db.executescript("CREATE TABLE vms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, load)")
db.execute("INSERT INTO vms(name, load) VALUES (?, ?)", ("web", 0.5))
db.executemany("INSERT INTO vms(name, load) VALUES (:name, :load)", [{"name": "db", "load": None}, {"name": "ü", "load": b"\\0\\1"}])`;

describe('a Python program that keeps a database', () => {
  test('finds in the file what an earlier one committed, each value as it was', async () => {
    const reading = `${OPEN}
db.row_factory = sqlite3.Row
rows = [tuple(row) for row in db.execute("SELECT name, load FROM vms ORDER BY id")]
assert rows == [("web", 0.5), ("db", None), ("ü", b"\\0\\1")], rows
row = db.execute("SELECT id, name FROM vms WHERE name = :name", {"name": "db"}).fetchone()
assert (row["id"], row["NAME"], row.keys()) == (2, "db", ["id", "name"])
assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"`;
    expect(await judge(`${FILLED}\ndb.commit()`, reading)).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test('loses what it did not commit', async () => {
    const { verdict, needs } = await judge(FILLED, `${OPEN}\nassert db.execute("SELECT * FROM vms").fetchall() == []`);
    expect({ verdict, needs }).toEqual({ verdict: 'pass', needs: [] });
  });

  test('hears what SQLite refuses, as the exception that Python has for it', async () => {
    const source = `${FILLED}
for sql, kind in [("INSERT INTO vms(name) VALUES ('web')", sqlite3.IntegrityError), ("SELECT * FROM nothing", sqlite3.OperationalError),
                  ("SELECT 1; SELECT 2", sqlite3.ProgrammingError), ("SELECT ?", sqlite3.ProgrammingError)]:
    try:
        db.execute(sql)
    except kind:
        continue
    raise SystemExit(sql)
assert db.in_transaction
with db:
    db.execute("DELETE FROM vms")
assert not db.in_transaction`;
    expect(await judge(source)).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test.each([
    ['db.execute("SELECT datetime(\'now\')")', 'the clock of SQLite'],
    ['db.executescript("CREATE TABLE t (at DEFAULT CURRENT_TIMESTAMP)")', 'the clock of SQLite'],
    ['db.execute("SELECT random()")', 'chance, in SQLite'],
    ['db.execute("WITH a(x) AS (SELECT 1) SELECT * FROM a")', 'WITH, in SQL'],
    ['db.execute("PRAGMA page_count")', 'PRAGMA page_count, in SQL'],
    ['db.create_function("f", 0, int)', 'Connection.create_function, of the Python module sqlite3'],
    ['sqlite3.sqlite_version', 'sqlite_version, of the Python module sqlite3'],
    ['db.execute("SELECT ?", (1 << 40,))', 'a parameter such as int, of the Python module sqlite3'],
    ['open("/tmp/made/a.db", "rb")', 'a database that is read while it is open'],
    ['sqlite3.connect("/tmp/made/a.db")', 'a database that is opened twice at once, of the Python module sqlite3'],
  ])('is blind where it asks for more: %s', async (source, need) => {
    const { verdict, needs } = await judge(`${OPEN}\ntry:\n    ${source}\nexcept sqlite3.Error:\n    pass`);
    expect({ verdict, needs }).toEqual({ verdict: 'blind', needs: [need] });
  });

  test('may not work without end', async () => {
    const source = `${OPEN}
db.execute("CREATE TABLE n (x)")
db.executemany("INSERT INTO n VALUES (?)", [(x,) for x in range(100)])
db.execute("SELECT count(*) FROM n a, n b, n c, n d, n e").fetchone()`;
    expect(await judge(source)).toMatchObject({ verdict: 'crashed' });
  });
});
