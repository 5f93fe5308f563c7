import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { SnapshotTree } from '../../src/scripts/files/tree.ts';
import { runScript, type ScriptVerdict } from '../../src/scripts/run-script.ts';
import { LIMITS, type Limits } from '../../src/scripts/shell/budget.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { treeOf } from './tree-of.ts';

const ROOT = '/srv/ops';
const NOW = Date.parse('2026-02-18T01:00:00Z');

function judge(
  script: string,
  files: Readonly<Record<string, string>> = { 'ops/x.yaml': 'x: 1\n' },
  extra: {
    siblings?: ReadonlyMap<string, SnapshotTree>;
    environment?: ReadonlyMap<string, string>;
    limits?: Limits;
  } = {},
): Promise<ScriptVerdict> {
  return runScript({
    script: 'verify/check.sh',
    tree: treeOf({ ...files, 'verify/check.sh': script }),
    siblings: extra.siblings ?? new Map(),
    now: NOW,
    layout: {
      root: ROOT,
      home: '/home/someone',
      siblings: new Map([['workbench', '/srv/workbench']]),
      environment: extra.environment ?? new Map([['SPINE_ROOT', ROOT]]),
    },
    limits: extra.limits ?? { commands: 20_000, output: 1_000_000, depth: 60, ticks: 0, time: 20_000 },
  });
}

describe('a script that needs nothing but the repo', () => {
  test('passes with status 0', async () => {
    expect(await judge('grep -q x: ops/x.yaml')).toMatchObject({ verdict: 'pass', findings: [], needs: [] });
  });

  test('fails with any other, and its failing lines are the findings', async () => {
    const verdict = await judge('test -f ops/x.yaml; echo "checking"; echo "FAIL: ops/x.yaml:1 x must be 2"; exit 1');
    expect(verdict).toMatchObject({
      verdict: 'fail',
      findings: [{ rule: 'reported', path: 'ops/x.yaml', line: 1, message: 'ops/x.yaml:1 x must be 2' }],
      excerpt: ['checking'],
    });
  });

  test('finds itself, its folder and the siblings where it expects them', async () => {
    const script = `
      ROOT="$(cd "$(dirname "\${BASH_SOURCE[0]}")/.." && pwd)"
      [ "$ROOT" = /srv/ops ] || { echo "FAIL: root $ROOT"; exit 1; }
      [ "$SPINE_ROOT" = "$ROOT" ] && grep -q here /srv/workbench/note.md`;
    const siblings = new Map([['workbench', treeOf({ 'note.md': 'here\n' })]]);
    expect(await judge(script, undefined, { siblings })).toMatchObject({ verdict: 'pass' });
  });

  test('sees the time of the audit, and says that it asked', async () => {
    const asked = await judge('test -f ops/x.yaml && test "$(date -u +%F)" = 2026-02-18');
    expect(asked.verdict).toBe('pass');
    expect(asked.trace.flipsAt).toBeGreaterThan(NOW);
    expect((await judge('test -f ops/x.yaml')).trace.flipsAt).toBeNull();
  });

  test('writes to a layer of its own', async () => {
    const tree = treeOf({ 'a.txt': 'one\n', 'check.sh': 'echo two > a.txt; grep -q two a.txt' });
    const request = {
      script: 'check.sh',
      tree,
      siblings: new Map(),
      now: NOW,
      layout: { root: ROOT, home: '/h', siblings: new Map(), environment: new Map() },
    };
    expect((await runScript(request)).verdict).toBe('pass');
    await tree.fetch('a.txt');
    expect(tree.known('a.txt')).toBe('one\n');
  });
});

