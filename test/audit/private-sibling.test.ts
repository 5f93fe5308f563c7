/** What stands in a private sibling is shown only to those who can read it anyway. */
import { expect, test } from 'vitest';
import { runAudit } from '../../src/audit/run.ts';
import { gateFinding } from '../../src/core/finding.ts';
import type { Gate } from '../../src/core/gate.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles } from './governed-repo.ts';

const LINE = 'the words that only few may read';

/** Finds a line of the sibling, and says it. */
const quoting: Gate = {
  name: 'quoting',
  mirrors: [],
  why: '',
  fix: '',
  rules: {},
  reads: [],
  siblingReads: { workbench: ['notes.txt'] },
  *check({ sibling }) {
    const [line] = sibling('workbench')?.lines('notes.txt') ?? [];
    if (line) yield gateFinding('is-odd', line.text, line, `It says \`${line.text}\`.`);
  },
  examples: { pass: [], fail: [] },
};

const FILES = {
  ...governanceFiles({
    registry: 'gates: [{ id: D1, name: quoting, check_script: check.sh }]\n',
    topology: 'gate_assignments: [{ gate_id: D1, primary_domain: aof }]\n',
  }),
  'check.sh': '',
};

async function findingOf(visibility: { target?: boolean; sibling?: boolean; owner?: string }) {
  const { target, sibling, owner = 'you' } = visibility;
  const known = (isPrivate: boolean | undefined) => (isPrivate === undefined ? {} : { isPrivate });
  const { report } = await runAudit({
    target: {
      ...memorySnapshot({ repo: 'You/homelab', files: FILES, modes: { 'check.sh': '100755' } }),
      ...known(target),
    },
    siblings: {
      workbench: {
        ...memorySnapshot({ repo: `${owner}/bench`, files: { 'notes.txt': `${LINE}\n` } }),
        ...known(sibling),
      },
    },
    now: 0,
    gates: [quoting],
    defaultRegistry: { gates: [], lanes: [] },
    detailed: true,
  });
  return report.gates[0]?.findings[0];
}

test.each([
  ['a private sibling of a public target', { target: false, sibling: true }],
  ['a private sibling of somebody else', { target: true, sibling: true, owner: 'they' }],
])('%s: the place and the rule are told, and nothing that stands there', async (_, visibility) => {
  const finding = await findingOf(visibility);
  expect(finding).toMatchObject({ rule: 'is-odd', repo: 'workbench', path: 'notes.txt', line: 1 });
  expect(finding?.message).toContain('`notes.txt:1` in the private repository `workbench` breaks the rule `is-odd`');
  expect(JSON.stringify(finding)).not.toMatch(/words|few/);
});

test.each([
  ['public both', { target: false, sibling: false }],
  ['private both, of one owner', { target: true, sibling: true }],
  ['a public sibling of a private target', { target: true, sibling: false }],
  ['clones on the own machine', {}],
])('%s: it is said', async (_, visibility) => {
  expect((await findingOf(visibility))?.message).toBe(`It says \`${LINE}\`.`);
});
