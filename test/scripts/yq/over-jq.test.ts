import { describe, expect, test } from 'vitest';
import { runScript, type ScriptVerdict } from '../../../src/scripts/run-script.ts';
import { treeOf } from '../tree-of.ts';

const PINNED = { 'requirements.txt': 'ansible == 14.2.0\nyq == 4.1.2\n' };
const NETWORKS = 'networks:\n  - role: mesh\n    vid: 20\n    prefix: 10.0.0.0/24\n  - role: mgmt\n    vid: 42\n';

async function judge(script: string, files: Readonly<Record<string, string>>): Promise<ScriptVerdict> {
  return runScript({
    script: 'check.sh',
    tree: treeOf({ 'net.yml': NETWORKS, ...files, 'check.sh': script }),
    siblings: new Map(),
    now: 0,
    layout: { root: '/srv/ops', home: '/home/someone', siblings: new Map(), environment: new Map() },
  });
}

/** What Python's yq prints for a document, or why that is not known. */
async function printed(filter: string, document: string, options = '-r'): Promise<string> {
  const { verdict, needs, excerpt } = await judge(`yq ${options} '${filter}' x.yml`, { ...PINNED, 'x.yml': document });
  return verdict === 'blind' ? `needs ${needs.join()}` : excerpt.join('\n');
}

describe('an expression of jq that yq refuses', () => {
  const script = `
    rows=$(yq -r '.networks[] | "\\(.role)/\\(.vid) \\(.prefix // "none")"' net.yml 2>/dev/null || true)
    echo "$rows"
    ! grep -q none <<< "$rows"`;

  test('is answered as by the yq that the repo installs', async () => {
    expect(await judge(script, PINNED)).toMatchObject({
      verdict: 'fail',
      excerpt: ['mesh/20 10.0.0.0/24'],
      findings: [{ message: 'mgmt/42 none' }],
    });
  });

  test('makes the script blind where the repo does not say which yq it means', async () => {
    const reason = expect.stringContaining('needs yq that reads .networks[]');
    expect(await judge(script, {})).toMatchObject({ verdict: 'blind', reason });
    expect(await judge(script, { 'requirements.txt': 'ansible\nyq-helper == 1\n# yq == 4\n' })).toMatchObject({
      verdict: 'blind',
    });
  });
});

test('an expression that yq cuts within a text is one of jq, too', async () => {
  expect(await printed('"\\(keys | join("|"))", .b', 'a: 1\nb: 2\n')).toBe('a|b\n2');
});

test('what the common yq reads is left to it', async () => {
  const script = `yq '.networks[0].role' net.yml; yq '"\\(.networks | length) (\\(keys | .[0]))"' net.yml`;
  expect(await judge(script, PINNED)).toMatchObject({
    excerpt: ['mesh', '2 (networks)'],
  });
});

test.each([
  ['a: text', 'text'],
  ['a: 7', '7'],
  ['a: -1.50', '-1.5'],
  ['a: true', 'true'],
  ['a: "007"', '007'],
  ['a: 10.31.0.1', '10.31.0.1'],
  ['a: {b: [1, x]}', '{"b":[1,"x"]}'],
  ['a: {1: x}', '{"1":"x"}'],
  ['a: ~', 'none'],
  ['b: 1\n---\na: 2', 'none\n2'],
  ['', ''],
])('%j is %j', async (document, expected) => {
  expect(await printed('"\\(.a // "none")"', document)).toBe(expected);
});

test.each([
  'yes',
  'Off',
  '017',
  '0x1F',
  '1_000',
  '12:30',
  '2024-01-01',
  '1e3',
  '2.0',
  '.inf',
  '!!str 1',
  '*x',
  '{a: 1, a: 2}',
])('what %s stands for is not known, since it depends on the reader', async (value) => {
  expect(await printed('"\\(.a // "none")"', `x: &x 1\na: ${value}\n`)).toMatch(/^needs yq .*over jq$/);
});

test.each(['# nothing\n', 'text\n', 'a: [1\n'])('a file without a map or list is not known: %j', async (document) => {
  expect(await printed('"\\(.a // "none")"', document)).toMatch(/^needs yq /);
});

test('an option that only the yq of Python has is not known', async () => {
  expect(await printed('"\\(.a // "none")"', 'a: 1\n', '-y')).toMatch(/^needs yq /);
  expect(await printed('"\\(.a // "none")"', 'a: 1\n', '-er')).toBe('1');
});