describe('a script that needs what is not here is blind, whatever it makes of that', () => {
  test.each([
    ['a host tool', 'ssh host true || exit 0', 'ssh'],
    ['behind 2>/dev/null and || true', 'curl -fsS http://10.0.0.1/ >/dev/null 2>&1 || true', 'curl'],
    ['in a substitution', 'x=$(docker ps 2>/dev/null); [ -z "$x" ]', 'docker'],
    ['in a pipeline', 'cat ops/x.yaml | python3 -c "pass" | cat', 'python3'],
    ['in <( )', 'while read -r l; do :; done < <(kubectl get pods 2>/dev/null)', 'kubectl'],
    ['asked for only', 'command -v infisical >/dev/null || exit 0', 'infisical, which it asks for'],
    ['asked for by type', 'type -P tailscale >/dev/null 2>&1; true', 'tailscale, which it asks for'],
    ['by its path', '/usr/bin/perl -e 1 || true', 'perl'],
    ['through xargs', 'echo a | xargs -n1 nslookup; true', 'nslookup'],
    ['through find -exec', 'find ops -type f -exec plutil -lint {} \\; ; true', 'plutil'],
    ['through env and timeout', 'timeout 5 env A=1 ping -c1 host; true', 'ping'],
    ['as a script in Python', 'verify/tool.py || true', 'python3'],
    ['an option that is not supported', 'grep --perl-magic x ops/x.yaml 2>/dev/null || true', 'grep --perl-magic'],
    ['a builtin that is not', 'compgen -c >/dev/null || true', 'compgen'],
    ['a place outside', '[ -f /etc/hosts ] || true', 'the path /etc/hosts'],
    ['a list of what lies outside', 'for f in /etc/*.conf; do :; done', 'what lies in /etc'],
    ['a list of the folder above', 'ls .. >/dev/null', 'what lies in /srv'],
    ['the home folder', '[ -d "$HOME/.ssh" ] || exit 0', 'the path ~/.ssh'],
    ['a sibling that is not configured', '[ -f /srv/workbench/x ] || exit 0', 'the path /srv/workbench'],
    ['modification times', 'stat -c %Y ops/x.yaml >/dev/null; exit 0', 'modification times'],
    ['ages of files', 'find ops -mtime +7 | grep -q . || exit 0', 'modification times'],
    ['chance', 'echo $RANDOM', '$RANDOM'],
    ['a terminal that nobody named', 'x=$(tput setaf 1 2>/dev/null); true', 'TERM, for tput'],
    ['the size of a terminal', '[ "$(tput -T xterm cols)" -gt 0 ]', 'tput -T xterm cols'],
    ['a sum that is not computed here', 'md5sum ops/x.yaml | md5sum -c --status; true', 'md5sum'],
    ['chance by another name', 'declare -n r=RANDOM; [ "$r" ]', '$RANDOM'],
    ['rights in a form of their own', 'umask -S >/dev/null', 'umask -S'],
    ['chance that was given a start', 'RANDOM=42; [ -n "$RANDOM" ]', '$RANDOM'],
    ['the declaration of what the shell makes up', 'declare -p RANDOM >/dev/null 2>&1; true', '$RANDOM'],
    ['the whole environment', 'env | grep -q CI= && exit 1; true', 'the whole environment'],
    ['the size of a folder', '[ "$(stat -c %s ops)" = 4096 ]', 'the size of a folder'],
    ['the user’s name', 'whoami >/dev/null', 'whoami'],
    ['another user’s number', 'id -u root >/dev/null', 'the user'],
    ['the name of the machine', 'uname -n >/dev/null', 'uname -n'],
    [
      'a program that is stopped half way',
      'timeout 1 bash -c "sleep 5; echo a" >/dev/null; true',
      'what bash has done',
    ],
    ['whatever ends first', 'true & false & wait -n', 'which job ends first'],
    ['all programs of a name', 'which -a bash >/dev/null', 'which -a'],
    ['all meanings of a name', 'type -a echo >/dev/null', 'type -a'],
    ['a credential', '[ -n "${NAS_API_TOKEN:-}" ] || { echo SKIP; exit 0; }; exit 1', '$NAS_API_TOKEN'],
    ['a group that is not there', "echo a | sed -E 's/\\(a\\)/\\1/' 2>/dev/null || true", 'sed with invalid reference'],
    ['& in a replacement', 'v=abc; [ "${v/b/&}" = x ] || true', 'what & in a replacement'],
    [
      'a replacement of nothing',
      'shopt -s extglob\nv=abc; [ "${v/*(x)/y}" = x ] || true',
      'a pattern that matches nothing',
    ],
    ['half a number that is not held exactly', 'printf %.1f 0.15 >/dev/null', 'printf %.1f of 0.15'],
    ['keys that count bytes', "printf 'é\\nb\\n' | sort -k1.2 >/dev/null", 'sort -k that counts'],
    ['a pattern of case that is empty', 'case a in ) ;; esac', 'a shell that reads this'],
    ['what find does with .git', '[ "$(find . -type f | wc -l)" -lt 9 ]', 'what lies in .git'],
    ['what grep finds in .git', 'grep -rq refs . || true', 'what lies in .git'],
    ['what rg finds in .git', 'rg -q --hidden refs || true', 'what lies in .git'],
    ['jq that stops early', "echo 1 2 | jq 'if . == 1 then halt else . end' >/dev/null", 'jq halt with more input'],
    ['a process', 'kill -0 123 2>/dev/null || true', 'kill'],
    ['the inside of .git', 'cat .git/config 2>/dev/null || true', 'the file .git/config'],
    [
      'a regular expression that is not supported',
      "grep -qP '(?>a)' ops/x.yaml 2>/dev/null || true",
      'a regular expression',
    ],
    ['syntax that is not known', 'select x in a b; do break; done', 'select'],
  ])('%s', async (_, script, need) => {
    const tool = { 'verify/tool.py': '#!/usr/bin/env python3\n' };
    const verdict = await runScript({
      script: 'verify/check.sh',
      tree: treeOf({ ...tool, 'ops/x.yaml': 'x: 1\n', 'verify/check.sh': `test -f ops/x.yaml; ${script}` }, [
        'verify/tool.py',
      ]),
      siblings: new Map(),
      now: NOW,
      layout: { root: ROOT, home: '/home/someone', siblings: new Map(), environment: new Map() },
    });
    expect(verdict.verdict).toBe('blind');
    expect(verdict.needs.join('\n')).toContain(need);
    expect(verdict.reason).toMatch(/^needs /);
  });

  test('where Python is all that it lacks, the reason says which Worker has it', async () => {
    const remedy = '; a Worker whose `main` is src/worker-with-python.ts has it';
    const script = 'grep -q x ops/x.yaml; command -v python3 >/dev/null && python3 -c "pass"';
    expect((await judge(script)).reason).toBe(`needs python3, which it asks for${remedy}`);
    expect((await judge(`${script}; ssh host true`)).reason).not.toContain(remedy);
  });

  test.each([
    'find . -type f -not -path "./.git/*" | grep -q x.yaml',
    'find . -name .git -prune -o -type f -print | grep -q x.yaml',
    'find . -name "*.yaml" | grep -q x.yaml',
    'find . -maxdepth 1 -type f | grep -c . >/dev/null || true',
    'grep -rq x --include="*.yaml" .',
    'grep -rq x --exclude-dir=.git .',
    'grep -rq x ops',
    'rg -q x',
    'rg -q --hidden -g "!.git" x',
  ])('but not by walking around .git: %s', async (script) => {
    expect(await judge(`cat ops/x.yaml; ${script}`)).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test('a failure stands that was found before', async () => {
    const verdict = await judge('echo "FAIL: x is wrong"; ssh host true; exit 1');
    expect(verdict).toMatchObject({ verdict: 'fail', findings: [{ message: 'x is wrong' }] });
  });

  test('a failure does not stand that came after', async () => {
    expect(await judge('ssh host true || { echo "FAIL: host is down"; exit 1; }')).toMatchObject({
      verdict: 'blind',
      findings: [],
    });
  });

  test('a failing line proves nothing when the script then passes', async () => {
    expect(await judge('echo "FAIL: maybe"; ssh host true; exit 0')).toMatchObject({ verdict: 'blind' });
  });

  test('a script that looks at nothing is blind', async () => {
    expect(await judge('echo fine')).toMatchObject({ verdict: 'blind', reason: 'it read nothing of the repo' });
    expect(await judge('[ -d .git ] && cd "$(dirname "$0")" && echo fine')).toMatchObject({ verdict: 'blind' });
  });
});

describe('a script that needs something that is not here', () => {
  const long = 'for ((i = 0; i < 150000; i++)); do :; done; exit 1';
  const run = (before: string) => judge(`${before}; curl -s example.com; ${long}`, undefined, { limits: LIMITS });

  test('may still say what else it needs, but not for long, since its verdict is known', async () => {
    const { verdict, needs, cost } = await run('echo checking');
    expect({ verdict, needs }).toEqual({ verdict: 'blind', needs: ['curl'] });
    expect(cost.commands).toBeLessThan(110_000);
  });

  test('goes on where it had printed a failure before', async () => {
    const { verdict, cost } = await run('test -f ops/x.yaml; echo "FAIL: x"');
    expect(verdict).toBe('fail');
    expect(cost.commands).toBeGreaterThan(150_000);
  });
});

describe('limits end in crashed, never in a verdict', () => {
  test.each([
    ['a loop without end', 'while :; do :; done', 'commands'],
    ['output without end', 'x=aaaaaaaaaa; for i in {1..40}; do x=$x$x; echo "$x"; done', 'output'],
    ['recursion without end', 'f() { f; }; f', 'nested'],
    ['a script that calls itself', 'bash "$0"', 'nested'],
    ['awk without end', "awk 'BEGIN { while (1) i++ }'", 'commands'],
  ])('%s', async (_, script, what) => {
    const verdict = await judge(`test -f ops/x.yaml; (${script}) || true; exit 0`);
    expect(verdict.verdict).toBe('crashed');
    expect(verdict.reason).toContain(what);
  });
});

test('a script that waits for ever for what is not here is blind for that', async () => {
  const verdict = await judge('test -f ops/x.yaml; until curl -s https://example.com; do sleep 5; done');
  expect(verdict).toMatchObject({ verdict: 'blind', reason: 'needs curl' });
});

test('awk over many files reads each about twice, and not each once more for every other', async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`docs/${i}.md`, 'one line\n']));
  const verdict = await runScript({
    script: 'verify/check.sh',
    tree: treeOf({ ...files, 'verify/check.sh': "LC_ALL=C; awk '/two/ { n++ } END { exit n }' docs/*.md" }),
    siblings: new Map(),
    now: NOW,
    layout: { root: ROOT, home: '/home/someone', siblings: new Map(), environment: new Map() },
  });
  expect(verdict.verdict).toBe('pass');
  expect(verdict.cost.commands).toBeLessThan(1_000);
});

