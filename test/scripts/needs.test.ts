import { describe, expect, test } from 'vitest';
import { loadPython } from '../../cli/shared/python.ts';
import { runScript, type ScriptVerdict } from '../../src/scripts/run-script.ts';
import { treeOf } from './tree-of.ts';

const FILES = { 'ops/x.yaml': 'x: 1\n', 'ops/B.txt': 'beta\n', 'tools/greet': '#!/bin/bash\nexit 7\n' };

/** What is said of a script that also looks at the repo. */
function judge(script: string, files: Readonly<Record<string, string>> = {}): Promise<ScriptVerdict> {
  const texts = { ...FILES, ...files, 'verify/check.sh': `grep -q x ops/x.yaml\n${script}\n` };
  return runScript({
    script: 'verify/check.sh',
    tree: treeOf(texts, ['tools/greet']),
    siblings: new Map(),
    now: Date.parse('2026-02-18T01:00:00Z'),
    python: loadPython,
    layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
  });
}

async function expectNeed(script: string, need: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const { verdict, needs } = await judge(script, files);
  expect({ verdict, needs: needs.join(', ') }).toEqual({ verdict: 'blind', needs: expect.stringContaining(need) });
}

describe('a credential that is not set is needed by whoever asks for it', () => {
  test.each([
    ['[ -z "${API_TOKEN:-}" ]'],
    ['[ -z "${API_TOKEN[0]}" ]'],
    ['[ "${#API_TOKEN[@]}" = 0 ]'],
    ['declare -p API_TOKEN >/dev/null 2>&1 || true'],
    ['printenv API_TOKEN >/dev/null || true'],
    ["jq -ne '$ENV.API_TOKEN == null'"],
    ['jq -ne \'env | has("API_TOKEN") | not\''],
    ["jq -ne '$ENV as {API_TOKEN: $token} | $token == null'"],
    ['awk \'BEGIN { exit ENVIRON["API_TOKEN"] != "" }\''],
    ['awk \'BEGIN { exit "API_TOKEN" in ENVIRON }\''],
    ['[ -z "$(yq -n \'strenv(API_TOKEN)\' 2>/dev/null)" ]'],
    ['yq -n "env(API_TOKEN)" >/dev/null 2>&1 || true'],
  ])('%s', (script) => expectNeed(script, '$API_TOKEN'));

  test.each([['TOKEN'], ['GH_PAT'], ['DB_PASS'], ['AWS_ACCESS_KEY_ID'], ['KUBECONFIG']])('%s', (name) =>
    expectNeed(`[ -z "\${${name}:-}" ]`, `$${name}`),
  );
});

describe('whoever goes through all variables needs those of the machine', () => {
  test.each([
    ['env | grep -q SSH_ || true'],
    ['printenv >/dev/null'],
    ['set | grep -q ^CI= || true'],
    ["jq -n 'env | keys' >/dev/null"],
    ["jq -n '$ENV' >/dev/null"],
    ["awk 'BEGIN { for (name in ENVIRON) n++; exit n > 99 }'"],
    ["awk 'BEGIN { exit length(ENVIRON) > 99 }'"],
  ])('%s', (script) => expectNeed(script, 'the whole environment'));

  test('by the beginning of their names, too', () =>
    expectNeed('[ -z "${!SSH_*}" ]', 'all variables whose names begin with SSH_'));

  test('what the script has set is there', async () => {
    const script = `export Q=1
      [ "$(jq -nr '$ENV.Q')" = 1 ] && [ "$(yq -n 'strenv(Q)')" = 1 ] && awk 'BEGIN { exit ENVIRON["Q"] != 1 }' && [ "$(printenv Q)" = 1 ]`;
    expect(await judge(script)).toMatchObject({ verdict: 'pass' });
  });
});

