import { expect, test } from 'vitest';
import { runAudit } from '../../../src/audit/run.ts';
import { gates } from '../../../src/gates/index.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';

const NOW = Date.parse('2026-11-28T06:00:00Z');

test('a submodule is another repository: it makes no gate blind, and a role in one is there', async () => {
  const target = memorySnapshot({
    files: {
      'README.md': '[site](site.yml)\n',
      'site.yml': '- hosts: all\n  roles: [web, { role: you.proxy }, install/restic]\n',
      'roles/web/tasks/main.yml': '[]\n',
      'roles/you.proxy': '',
      'roles/install/restic': '',
      shared: '',
      'plugins/one': '../shared/one',
      'plugins/two.json': '../shared/two.json',
    },
    modes: {
      'roles/you.proxy': '160000',
      'roles/install/restic': '160000',
      shared: '160000',
      'plugins/one': '120000',
      'plugins/two.json': '120000',
    },
  });
  const { report } = await runAudit({
    target,
    siblings: {},
    now: NOW,
    gates: gates.filter(({ own }) => own?.lane === 'basics'),
    defaultRegistry: { gates: [], lanes: [] },
    governance: 'none',
  });
  const judged = report.gates.filter(({ verdict }) => verdict !== 'skip');
  expect(judged.map(({ number, verdict }) => `${number} ${verdict}`)).toEqual(['B1 pass', 'B2 pass', 'B6 pass']);
});
