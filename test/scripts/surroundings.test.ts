import { describe, expect, test } from 'vitest';
import { runScript, type ScriptVerdict } from '../../src/scripts/run-script.ts';
import type { Limits } from '../../src/scripts/shell/budget.ts';
import { OTHER_SURROUNDINGS, type Surroundings, USUAL_SURROUNDINGS } from '../../src/scripts/surroundings.ts';
import { treeOf } from './tree-of.ts';

const ROOT = '/srv/ops';
const NOW = Date.parse('2026-02-18T01:00:00Z');
const FILES = { 'ops/a.yaml': 'x: 1\n', 'ops/b.yaml': 'x: 2\n', 'ops/one/only.md': 'one\n' };

/** What is said of a script that also looks at the repo. */
function judge(script: string, limits?: Limits): Promise<ScriptVerdict> {
  return runScript({
    script: 'check.sh',
    tree: treeOf({ ...FILES, 'check.sh': `grep -q x: ops/a.yaml || exit 1\n${script}` }),
    siblings: new Map(),
    now: NOW,
    layout: { root: ROOT, home: '/home/someone', siblings: new Map(), environment: new Map() },
    ...(limits && { limits }),
  });
}

test('the two machines differ in every respect', () => {
  for (const respect of Object.keys(USUAL_SURROUNDINGS) as (keyof Surroundings)[])
    expect(OTHER_SURROUNDINGS[respect], respect).not.toEqual(USUAL_SURROUNDINGS[respect]);
});