describe('a program is needed where the script takes its folder out of PATH', () => {
  test.each([
    ['PATH=/nowhere; grep -q zzz ops/x.yaml || exit 0', 'grep where PATH is /nowhere'],
    ['PATH=/nowhere; command -v grep >/dev/null || exit 0', 'grep where PATH is /nowhere'],
    ['PATH=/nowhere which grep >/dev/null || exit 0', 'grep where PATH is /nowhere'],
    ['PATH=/usr/bin:/bin jq -n 1 >/dev/null 2>&1 || true', 'jq where PATH is /usr/bin:/bin'],
    ['(unset PATH; grep -q x ops/x.yaml) || true', 'grep where PATH is not set'],
    ['env -i jq -n 1 >/dev/null || true', 'jq where PATH is /bin:/usr/bin'],
    ['PATH="$PWD/tools"; greet; cat ops/x.yaml >/dev/null 2>&1 || true', 'cat where PATH is /srv/ops/tools'],
    ['hash -t grep || true', 'hash -t'],
  ])('%s', (script, need) => expectNeed(script, need));

  test.each([
    ['PATH=/usr/bin:/bin grep -q x ops/x.yaml'],
    ['export PATH="/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin"; jq -n 1 >/dev/null'],
    ['PATH="$PWD/tools"; greet; [ $? = 7 ]'],
    ['cd tools; PATH=":$PATH"; greet; [ $? = 7 ]'],
    ['env -i bash -c "grep -q x ops/x.yaml"'],
  ])('not here: %s', async (script) => {
    expect(await judge(script)).toMatchObject({ verdict: 'pass', needs: [] });
  });
});

describe('what others may have put into /tmp is needed by whoever asks for it', () => {
  test.each([
    ['[ ! -e /tmp/x.lock ]', 'whether there is /tmp/x.lock'],
    ['cat /var/tmp/x 2>/dev/null || true', 'whether there is /var/tmp/x'],
    ['mkdir /tmp/x.d', 'whether there is /tmp/x.d'],
    ['mkdir -p /tmp/x.d; [ ! -f /tmp/x.d/y ]', 'whether there is /tmp/x.d/y'],
    ['mkdir -p /tmp/x.d; [ -z "$(ls /tmp/x.d)" ]', 'what lies in /tmp/x.d'],
    ['echo a >> /tmp/x; [ "$(cat /tmp/x)" = a ]', 'whether there is /tmp/x'],
    ['[ -z "$(ls /tmp)" ]', 'what lies in /tmp'],
    ['for f in /tmp/x-*; do :; done', 'what lies in /tmp'],
    ['python3 -c \'import os, sys; sys.exit(os.path.exists("/tmp/x"))\'', 'whether there is /tmp/x'],
    ['python3 -c \'open("/tmp/x")\' 2>/dev/null || true', 'whether there is /tmp/x'],
  ])('%s', (script, need) => expectNeed(script, need));

  test.each([
    ['d=$(mktemp -d); [ -z "$(ls "$d")" ] && [ ! -e "$d/x" ] && rmdir "$d" && [ ! -e "$d" ]'],
    ['echo a > /tmp/x; grep -q a /tmp/x && rm /tmp/x && [ ! -e /tmp/x ]'],
    ['rm -rf /tmp/x; mkdir -p /tmp/x; [ -z "$(ls /tmp/x)" ]'],
    ['rm -f /tmp/x; echo a >> /tmp/x; [ "$(cat /tmp/x)" = a ]'],
    ['mkdir -p /tmp/x/y; echo a > /tmp/x/y/z; grep -q a /tmp/x/y/z'],
    ["python3 -c 'import tempfile, os\nwith tempfile.TemporaryDirectory() as d: assert not os.listdir(d)'"],
  ])('not here: %s', async (script) => {
    expect(await judge(script)).toMatchObject({ verdict: 'pass', needs: [] });
  });
});

describe('whether a disk tells upper case from lower is of the machine', () => {
  test.each([['[ ! -e ops/b.txt ]'], ['[ ! -e OPS/X.YAML ]'], ['[ -z "$(ls OPS 2>/dev/null)" ]']])('%s', (script) =>
    expectNeed(script, 'which system this is'),
  );

  test('two names that differ in nothing else are one file on some', () =>
    expectNeed('grep -q beta ops/B.txt', 'a disk that tells ops/B.txt', { 'ops/b.txt': 'beta\n' }));

  test('no name that is there in these letters hangs on it', async () => {
    expect(await judge('[ -e ops/B.txt ] && [ ! -e ops/c.txt ]')).toMatchObject({ verdict: 'pass', leansOn: [] });
  });
});