describe('what is fetched', () => {
  test('is what the script reads, in few requests, and each file once for all scripts', async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`docs/${i}.md`, `page ${i}\n`]));
    const inner = memorySnapshot({
      files: { ...files, 'big.bin': 'x', 'check.sh': 'grep -rq "page 49" docs' },
      sha: 'a'.repeat(40),
    });
    const requests: (readonly string[])[] = [];
    const snapshot: Snapshot = {
      ...inner,
      read: (paths) => {
        requests.push(paths);
        return inner.read(paths);
      },
    };
    const tree = new SnapshotTree(snapshot);
    const request = {
      script: 'check.sh',
      tree,
      siblings: new Map(),
      now: NOW,
      layout: { root: ROOT, home: '/h', siblings: new Map(), environment: new Map() },
    };
    const verdict = await runScript(request);
    expect(verdict.verdict).toBe('pass');
    expect(requests.map((paths) => paths.length)).toEqual([1, 50]);
    await runScript(request);
    expect(requests).toHaveLength(2);
    expect(verdict.trace.facts.get('target names docs')).toMatch(/^50 /);
    expect(verdict.trace.facts.has('target entry big.bin')).toBe(false);
  });

  test('a file that cannot be had makes it blind', async () => {
    const snapshot = memorySnapshot({
      files: { 'a.txt': 'x', 'check.sh': 'grep -q y a.txt || exit 0' },
      unavailable: { 'a.txt': 'too large' },
      sha: 'a'.repeat(40),
    });
    const verdict = await runScript({
      script: 'check.sh',
      tree: new SnapshotTree(snapshot),
      siblings: new Map(),
      now: NOW,
      layout: { root: ROOT, home: '/h', siblings: new Map(), environment: new Map() },
    });
    expect(verdict).toMatchObject({ verdict: 'blind', reason: 'needs a.txt, which could not be read: too large' });
  });
});

