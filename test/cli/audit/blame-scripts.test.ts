/** What broke gates that the repo's own scripts judge, in a clone and beside a clone of its sibling. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { governanceFiles } from '../../audit/governed-repo.ts';
import { createGitFixture, type FixtureFile, type GitFixture } from '../../conformance/git-fixture.ts';

const NAMES = ['list', 'state', 'both'];
const script = (content: string): FixtureFile => ({ mode: '100755', content });
const row = (name: string) => `  - { id: ${name}, name: ${name}-is-right, check_script: checks/${name}.sh }\n`;
const lane = (name: string) => `  - { gate_id: ${name}, primary_domain: docs }\n`;

let target: GitFixture;
let workbench: GitFixture;
beforeAll(() => {
  target = createGitFixture([
    {
      name: 'start',
      files: {
        ...governanceFiles({
          registry: `gates:\n${NAMES.map(row).join('')}`,
          topology: `gate_assignments:\n${NAMES.map(lane).join('')}`,
        }),
        'list.txt': 'one\n',
        'checks/list.sh': script('grep -n bad list.txt | sed "s/^/FAIL: list.txt:/" | grep . && exit 1\nexit 0\n'),
        'checks/state.sh': script(
          'grep -q bad ../workbench/state && { echo "FAIL: the state is bad"; exit 1; }\nexit 0\n',
        ),
        'checks/both.sh': script(
          'cmp -s list.txt ../workbench/list.txt || { echo "FAIL: list.txt differs"; exit 1; }\n',
        ),
      },
    },
    { name: 'touch', files: { 'list.txt': 'one\ntwo\n' } },
    { name: 'break', files: { 'list.txt': 'one\nbad\n' }, message: 'Let a bad one in\n' },
    { name: 'touch again', files: { 'list.txt': 'one\nbad\nthree\n' } },
    { name: 'head', files: { 'README.md': 'bye\n' } },
  ]);
  workbench = createGitFixture([
    { name: 'good', files: { state: 'good\n', 'list.txt': 'one\ntwo\n' } },
    { name: 'nothing', files: { 'README.md': '1' }, at: 10_000 },
    { name: 'spoil', files: { state: 'bad\n' }, at: 20_000, message: 'Spoil it\n' },
    { name: 'more', files: { 'README.md': '2' }, at: 30_000 },
  ]);
});
afterAll(() => {
  target.remove();
  workbench.remove();
});

function audit(...args: readonly string[]): Promise<string> {
  const command = join(import.meta.dirname, '../../../cli/audit/audit.ts');
  const fixed = ['--at', 'main', '--now', '2026-02-18T00:00:00Z', '--trust-scripts', '--blame'];
  const all = ['--disable-warning=ExperimentalWarning', command, target.gitDir, ...fixed, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, (_error, out) => resolve(out));
  });
}

const beside = () => ['--sibling', `workbench=${workbench.gitDir}`];

test('without a sibling, and beside one, it is the commit that let it in', async () => {
  for (const siblings of [[], beside()]) {
    const out = await audit('--gate', 'list-is-right', ...siblings);
    expect(out).toContain(`broken by ${target.sha('break').slice(0, 10)} "Let a bad one in"`);
    expect(out).toMatch(/\+ list\.txt:2 {2}bad/);
    expect(out).toMatch(/list: \d+ states judged/);
  }
});

test('where the sibling broke it, it is the commit of the sibling', async () => {
  const out = await audit('--gate', 'state-is-right', ...beside());
  const [head, culprit] = [workbench.sha('more').slice(0, 10), workbench.sha('spoil').slice(0, 10)];
  expect(out).toContain(`broken by the sibling workbench at ${head}: ${culprit} "Spoil it"`);
});

test('where the target broke what the sibling agrees with, it is the commit of the target', async () => {
  const out = await audit('--gate', 'both-is-right', ...beside());
  expect(out).toContain(`broken by ${target.sha('break').slice(0, 10)} "Let a bad one in"`);
});

test('a gate that cannot be judged without its sibling is blamed on nobody', async () => {
  expect(await audit('--gate', 'state-is-right')).not.toMatch(/broken by/);
});