describe('a verdict that hangs on the machine is blind', () => {
  test.each([
    ['which system this is', '[ "$(uname)" = Linux ]'],
    ['which system this is', '[ "$(uname -s)" != Darwin ] || exit 1'],
    ['which system this is', '[ "$(uname -m)" = arm64 ]'],
    ['which system this is', '[[ $OSTYPE == linux* ]]'],
    ['which system this is', '[ "$HOSTTYPE" = x86_64 ]'],
    ['which system this is', '[[ "${MACHTYPE}" == *-linux-* ]]'],
    ['which system this is', 'n=OSTYPE; case "${!n}" in darwin*) exit 1 ;; esac'],
    ['the order of a listing', '[ "$(find ops -name "*.yaml" | head -1)" = ops/a.yaml ]'],
    ['the order of a listing', 'find ops -name "*.yaml" -print -quit | grep -q a.yaml'],
    ['the order of a listing', '[ "$(grep -rl x: ops | head -n 1)" = ops/a.yaml ]'],
    ['the order of a listing', '[ "$(rg -l x: ops | tail -n 1)" = ops/b.yaml ]'],
    ['the order of a listing', '[ "$(find ops -name "*.yaml" | sort -k 2 -s | head -1)" = ops/a.yaml ]'],
    ['the order of a listing', 'sort() { cat; }; [ "$(find ops -name "*.yaml" | sort | head -1)" = ops/a.yaml ]'],
    ['the order of a listing', '[ "$(find ops -name "*.yaml" -exec basename {} .yaml \\; | head -1)" = a ]'],
    ['the order of an associative array', 'declare -A m=([x]=1 [y]=2); set -- "${!m[@]}"; [ "$1" = x ]'],
    ['the order of an associative array', 'declare -A m=([x]=1 [y]=2); [ "${m[*]}" = "1 2" ]'],
    ['the order of an associative array', "awk 'BEGIN { a[1]; a[2]; for (k in a) if (k == 1) exit 0; else exit 1 }'"],
    ['who runs it', '[ "$(id -u)" -ne 0 ] || exit 1'],
    ['who runs it', '(( EUID != 0 ))'],
    ['who runs it', '[[ $UID -gt 0 ]]'],
    ['who runs it', '[ "$USER" != root ]'],
    ['who runs it', 'bash -c \'[ "$LOGNAME" = auditor ]\''],
    ['who runs it', 'printenv USER | grep -q auditor'],
    ['who runs it', '[ "$(jq -n -r env.USER)" != root ]'],
    ['who runs it', '[ -O ops/a.yaml ]'],
    ['who runs it', 'chmod 000 ops/a.yaml; [ ! -r ops/a.yaml ]'],
    ['what others may do with files', '[ "$(stat -c %a ops/a.yaml)" = 644 ]'],
    ['what others may do with files', '[ "$(stat -f %Lp ops)" = 755 ]'],
    ['what others may do with files', 'find ops/one -type f -perm -044 | grep -q only.md'],
    ['what others may do with files', '[ "$(find ops/one -name only.md -printf %m)" = 644 ]'],
    ['what others may do with files', '[ "$(umask)" = 0022 ]'],
    ['what others may do with files', 'echo a > /tmp/new; chmod +x /tmp/new; [ "$(stat -c %a /tmp/new)" = 755 ]'],
    ['how long commands take', 'cat ops/a.yaml >/dev/null; [ "$SECONDS" -lt 60 ]'],
    ['how long commands take', 'SECONDS=0; cat ops/a.yaml >/dev/null; (( SECONDS == 0 ))'],
    ['how long commands take', 's=$(date +%s); cat ops/a.yaml >/dev/null; e=$(date +%s); [ $((e - s)) -eq 0 ]'],
    ['how long commands take', 's=$EPOCHSECONDS; cat ops/a.yaml >/dev/null; [ "$s" = "$EPOCHSECONDS" ]'],
    ['numbers of processes and names of temporary files', '[ $$ -lt 32768 ]'],
    ['numbers of processes and names of temporary files', '(( BASHPID < 32768 ))'],
    ['numbers of processes and names of temporary files', 'true & [ $! -lt 32768 ]'],
    ['numbers of processes and names of temporary files', 'f=$(mktemp); [[ $f != *z* && $f == *v ]]'],
    ['variables that a terminal or CI sets', '[ -z "${CI:-}" ]'],
    ['variables that a terminal or CI sets', '[ "${GITHUB_ACTIONS:-}" != true ]'],
    ['variables that a terminal or CI sets', '[[ ! -v CI ]]'],
    ['variables that a terminal or CI sets', '[ -z "${NO_COLOR+x}" ]'],
    ['variables that a terminal or CI sets', '! printenv CI'],
    ['variables that a terminal or CI sets', '[ "$TERM" = dumb ]'],
    ['variables that a terminal or CI sets', '[[ $SHELL == */bash ]]'],
    ['variables that a terminal or CI sets', '[ "${GITHUB_WORKSPACE:-/elsewhere}" != "$PWD" ]'],
    ['variables that a terminal or CI sets', 'unset CI; [ -z "${CI:-}" ] && bash -c \'[ -z "${DEBUG:-}" ]\''],
    ['variables that a terminal or CI sets', '[ "$(jq -nr \'env.CI // "none"\')" = none ]'],
    ['variables that a terminal or CI sets', '[ "$(jq -nr \'$ENV.EDITOR // "none"\')" = none ]'],
    ['variables that a terminal or CI sets', '[ -z "$(yq -n \'strenv(CI)\')" ]'],
    ['variables that a terminal or CI sets', '! awk \'BEGIN { exit !("CI" in ENVIRON) }\''],
    ['variables that a terminal or CI sets', 'awk \'BEGIN { exit ENVIRON["XDG_CONFIG_HOME"] != "" }\''],
    ['the time zone of the machine', '[ "$(date +%F)" = 2026-02-18 ]'],
    ['the time zone of the machine', '[ "$(date +%z)" = +0000 ]'],
    ['the time zone of the machine', '[ "$(date +%H)" -lt 12 ]'],
    ['the time zone of the machine', '[ "$(date -d 2026-02-18 +%s)" -lt "$(date +%s)" ]'],
    ['the time zone of the machine', '[ "$(date -d @0 +%Y)" = 1970 ]'],
    ['the time zone of the machine', '[ "$(date -j -f %Y-%m-%dT%H:%M:%SZ 2026-02-18T00:00:00Z +%s)" = 1771372800 ]'],
    // A day of that week has 23 hours where there is summer time.
    ['the time zone of the machine', '[ $((($(date -d 2026-03-10 +%s) - $(date -d 2026-03-03 +%s)) / 86400)) = 7 ]'],
    ['the time zone of the machine', 'unset TZ; [ "$(date -d "yesterday 00:00" +%s)" = 1771286400 ]'],
    ['variables that a terminal or CI sets', '[ "$(TZ="${TZ:-UTC}" date +%F)" = 2026-02-18 ]'],
    ['where programs lie', '[ "$(command -v jq)" = /usr/bin/jq ]'],
    ['where programs lie', '[[ $(type -P grep) == /usr/* ]]'],
    ['where programs lie', 'which yq | grep -qv homebrew'],
    ['where programs lie', 'type jq | grep -q /usr/bin'],
    ['where programs lie', 'case ":$PATH:" in *:/opt/homebrew/bin:*) exit 1 ;; esac'],
    ['where programs lie', '[ "$(printenv PATH | cut -d: -f1)" = /usr/local/bin ]'],
    ['where programs lie', 'awk \'BEGIN { exit ENVIRON["PATH"] ~ /homebrew/ }\''],
    ['where programs lie', '[ "$BASH" = /usr/bin/bash ]'],
    ['whether somebody sits at a terminal', '[ ! -t 0 ]'],
    ['whether somebody sits at a terminal', '[[ ! -t 1 ]]'],
    ['whether somebody sits at a terminal', 'if test -t 2; then exit 1; fi'],
  ])('%s: %s', async (respect, script) => {
    const reason = `the machine: its verdict hangs on ${respect}`;
    expect(await judge(script)).toMatchObject({
      verdict: 'blind',
      reason: `needs ${reason}`,
      needs: [reason],
      findings: [],
    });
  });

  test('also when it is a failure', async () => {
    const verdict = await judge('[ "$(uname)" = Darwin ] || { echo "FAIL: no Mac"; exit 1; }');
    expect(verdict).toMatchObject({ verdict: 'blind', findings: [] });
  });

  test('and all that it may be is named', async () => {
    const verdict = await judge('find ops -type f >/dev/null; [ "$(uname)" = Linux ]');
    expect(verdict.reason).toBe(
      'needs the machine: its verdict hangs on the order of a listing or which system this is',
    );
  });
});

