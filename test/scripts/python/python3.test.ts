import { describe, expect, test } from 'vitest';
import { loadPython } from '../../../cli/shared/python.ts';
import { runScript } from '../../../src/scripts/run-script.ts';
import { treeOf } from '../tree-of.ts';

const ROOT = '/srv/ops';
const NOW = Date.parse('2026-02-18T01:00:00Z');
const FILES = {
  'ops/vms.yaml': 'vms:\n  - { id: 200, started: 2026-02-01 }\n  - { id: 201, started: yes }\n',
  'ops/other.yaml': 'x: 1\n',
  'ops/a.json': '{"a": [1, 2]}\n',
  'tools/age.py': 'import os\nAGE = os.path.getmtime("ops/a.json")\n',
  'tools/names.py': 'FIRST = [*{"alpha", "beta"}][0]\n',
  'tools/lib.py': 'def answer():\n    return 42\n',
  'tools/main.py': '#!/usr/bin/env python3\nimport sys\nimport lib\nprint(lib.answer(), sys.argv[1:])\n',
};

/** A script that hands a program to Python on its input. */
function program(source: string): string {
  return `python3 - "$@" <<'PY'\n${source}\nPY\n`;
}

async function judge(script: string, files: Readonly<Record<string, string>> = FILES) {
  return runScript({
    script: 'verify/check.sh',
    tree: treeOf({ ...files, 'verify/check.sh': script }, ['tools/main.py']),
    siblings: new Map(),
    now: NOW,
    python: loadPython,
    layout: {
      root: ROOT,
      home: '/home/someone',
      siblings: new Map([['workbench', '/srv/workbench']]),
      environment: new Map([['SPINE_ROOT', ROOT]]),
    },
    limits: { commands: 20_000, output: 1_000_000, depth: 60, ticks: 200_000, time: 60_000 },
  });
}

/** What a script prints: all of it is said where it fails. */
async function printed(script: string): Promise<readonly string[]> {
  const { excerpt, findings } = await judge(`grep -q x ops/other.yaml\n${script}\nexit 1`);
  return [...excerpt, ...findings.map(({ message }) => message)];
}