describe('what only the machine has', () => {
  test.each([
    ['[ ! -d ~root ]', 'what ~root is'],
    ['[ -d /proc ] || exit 0', 'the path /proc'],
    ['[ ! -d /private ]', 'the path /private'],
  ])('%s', (script, need) => expectNeed(script, need));
});

describe('bash is needed where a script is run by sh and does what dash does not', () => {
  test.each([
    ['[[ a == a ]]'],
    ['[ a == a ]'],
    ['[ -v HOME ]'],
    ['a=(1 2); [ "${a[0]}" = 1 ]'],
    ['x=a; x+=b; [ "$x" = ab ]'],
    ['((1 + 1))'],
    ['x=1; : $((x++))'],
    ['[ $((2**3)) = 8 ]'],
    ['x=abc; [ $((x + 1)) = 1 ]'],
    ['x=abc; [ "${x:1:1}" = b ]'],
    ['x=abc; [ "${x/b/c}" = acc ]'],
    ['x=abc; [ "${x^^}" = ABC ]'],
    ['n=HOME; [ -n "${!n}" ]'],
    ['for i in {1..3}; do :; done'],
    ['[ "$(echo {a,b})" = "a b" ]'],
    ["[ $'a' = a ]"],
    ['[ $"a" = a ]'],
    ['cat <<< x'],
    ['cat <(echo a)'],
    ['echo a &> /dev/null'],
    ['echo a >& out.txt'],
    ['echo a |& cat'],
    ['echo a 10> out.txt'],
    ['case a in a) ;& b) ;; esac'],
    ['case b in [^a]) ;; *) exit 1 ;; esac'],
    ['case é in ?) ;; *) exit 1 ;; esac'],
    ['function f { :; }; f'],
    ['f() { local x; [ -z "$x" ]; }; x=1; f'],
    ['f() { local x=$1; }; f "a b"'],
    ['f() { :; }; V=1 f'],
    ['V=1 eval :'],
    ['source ./lib.sh'],
    ['. lib.sh'],
    ['. ./lib.sh one'],
    ['echo -e a'],
    ['echo -n a'],
    ['[ "$(echo "a\\nb" | wc -l)" = 1 ]'],
    ['printf "\\x41"'],
    ['printf %q a'],
    ['printf -v x a'],
    ['read -a x < ops/x.yaml'],
    ['read < ops/x.yaml'],
    ['let x=1'],
    ['declare x=1'],
    ['typeset x=1'],
    ['mapfile x < ops/x.yaml'],
    ['shopt -s nullglob'],
    ['set -o pipefail'],
    ['set -euo pipefail'],
    ['set -E'],
    ['trap : ERR'],
    ['trap : SIGINT'],
    ['type cat >/dev/null'],
    ['alias a=b'],
    ['export -n HOME'],
    ['exit 256'],
    ['cd nope 2>/dev/null || true'],
    ['shift 3 2>/dev/null || true'],
    ['{ : < nope; } 2>/dev/null || true'],
    ['x=é; [ "${#x}" = 1 ]'],
    ['x=aé; [ "${x%?}" = a ]'],
    ['[ -z "$BASH_VERSION" ]'],
    ['[ -z "${BASH_SOURCE:-}" ]'],
    ['[ -z "$SECONDS" ]'],
    ['[ -z "$UID" ]'],
    ['[ "$((UID + 0))" = 1000 ]'],
    ['if false; then [[ a == a ]]; fi'],
  ])('%s', async (line) => {
    const files = { 'tools/plain.sh': `${line}\n`, 'lib.sh': ':\n' };
    await expectNeed('sh tools/plain.sh >/dev/null', 'bash, where the script is run by sh', files);
  });

  test.each([
    ['by its first line', './tools/greet'],
    ['as a text', `sh -c '[[ a == a ]]'`],
    ['by another sh', `sh -c "sh -c 'let x=1'"`],
    ['in a substitution', `sh -c 'x=$(let y=1)'`],
    ['through xargs', `echo a | xargs sh -c 'let x=1'`],
    ['through Python', `python3 -c 'import subprocess; subprocess.run("[[ a == a ]]", shell=True)'`],
    ['only read', 'sh -n tools/greet'],
  ])('%s', (_, script) =>
    expectNeed(script, 'bash, where the script is run by sh', { 'tools/greet': '#!/bin/sh\n[[ a == a ]]\n' }),
  );

  test('also where the gate itself asks for sh', async () => {
    const texts = { 'verify/check.sh': '#!/bin/sh -e\ngrep -q x ops/x.yaml\n[[ a == a ]]\n', 'ops/x.yaml': 'x: 1\n' };
    const verdict = await runScript({
      script: 'verify/check.sh',
      tree: treeOf(texts, []),
      siblings: new Map(),
      now: 0,
      layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
    });
    expect(verdict.reason).toBe('needs bash, where the script is run by sh: [[ ]]');
  });

  test('the same in bash is not', async () => {
    expect(await judge(`bash -c '[[ a == a ]] && let x=1'`)).toMatchObject({ verdict: 'pass', needs: [] });
  });
});