describe('one that does not stands', () => {
  test.each([
    ['case "$(uname)" in Darwin) opt="-f %z" ;; *) opt="-c %s" ;; esac; [ -n "$(stat $opt ops/a.yaml)" ]', ['system']],
    ['[ -n "$OSTYPE" ]', ['system']],
    ['[ "$(find ops -name "*.yaml" | sort | head -1)" = ops/a.yaml ]', []],
    ['[ "$(grep -rl x: ops | wc -l)" -eq 2 ]', []],
    ['[ "$(find ops -name "*.yaml" | sort -r | head -1)" = ops/b.yaml ]', []],
    ['[ "$(find ops -name "*.yaml" | sort -t / -k 2 | head -1)" = ops/a.yaml ]', ['listing']],
    ['declare -A m=([x]=1 [y]=2); for k in "${!m[@]}"; do [ -n "$k" ] || exit 1; done', ['keys']],
    ['[ "$(id -u)" -ge 0 ]', ['user']],
    ['[ -r ops/a.yaml ] && [ -w ops/a.yaml ] && [ ! -x ops/a.yaml ]', []],
    ['chmod 600 ops/a.yaml; [ "$(stat -c %a ops/a.yaml)" = 600 ]', ['modes']],
    ['umask 077; echo a > /tmp/new; [ "$(stat -c %a /tmp/new)" = 600 ]', ['modes']],
    ['(umask 077); umask 022; mkdir ops/new; [ "$(stat -c %a ops/new)" = 755 ]', ['modes']],
    ['[ "$(stat -c %a "$(mktemp)")" = 600 ]', ['names', 'modes']],
    ['[ -z "$(find ops/one -type f -perm /022)" ]', ['modes']],
    ['[ -n "$(date +%s)" ]', []],
    ['sleep 2; [ "$SECONDS" -ge 2 ]', ['time']],
    ['s=$(date +%s); sleep 90; e=$(date +%s); (( e - s >= 90 ))', ['time']],
    ['timeout 60 grep -q x: ops/a.yaml', ['time']],
    ['! timeout 1 sleep 5', ['time']],
    ['echo a > /tmp/x.$$; grep -q a /tmp/x.$$', ['names']],
    ['f=$(mktemp); echo a > "$f"; grep -q a "$f"', ['names']],
    ['[ "$(rg --sort path -l x: ops | head -1)" = ops/a.yaml ]', []],
    ['[ "$(find ops/one -type f)" = ops/one/only.md ]', []],
    [
      '[ -n "${CI:-}" ] && mode=ci; [ -n "${GITHUB_STEP_SUMMARY:-}" ] && echo a >> "$GITHUB_STEP_SUMMARY"; true',
      ['environment'],
    ],
    ['cd "${GITHUB_WORKSPACE:-/srv/ops}"; [ -f ops/a.yaml ]', ['environment']],
    ['CI=1; [ -n "$CI" ]', []],
    ['[ "$(date -u +%F)" = 2026-02-18 ] && [ "$(date -u -d 2026-02-18 +%s)" = 1771372800 ]', []],
    ['[ "$(TZ=UTC date +%F)" = 2026-02-18 ]', []],
    ['export TZ=UTC; [ "$(date +%F)" = 2026-02-18 ]', []],
    ['[ "$(date -d 2026-02-18T00:00:00Z +%s)" = 1771372800 ] && [ "$(date -d @5 +%s)" = 5 ]', []],
    ['[ "$(date -d "2026-02-18 01:00 +0100" +%s)" = 1771372800 ]', []],
    ['[ "$(date -j -f "%Y-%m-%dT%H:%M:%S%z" 2026-02-18T00:00:00+0000 +%s)" = 1771372800 ]', []],
    ['[ "$(date -d "2 hours ago" +%s)" -lt "$(date -d now +%s)" ]', ['time']],
    ['[ "$(date +%Y)" -ge 2026 ]', ['zone']],
    ['[ "$(date -d "$(date -d 2026-02-01 +%F)" +%d)" = 01 ]', ['zone']],
    ['(($(date -d 2026-01-01 +%s) < $(date +%s) - 20 * 86400))', ['zone']],
    ['[ "$(date -d "2026-03-01 +1 month" +%F)" = 2026-04-01 ]', ['zone']],
    ['[ -z "${MY_FLAG:-}" ]', []],
    ['command -v jq >/dev/null && type -P grep &>/dev/null && hash yq', []],
    ['command -v jq', []],
    ['[ "$("$(command -v jq)" -n 1)" = 1 ] && "$(type -P grep)" -q x: ops/a.yaml', ['programs']],
    ['p=$(which grep); [ -n "$p" ] && command -v "$p" >/dev/null && "$p" -q x: ops/a.yaml', ['programs']],
    ['export PATH="/opt/homebrew/bin:$PATH"; jq -n 1 >/dev/null', ['programs']],
    ['PATH=/usr/bin:/bin:/usr/local/bin; [[ $PATH == /usr/bin:* ]]', []],
    ['if [ -t 1 ]; then red=$(printf "\\033[31m"); fi; [ -f ops/a.yaml ]', ['terminal']],
    ['[ ! -t 1 ] >/dev/null', []],
    ['[ "$(test -t 1 && echo yes)" = "" ] && ! test -t 0 < ops/a.yaml', []],
    ['set -- ops/*.yaml; [ "$1" = ops/a.yaml ] && [ "$(ls ops | head -1)" = a.yaml ]', []],
  ])('%s', async (script, leansOn) => {
    expect(await judge(script)).toMatchObject({ verdict: 'pass', needs: [], leansOn });
    expect(await judge(`${script} && { echo "FAIL: x must be 3"; exit 1; }`)).toMatchObject({
      verdict: 'fail',
      findings: [{ message: 'x must be 3' }],
      leansOn,
    });
  });
});