describe('a Python program in a script', () => {
  test('reads the repo, PyYAML included, and its exit status is the verdict', async () => {
    const source = `
import sys, yaml
vms = yaml.safe_load(open("ops/vms.yaml"))["vms"]
wrong = [vm["id"] for vm in vms if vm["started"] is True]
for number in wrong:
    print(f"FAIL: ops/vms.yaml:3 {number} is odd", file=sys.stderr)
sys.exit(1 if wrong else 0)`;
    expect(await judge(program(source))).toMatchObject({
      verdict: 'fail',
      findings: [{ path: 'ops/vms.yaml', line: 3, message: 'ops/vms.yaml:3 201 is odd' }],
    });
    const sound = { ...FILES, 'ops/vms.yaml': 'vms:\n  - { id: 200, started: 2026-02-01 }\n' };
    expect(await judge(program(source), sound)).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test('what it reads and lists is in the trace, as for the shell', async () => {
    const { trace } = await judge(program('import glob\nopen("ops/a.json").read()\nglob.glob("tools/*.py")'));
    expect([...trace.facts.keys()]).toEqual(
      expect.arrayContaining(['target entry ops/a.json', 'target names tools', 'target entry verify/check.sh']),
    );
    expect([...trace.facts.keys()]).not.toContain('target names ');
  });

  test.each([
    ['-c with arguments', `python3 -c 'import sys; print(sys.argv)' a b`, `['-c', 'a', 'b']`],
    ['standard input', `echo 'import sys; print(sys.argv)' | python3 - a`, `['-', 'a']`],
    ['a file, which imports its neighbours', 'python3 tools/main.py a', `42 ['a']`],
    ['a file that is a program itself', './tools/main.py b', `42 ['b']`],
    ['input beside the program', `echo text | python3 -c 'import sys; print(sys.stdin.read().strip())'`, 'text'],
    ['a module that is a program', `python3 -m json.tool --compact ops/a.json`, '{"a":[1,2]}'],
    ['the environment', `A=1 python3 -c 'import os; print(os.environ["A"], "PYTHONHOME" in os.environ)'`, '1 False'],
    ['its folder', `cd tools && python3 -c 'import os, lib; print(os.getcwd(), lib.answer())'`, 'tools 42'],
  ])('is called with %s', async (_, command, said) => {
    expect(await printed(command)).toContain(said);
  });

  test('ends like Python', async () => {
    expect(await printed(program('raise SystemExit("no good")'))).toContain('no good');
    expect((await printed(program('1 / 0'))).join('\n')).toContain('ZeroDivisionError: division by zero');
    expect((await printed(program('def f(:'))).join('\n')).toContain('SyntaxError');
    const status = await judge(`grep -q x ops/other.yaml; python3 -c 'raise SystemExit(7)'; test $? = 7`);
    expect(status.verdict).toBe('pass');
  });

  test('has the clock of the audit, in UTC, and the verdict knows that it was asked', async () => {
    const asks = 'import datetime\nprint(datetime.datetime.now(), datetime.datetime.now(datetime.timezone.utc))';
    expect(await printed(program(asks))).toContain('2026-02-18 01:00:00 2026-02-18 01:00:00+00:00');
    expect((await judge(program(`open("ops/a.json")\n${asks}`))).trace.flipsAt).toBeGreaterThan(NOW);
    expect((await judge(program('open("ops/a.json").read()'))).trace.flipsAt).toBeNull();
  });

  test('writes to a layer of its own, which the rest of the script sees', async () => {
    const source = `
import os, pathlib, tempfile
pathlib.Path("/tmp/one.txt").write_text("one\\n")
with open("/tmp/one.txt", "a") as file:
    file.write(open("ops/other.yaml").read())
os.rename("/tmp/one.txt", "/tmp/two.txt")
open("ops/a.json", "w").write("changed")`;
    const script = `${program(source)}test "$(cat /tmp/two.txt)" = "$(printf 'one\\nx: 1')" && grep -q changed ops/a.json && ! test -e /tmp/one.txt`;
    expect(await judge(script)).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test('starts processes, which are commands of the same shell', async () => {
    const source = String.raw`
import subprocess, os, sys
done = subprocess.run(["grep", "-c", "id", "ops/vms.yaml"], capture_output=True, text=True)
assert (done.returncode, done.stdout) == (0, "2\n"), done
assert subprocess.run("cat | wc -l", shell=True, input=b"a\nb\n", stdout=subprocess.PIPE).stdout.strip() == b"2"
assert subprocess.check_output(["sh", "-c", 'echo "$A"; pwd'], env={"A": "1"}, cwd="tools", text=True) == "1\n/srv/ops/tools\n"
open("/tmp/seen", "w").write("yes")
assert subprocess.getoutput("cat /tmp/seen") == "yes"
assert os.system("exit 3") == 3 << 8
try:
    subprocess.run(["false"], check=True)
except subprocess.CalledProcessError as error:
    assert error.returncode == 1`;
    expect(await judge(program(source))).toMatchObject({ verdict: 'pass', needs: [] });
  });
});

test('processes that cannot start, and those that end with the same status', async () => {
  const source = `
import subprocess
def fault(words, **how):
    try:
        subprocess.run(words, **how)
    except OSError as error:
        return type(error).__name__
assert fault(["true"], cwd="nowhere") == "FileNotFoundError"
assert fault(["./nowhere"]) == "FileNotFoundError"
assert fault(["ops/a.json"]) == "PermissionError"
assert subprocess.run(["bash", "-c", "exit 127"]).returncode == 127
assert subprocess.check_output(["echo $0", "a"], shell=True) == b"a\\n"`;
  expect(await judge(program(source))).toMatchObject({ verdict: 'pass', needs: [] });
});

test('the local time can be compared', async () => {
  const source =
    'import datetime\nopen("ops/a.json")\nassert datetime.datetime.now().astimezone().utcoffset() is not None';
  expect(await judge(program(source))).toMatchObject({ verdict: 'pass', needs: [] });
});

describe('what the machine says is looked at twice', () => {
  const hangs = (on: string) => ({ verdict: 'blind', needs: [`the machine: its verdict hangs on ${on}`] });

  test.each([
    ['import datetime\nassert datetime.datetime.now().day == 18'],
    ['import datetime\nassert datetime.date.today().isoformat() == "2026-02-18"'],
    ['import datetime\nassert datetime.datetime(2026, 2, 18).timestamp() == 1771372800'],
    ['import datetime\nassert datetime.datetime.fromtimestamp(0).year == 1970'],
    ['import time\nassert time.strftime("%Y", time.localtime(0)) == "1970"'],
    ['import time\nassert time.mktime((2026, 7, 1, 0, 0, 0, 0, 0, -1)) == 1782864000'],
    ['import time\nassert time.timezone == 0'],
    ['from time import tzname\nassert tzname[0] == "UTC"'],
  ])('the zone: %s', async (source) => {
    expect(await judge(program(`open("ops/a.json")\n${source}`))).toMatchObject(hangs('the time zone of the machine'));
  });

  test.each([
    ['import os\nassert "CI" not in os.environ', 'variables that a terminal or CI sets'],
    ['import os\nassert os.getenv("GITHUB_ACTIONS") is None', 'variables that a terminal or CI sets'],
    ['import os\nassert "homebrew" not in os.environ["PATH"]', 'where programs lie'],
    ['import sys\nassert not sys.stdout.isatty()', 'whether somebody sits at a terminal'],
    ['import os\nassert not os.isatty(0)', 'whether somebody sits at a terminal'],
  ])('%s', async (source, on) => {
    expect(await judge(`python3 -c '${source}\nopen("ops/a.json")'`)).toMatchObject(hangs(on));
  });

  test('but not who asks for UTC, for variables of the script or for what is redirected', async () => {
    const source = `
import argparse, datetime, os, sys
open("ops/a.json")
utc = datetime.timezone.utc
argparse.ArgumentParser().add_argument("--x")
assert datetime.datetime.strptime("2026-02-18", "%Y-%m-%d").replace(tzinfo=utc) < datetime.datetime.now(utc)
assert datetime.datetime.fromtimestamp(0, utc).year == 1970 and os.getenv("MINE") is None and not sys.stdin.isatty()`;
    expect(await judge(program(source))).toMatchObject({ verdict: 'pass', needs: [], leansOn: [] });
  });

  test('nor who sets the zone', async () => {
    const source = 'import datetime; open("ops/a.json"); assert datetime.datetime.now().day == 18';
    expect(await judge(`TZ=UTC python3 -c '${source}'`)).toMatchObject({ verdict: 'pass', leansOn: [] });
    const elsewhere = await judge(`TZ=America/New_York python3 -c '${source}'`);
    expect(elsewhere).toMatchObject({ verdict: 'blind', needs: ['the time zone America/New_York'] });
  });
});

describe('what a checkout says of its files', () => {
  test.each([
    [
      'their kind and size',
      'import os, stat\ns = os.stat("ops/a.json")\nassert stat.S_ISREG(s.st_mode) and s.st_size == 14',
    ],
    ['whether they are programs', 'import os, stat\nassert os.stat("tools/main.py").st_mode & stat.S_IXUSR'],
    [
      'copies and walks',
      'import os, shutil\nshutil.copytree("ops", "/tmp/o")\nassert len(list(os.walk("/tmp/o"))) == 1',
    ],
    [
      'removed trees',
      'import shutil, tempfile\nwith tempfile.TemporaryDirectory() as d: shutil.copy2("ops/a.json", d)',
    ],
  ])('%s', async (_, source) => {
    expect(await judge(program(source))).toMatchObject({ verdict: 'pass', needs: [] });
  });
});

describe('the times of files', () => {
  test.each([
    ['in a part that does not run', 'def age(p):\n  return p.stat().st_mtime\nopen("ops/a.json")'],
    ['of each of no files', 'import pathlib\nfor p in pathlib.Path("ops").glob("*.no"):\n  print(p.stat().st_mtime)'],
    ['of a file that is not there', 'import os\np = "ops/none"\nif os.path.exists(p): os.path.getmtime(p)'],
  ])('are not asked for %s', async (_, source) => {
    expect(await judge(program(source))).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test('are asked for far down in a long program', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `v${index} = os.name`).join('\n');
    const verdict = await judge(program(`import os\n${many}\nos.stat("ops/a.json").st_mtime_ns`));
    expect(verdict).toMatchObject({ verdict: 'blind', needs: ['times of files'] });
  });

  test('are asked for in the second of two modules that say the same', async () => {
    const same = 'import os\ndef age(path):\n  return os.stat(path).st_mtime\n';
    const files = { ...FILES, 'tools/first.py': same, 'tools/second.py': same };
    const imports = 'import sys\nsys.path.append("tools")\nimport first, second';
    expect(await judge(program(imports), files)).toMatchObject({ verdict: 'pass', needs: [] });
    const verdict = await judge(program(`${imports}\nsecond.age("ops/a.json")`), files);
    expect(verdict).toMatchObject({ verdict: 'blind', needs: ['times of files'] });
  });
});

test('files of one size are compared by what they hold', async () => {
  const files = { ...FILES, 'ops/same.json': '{"a": [1, 2]}\n', 'ops/other.json': '{"a": [2, 1]}\n' };
  const equal = (other: string) =>
    program(`import filecmp, sys\nsys.exit(not filecmp.cmp("ops/a.json", "ops/${other}.json"))`);
  expect(await judge(equal('same'), files)).toMatchObject({ verdict: 'pass' });
  expect(await judge(equal('other'), files)).toMatchObject({ verdict: 'fail' });
});

test('what a program prints that was started over arrives where the shell sends it', async () => {
  const source = 'import subprocess\nsubprocess.run(["true"])\nprint(len(open("ops/a.json").read()))';
  expect(await printed(`python3 -c '${source}' > /tmp/length; cat /tmp/length`)).toContain('14');
});

describe('what is not here makes a Python program blind, whatever its exit status', () => {
  test.each([
    ['a module that is not installed everywhere', 'import requests', 'the Python module requests'],
    ['such a module, asked for in passing', 'try:\n  import jsonschema\nexcept ImportError: pass', 'jsonschema'],
    ['the network', 'import urllib.request as u\ntry: u.urlopen("http://a.b")\nexcept Exception: pass', 'the network'],
    ['a place outside the repo', 'import os\nos.path.exists("/etc/hosts")', 'the path /etc/hosts'],
    ['the home folder', 'import pathlib\npathlib.Path("~/.ssh/config").expanduser().exists()', '~/.ssh'],
    ['a device', 'import os\nos.path.exists("/dev/sda")', '/dev/sda'],
    ['a program of the machine', 'import subprocess\ntry: subprocess.run(["docker"])\nexcept OSError: pass', 'docker'],
    ['a process that writes', 'import subprocess\nsubprocess.run("echo > /tmp/x", shell=True)', 'that writes files'],
    ['threads', 'import threading\ntry: threading.Thread(target=print).start()\nexcept RuntimeError: pass', 'threads'],
    ['times of files', 'import os\nos.path.getmtime("ops/a.json")', 'times of files'],
    ['the same by their number', 'import os, stat\nos.stat("ops/a.json")[stat.ST_MTIME]', 'times of files'],
    ['the same by its number itself', 'import os\nos.stat(os.path.join("ops", "a.json"))[8]', 'times of files'],
    ['the same by a name in a text', 'import os\ngetattr(os.stat("ops/a.json"), "st_" "mtime")', 'times of files'],
    ['the same as a key', 'import os\nsorted(["ops/a.json"], key=os.path.getmtime)', 'times of files'],
    ['the same in a module of the repo', 'import sys\nsys.path.append("tools")\nimport age', 'times of files'],
    ['a whole record', 'import os\ntuple(os.stat("ops/a.json"))', 'times of files'],
    ['a record that is printed', 'import os\nprint(os.stat("ops/a.json"))', 'times of files'],
    ['part of a record', 'import os\nos.stat("ops/a.json")[7:]', 'times of files'],
    ['a number in a variable', 'import pathlib\ni = 8\npathlib.Path("ops/a.json").stat()[i]', 'times of files'],
    ['an entry of a folder', 'import os\nfor e in os.scandir("ops"): e.stat()[8]', 'times of files'],
    [
      'all names of a record',
      'import os\ns = os.lstat("ops/a.json")\n{k: getattr(s, k) for k in dir(s)}',
      'times of files',
    ],
    [
      'a name in pieces',
      'import os\nn = "".join(["st_", "mti", "me"])\ngetattr(os.stat("ops/a.json"), n)',
      'times of files',
    ],
    [
      'code that is changed',
      'import os\ndef f(p): return os.stat(p).st_mtime\nf.__code__ = f.__code__.replace(co_name="g")\nf("ops/a.json")',
      'times of files',
    ],
    [
      'an archive of files',
      'import io, tarfile\nt = tarfile.open(fileobj=io.BytesIO(), mode="w")\nt.add("ops/a.json")',
      'times of files',
    ],
    [
      'an owner',
      'import pathlib\ntry: pathlib.Path("ops/a.json").owner()\nexcept Exception: pass',
      'the machine itself',
    ],
    ['numbers of a disk', 'import os\nos.stat("ops/a.json").st_ino', 'what only a disk knows'],
    ['the size of a folder', 'import os\nos.stat("ops").st_size', 'what only a disk knows'],
    ['who may write', 'import os\noct(os.stat("ops/a.json").st_mode)', 'permissions of files'],
    ['who may write, by a mask', 'import os\nos.stat("ops/a.json").st_mode & 0o022', 'permissions of files'],
    ['who may write, by a module', 'import os, stat\nstat.S_IMODE(os.stat("ops").st_mode)', 'permissions of files'],
    ['chance', 'import random\nprint(random.random())', 'chance'],
    ['chance that is no number', 'import secrets\nsecrets.choice([1, 2])', 'chance'],
    [
      'chance from a seed of which not all Pythons make the same',
      'import random\nrandom.seed(1.5)\nrandom.random()',
      'chance',
    ],
    ['how wide numbers are', 'import struct\nstruct.calcsize("l")', 'numbers as wide'],
    [
      'a hash that only some machines have',
      'import hashlib\ntry: hashlib.new("sm3")\nexcept ValueError: pass',
      'the hash sm3',
    ],
    [
      'processes of Python',
      'import multiprocessing\ntry: multiprocessing.Pool(2)\nexcept Exception: pass',
      'multiprocessing',
    ],
    ['a version of PyYAML', 'import yaml\nyaml.__version__', 'the version of PyYAML'],
    ['an end that is not everywhere the same', 'import sys\nsys.exit((0,))', 'the Python of the machine'],
    ['chance among other modules', 'import json,random\nrandom.random()', 'chance'],
    ['what is installed', 'import importlib.metadata as m\nlist(m.distributions())', 'the Python of the machine'],
    ['a credential', 'import os\nos.environ.get("NAS_API_TOKEN") or exit(0)', '$NAS_API_TOKEN'],
    ['a language', 'import locale\nlocale.setlocale(locale.LC_ALL, "")', 'locales'],
    ['the use of a disk', 'import shutil\ntry: shutil.disk_usage("/")\nexcept Exception: pass', 'the machine itself'],
    ['what this Python lacks', 'import os\nhasattr(os, "posix_spawn")', 'os.posix_spawn'],
    ['a list of what lies outside', 'import os\nos.listdir("/etc")', 'what lies in /etc'],
    ['a signal', 'import subprocess\nsubprocess.Popen(["true"]).kill()', 'a signal'],
    ['the machine', 'import socket\nprint(socket.gethostname())', 'the machine itself'],
    ['an option that is not known', '', 'python3 -m pytest'],
  ])('%s', async (_, source, need) => {
    const script = source === '' ? 'grep -q x ops/other.yaml; python3 -m pytest || true' : program(source);
    const verdict = await judge(`grep -q x ops/other.yaml\n${script}true`);
    expect(verdict).toMatchObject({ verdict: 'blind', reason: expect.stringContaining(need) });
  });

  test('each module of the standard library that cannot be imported here', { timeout: 60_000 }, async () => {
    const source = `
import sys
for name in sorted(sys.stdlib_module_names):
    if name.startswith("_") or name in ("antigravity", "idlelib", "this", "tkinter", "turtle", "turtledemo"): continue
    try: __import__(name)
    except ImportError: print("FAIL", name)`;
    const { needs, excerpt } = await judge(program(source));
    const failing = excerpt.filter((line) => line.startsWith('FAIL ')).map((line) => line.replace('FAIL ', ''));
    expect(failing).toEqual(expect.arrayContaining(['ctypes', 'zoneinfo']));
    expect(needs).toEqual(expect.arrayContaining(failing.map((name) => `the Python module ${name}`)));
  });

  test('a program that reads nothing of the repo is no check of it', async () => {
    expect(await judge(program('import json, re, pathlib\nprint(1)'))).toMatchObject({
      verdict: 'blind',
      reason: 'it read nothing of the repo',
    });
  });
});

describe('what lies with the machine is another on the second one', () => {
  test.each([
    ['the first of a set', 'assert [*{"alpha", "beta"}][0] == "alpha"', 'chance'],
    ['the other of a set', 'assert [*{"alpha", "beta"}][0] == "beta"', 'chance'],
    [
      'a set in a module of the repo',
      'import sys\nsys.path.append("tools")\nimport names\nassert names.FIRST == "alpha"',
      'chance',
    ],
    ['the system', 'import sys\nassert sys.platform == "linux"', 'which system this is'],
    ['the system in a variable', 'from sys import platform as p\nassert p == "linux"', 'which system this is'],
    [
      'the system by another name',
      'import sys\nassert getattr(sys, "plat" + "form") == "linux"',
      'which system this is',
    ],
    ['the system by platform', 'import platform as p\nassert p.system() == "Linux"', 'which system this is'],
    ['the system by uname', 'import os\nassert os.uname().sysname == "Linux"', 'which system this is'],
    ['a newer Python', 'import sys\nif sys.version_info < (3, 12): raise SystemExit(1)', 'which system this is'],
    ['the user', 'import os\nassert os.getuid() != 0', 'who runs it'],
    ['the user by another name', 'import os\nassert getattr(os, "get" + "uid")() != 0', 'who runs it'],
    ['the user by the environment', 'import os\nassert os.environ["USER"] == "auditor"', 'who runs it'],
    ['all of the environment', 'import os\nassert len(os.environ) < 9', 'who runs it'],
    ['the first of a folder', 'import os\nassert os.listdir("ops")[0] == "a.json"', 'the order of a listing'],
    ['the first of a walk', 'import os\nassert next(os.walk("ops"))[2][0] == "a.json"', 'the order of a listing'],
    ['the first of a glob', 'import glob\nassert glob.glob("ops/*")[0] == "ops/a.json"', 'the order of a listing'],
    [
      'the first of a path',
      'import pathlib\nassert next(pathlib.Path("ops").iterdir()).name == "a.json"',
      'the order of a listing',
    ],
    ['the hash of a text', 'assert hash("a") == hash("a") and hash("a") % 1000 == N', 'chance'],
    [
      'a stopwatch',
      'import time\na = time.perf_counter()\nassert time.perf_counter() - a < 1',
      'how long commands take',
    ],
    ['the number of a process', 'import os\nassert os.getpid() < 10_000', 'numbers of processes'],
    ['a name by chance', 'import uuid\nassert str(uuid.uuid4())[0] == "N"', 'chance'],
  ])('%s', async (_, source, respect) => {
    const first = /\bN\b/.exec(source) ? await printedValue(source) : '';
    const verdict = await judge(`grep -q x ops/other.yaml\n${program(source.replace(/\bN\b/, first))}`);
    expect(verdict).toMatchObject({ verdict: 'blind', reason: expect.stringContaining(respect) });
  });

  test.each([
    ['sorted names', 'import os\nassert sorted(os.listdir("ops"))[0] == "a.json"', ['listing']],
    ['a set of texts', 'assert sorted({"b", "a"}) == ["a", "b"]', ['chance']],
    ['a set that is only looked into', 'assert "a" in {"a", "b"}', []],
    [
      'a folder for a while',
      'import tempfile\nwith tempfile.TemporaryDirectory() as d: open(d + "/a", "w")',
      ['names', 'environment'],
    ],
    ['a name by chance', 'import uuid, secrets\nassert uuid.uuid4() and secrets.token_hex(2)', ['chance']],
    ['an old Python', 'import sys\nassert sys.version_info >= (3, 8)', ['system']],
    ['chance that is only imported', 'import random, secrets', []],
    ['chance from a seed', 'import random\nrandom.seed(7)\nassert random.random() == 0.32383276483316237', []],
    ['a name from a text', 'import uuid\nassert uuid.uuid5(uuid.NAMESPACE_DNS, "a").version == 5', []],
    ['a pause', 'import time\ntime.sleep(0.1)', []],
    [
      'the environment of a process',
      'import os, subprocess\nsubprocess.run(["true"], env=dict(os.environ), check=True)',
      ['user', 'environment', 'programs'],
    ],
    ['the largest number', 'import sys\nassert sys.maxsize == 2**63 - 1', []],
  ])('and the verdict stands with %s', async (_, source, leansOn) => {
    const verdict = await judge(`grep -q x ops/other.yaml\n${program(source)}`);
    expect(verdict).toMatchObject({ verdict: 'pass', needs: [], leansOn });
  });

  test('sets that are turned round do all that sets do', async () => {
    const source = `
import copy, dataclasses, collections, json, sys
a = {"a", "b"} | {"c"}
b = set(["a"])
assert a - b == {"b", "c"} and sorted(a & {"a"}) == ["a"] and a >= b and isinstance(a, set) and type(a) is set and len(a) == 3
a |= {"z"}
a.discard("a")
a.update({"k"})
assert "z" in a and isinstance(a, (set, list)) and a != ["a"]
f = frozenset(a)
assert f == a and isinstance(f, frozenset) and {f: 1}[frozenset(a)] == 1
d = {"x": 1, "y": 2}
assert d.keys() - {"x"} == {"y"} and sorted({k for k in d}) == ["x", "y"]
assert repr({1}) == "{1}" and repr(set()) == "set()" and {1}.union([2], [3]) == {1, 2, 3} and {1}.isdisjoint({2})
def g(x: set[str]) -> frozenset[str]: return frozenset(x)
assert g({"a"}) == {"a"} and set().union(*[{"a"}]) == {"a"} and {*{"a"}, "b"} == {"a", "b"}
assert copy.deepcopy({"a"}) == {"a"} and copy.copy({"a"}) == {"a"}
@dataclasses.dataclass
class D: s: set = dataclasses.field(default_factory=set)
D().s.add(1)
m = collections.defaultdict(set)
m["a"].add("b")
assert m == {"a": {"b"}} and set(map(str, [1, 2])) == {"1", "2"} and max({1, 2}) == 2
match {"a"}:
    case set(): pass
    case _: sys.exit(1)
while a: a.pop()`;
    const verdict = await judge(`grep -q x ops/other.yaml\n${program(source)}`);
    expect(verdict).toMatchObject({ verdict: 'pass', needs: [], leansOn: ['chance'] });
  });

  /** What the place of `N` is compared with, on the first machine. */
  async function printedValue(source: string): Promise<string> {
    const [, before = '', asked = ''] = /^([\s\S]*)assert (?:.* and )?(.*) == .*$/.exec(source) ?? [];
    return (await printed(program(`${before}print("is", ${asked})`)))
      .join('')
      .replace(/^.*is /, '')
      .trim();
  }
});

describe('a Python that is called in another way', () => {
  test.each([
    ['warnings are errors', `python3 -W error -c 1`, 'python3 -W error'],
    ['warnings are errors by the environment', `PYTHONWARNINGS=error python3 -c 1`, '$PYTHONWARNINGS'],
    ['it is for developers', `python3 -X dev -c 1`, 'python3 -X dev'],
    ['its library lies elsewhere', `PYTHONHOME=/opt/py python3 -c 1`, '$PYTHONHOME'],
    ['a path is not looked at', `PYTHONPATH=tools python3 -E -c 'import lib'`, 'python3 -E'],
  ])('is not here where %s', async (_, command, need) => {
    const verdict = await judge(`grep -q x ops/other.yaml\n${command}`);
    expect(verdict).toMatchObject({ verdict: 'blind', reason: expect.stringContaining(need) });
  });

  test.each([
    ['warnings are left out', `python3 -W ignore -c 1`, 0],
    ['its own folder is no place for modules', `cd tools && python3 -P -c 'import lib'`, 1],
    ['it ends by a key', `python3 -c 'raise KeyboardInterrupt'`, 130],
    ['a tool closes its output', `echo '{}' | python3 -m json.tool > /dev/null`, 0],
    ['the program comes by a number', `python3 <(echo 'raise SystemExit(4)')`, 4],
    ['a file was left open', `python3 -c 'f = open("/tmp/f", "w"); f.write("a")'; test "$(cat /tmp/f)" = a`, 0],
  ])('does as python3 does where %s', async (_, command, status) => {
    const verdict = await judge(`grep -q x ops/other.yaml\n(${command}) 2>/dev/null; test $? = ${status}`);
    expect(verdict).toMatchObject({ verdict: status === 1 ? 'blind' : 'pass' });
  });
});

test('processes that are written to, and lines however they end', async () => {
  const source = String.raw`
import subprocess
p = subprocess.Popen(["sort"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
p.stdin.write("b\na\n")
p.stdin.close()
assert p.stdout.read() == "a\nb\n" and p.wait() == 0
assert subprocess.run(["printf", r"a\r\nb\rc"], capture_output=True, text=True).stdout == "a\nb\nc"`;
  expect(await judge(`grep -q x ops/other.yaml\n${program(source)}`)).toMatchObject({ verdict: 'pass', needs: [] });
});

describe('a Python program that does not end, or wants everything', () => {
  test.each([
    ['computes for ever', 'while True:\n  try:\n    pass\n  except BaseException:\n    pass', /compute|seconds/],
    ['matches for ever', 'import re\nre.match(r"(a+)+$", "a" * 64 + "b")', /compute|seconds/],
    ['wants all memory', 'x = "a" * 10**9', /memory: more than Python may have/],
  ])('%s', { timeout: 120_000 }, async (_, source, limit) => {
    expect(await judge(program(source))).toMatchObject({ verdict: 'crashed', reason: expect.stringMatching(limit) });
  });
});