test('yq answers, and what lies beyond it is a need', async () => {
  expect(await judge('[ "$(yq e .x ops/x.yaml)" = 1 ]')).toMatchObject({ verdict: 'pass', needs: [] });
  expect(await judge('yq --no-such-option . ops/x.yaml >/dev/null 2>&1 || true')).toMatchObject({ verdict: 'blind' });
  const loop =
    'n=0; while read -r l; do yq e .x ops/x.yaml >/dev/null; n=$((n+1)); done < <(printf "a\\nb\\n"); [ $n = 2 ]';
  expect(await judge(loop), 'a command that reads files leaves the input of a loop alone').toMatchObject({
    verdict: 'pass',
  });
});

test('git answers from the snapshot, and what it cannot know is a need', async () => {
  const toplevel =
    'test -f ops/x.yaml && [ "$(git rev-parse --show-toplevel)" = "$SPINE_ROOT" ] && git ls-files | grep -q x.yaml';
  expect(await judge(toplevel)).toMatchObject({ verdict: 'pass', needs: [] });
  expect(await judge('git fetch -q origin 2>/dev/null || true; test -f ops/x.yaml')).toMatchObject({
    verdict: 'blind',
  });
  expect(await judge('git remote get-url origin >/dev/null 2>&1; exit 0')).toMatchObject({ verdict: 'blind' });
});