describe('the second look', () => {
  test('finds out what the script needs on another machine', async () => {
    const verdict = await judge('[ "$(uname)" = Linux ] && exit 0; launchctl list');
    expect(verdict).toMatchObject({ verdict: 'blind', reason: 'needs launchctl', needs: ['launchctl'] });
  });

  test('is not taken where the first has no verdict', async () => {
    const verdict = await judge('uname >/dev/null; ssh host true; [ "$(uname)" = Darwin ] && curl example.com');
    expect(verdict).toMatchObject({ verdict: 'blind', needs: ['ssh'] });
  });

  test('asks what is then asked, too', async () => {
    const { trace } = await judge(
      'if [ "$(uname)" = Linux ]; then test -f ops/b.yaml; else date >/dev/null; ls ops/one >/dev/null; fi',
    );
    expect([...trace.facts.keys()]).toEqual(
      expect.arrayContaining(['target entry ops/b.yaml', 'target names ops/one']),
    );
    expect(trace.asksTime).toBe(true);
  });

  test('costs what it costs, and the limits hold for both together', async () => {
    const loop = 'uname >/dev/null; for i in {1..300}; do :; done';
    const { commands } = (await judge(loop)).cost;
    expect(commands).toBeGreaterThan(600);
    const limits = { commands: commands - 1, output: 1_000_000, depth: 60, ticks: 0, time: 20_000 };
    expect(await judge(loop, limits)).toMatchObject({
      verdict: 'crashed',
      reason: `limit: more than ${commands - 1} commands`,
    });
    expect(await judge(loop, { ...limits, commands })).toMatchObject({ verdict: 'pass' });
  });
});