describe('a verdict that hangs on the order of letters in a language is the machine', () => {
  test.each([
    [`[ "$(printf 'b\\nA\\na\\n' | sort | head -1)" = A ]`],
    [`[ "$(printf 'b\\nA\\na\\n' | LC_ALL=en_US.UTF-8 sort | head -1)" = A ]`],
    [`printf 'A\\nB\\na\\n' | sort -c`],
    ['[[ B < a ]]'],
    [`[ "$(expr B '<' a)" = 1 ]`],
    ['set -- ops/*; [ "$1" = ops/B.txt ]'],
    ['[ "$(ls ops | head -1)" = B.txt ]'],
    [`[ "$(printf 'a-z\\nab\\n' | sort | head -1)" = a-z ]`],
  ])('%s', (script) => expectNeed(script, 'the order of letters', { 'ops/a.txt': 'a\n' }));

  test.each([
    [`[ "$(printf 'b\\nA\\na\\n' | LC_ALL=C sort | head -1)" = A ]`],
    [`export LC_ALL=C; [ "$(printf 'b\\nA\\na\\n' | sort | head -1)" = A ]`],
    ['[ B \\< a ]'],
    [`[ -z "$(comm -3 <(printf 'b\\nA\\n' | sort) <(printf 'A\\nb\\n' | sort))" ]`],
    [`[ "$(printf '10\\n9\\n' | sort | head -1)" = 10 ]`],
  ])('not here: %s', async (script) => {
    expect(await judge(script)).toMatchObject({ verdict: 'pass' });
  });
});

