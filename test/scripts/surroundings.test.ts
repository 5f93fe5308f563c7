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
    ['[ "$(find ops -name "*.yaml" | sort | head -1)" = ops/a.yaml ]', ['listing']],
    ['[ "$(grep -rl x: ops | wc -l)" -eq 2 ]', ['listing']],
    ['[ "$(rg --sort path -l x: ops | head -1)" = ops/a.yaml ]', []],
    ['[ "$(find ops/one -type f)" = ops/one/only.md ]', []],
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