describe('a file that git changes as it checks it out is not what the repository holds', () => {
  test.each([
    ['*.yaml text eol=crlf', 'eol=crlf'],
    ['"x.yaml" eol=crlf', 'eol=crlf'],
    ['/ops/*.yaml eol=crlf', 'eol=crlf'],
    ['ops/** working-tree-encoding=UTF-16', 'working-tree-encoding=UTF-16'],
    ['*.yaml ident', 'ident'],
    ['*.yaml filter=secret', 'filter=secret'],
    ['[attr]windows eol=crlf\n*.yaml windows', 'eol=crlf'],
    ['*.yaml eol=crlf\n*.yaml -diff', 'eol=crlf'],
  ])('%s', (rules, by) => expectNeed('', `ops/x.yaml as git checks it out, with ${by}`, { '.gitattributes': rules }));

  test('in its own folder, too', () =>
    expectNeed('', 'with eol=crlf', { 'ops/.gitattributes': '*.yaml eol=crlf\n', '.gitattributes': '* eol=lf\n' }));

  test.each([
    ['* text=auto eol=lf'],
    ['*.bat eol=crlf'],
    ['*.yaml eol=crlf\n*.yaml eol=lf'],
    ['*.yaml eol=crlf\n*.yaml !eol'],
    ['*.yaml eol=crlf\n*.yaml binary'],
    ['*.yaml filter=lfs diff=lfs merge=lfs -text'],
    ['x.yaml/ eol=crlf'],
    ['/*.yaml eol=crlf'],
    ['# *.yaml eol=crlf'],
  ])('but not by %s', async (rules) => {
    expect(await judge('', { '.gitattributes': rules })).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test('and whether it does is not known where the rules cannot be read', () =>
    expectNeed('', '.gitattributes, which could not be read', { '.gitattributes': '#'.repeat(8_000_001) }));

  test('and a script that reads nothing but itself has read nothing', async () => {
    const run = await runScript({
      script: 'verify/check.sh',
      tree: treeOf({ '.gitattributes': '* text=auto\n', 'verify/check.sh': 'true\n' }),
      siblings: new Map(),
      now: 0,
      layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
    });
    expect(run).toMatchObject({ verdict: 'blind', reason: 'it read nothing of the repo' });
  });
});

describe('what a script made of its checkout is needed by whoever asks git for it', () => {
  const REGENERATED = 'echo "x: 2" > ops/x.yaml';
  test.each([
    ['a file that was made anew', REGENERATED, 'git diff --exit-code >/dev/null', 'diff'],
    ['the same by Python', `python3 -c "open('ops/x.yaml', 'a').write('y: 2')"`, 'git diff --quiet', 'diff'],
    ['the same in place', 'sed -i s/1/2/ ops/x.yaml', 'git diff --quiet -- ops', 'diff'],
    ['a changed file', REGENERATED, '[ -z "$(git status --porcelain)" ]', 'status'],
    ['other rights', 'chmod +x ops/x.yaml', 'git diff --quiet HEAD', 'diff'],
    ['a file that is gone', 'rm ops/x.yaml', '[ -z "$(git ls-files -d)" ]', 'ls-files'],
    ['a new file', 'echo y > ops/y.yaml', '[ -z "$(git status --porcelain)" ]', 'status'],
    ['a new file', 'echo y > y.yaml', '[ -z "$(git ls-files -o --exclude-standard)" ]', 'ls-files'],
    ['a new file', 'echo new > y.yaml', '! git grep -q --untracked new', 'grep --untracked'],
    ['the index', REGENERATED, 'git update-index -q --refresh', 'update-index'],
    ['what was committed', REGENERATED, '[ "$(git show HEAD:ops/x.yaml)" = "x: 2" ]', 'content of ops/x.yaml'],
    ['what was staged', REGENERATED, '[ "$(git show :ops/x.yaml)" = "x: 2" ]', 'content of ops/x.yaml'],
  ])('%s: %s; %s', (_, change, question, need) => expectNeed(`${change}\n${question}`, `git ${need}`));

  test.each([
    ['the same text again', 'echo "x: 1" > ops/x.yaml; git diff --quiet && [ -z "$(git status --porcelain)" ]'],
    ['put back', 'cp ops/x.yaml /tmp/x; rm ops/x.yaml; cp /tmp/x ops/x.yaml; git diff --quiet'],
    ['elsewhere', 'echo "x: 2" > ops/x.yaml; git diff --quiet -- tools'],
    ['the index is as it was', 'echo "x: 2" > ops/x.yaml; git diff --cached --quiet && git ls-files | grep -q x.yaml'],
    ['untracked files are none of diff', 'echo y > ops/y.yaml; git diff --quiet'],
    ['left out', 'echo y > y.log; [ -z "$(git status --porcelain)" ]'],
    ['folders are nothing to git', 'mkdir -p out/here; [ -z "$(git status --porcelain)" ]'],
    ['no name needs quotes', '[ "$(git -c core.quotePath=false ls-files ops/x.yaml)" = ops/x.yaml ]'],
  ])('but not where git sees no change: %s', async (_, script) => {
    expect(await judge(script, { '.gitignore': '*.log\n' })).toMatchObject({ verdict: 'pass', needs: [] });
  });

  test('and a path that git does not quote is printed otherwise', () =>
    expectNeed('git -c core.quotePath=false ls-files >/dev/null', 'core.quotePath', { 'ops/ü.yaml': 'x\n' }));
});
